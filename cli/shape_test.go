package cli

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"sidestep/salesforce"
)

// byTheLibrary is what encoding/json makes of v.
func byTheLibrary(t *testing.T, v any) string {
	t.Helper()
	var want bytes.Buffer
	enc := json.NewEncoder(&want)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return want.String()
}

// filled puts something else into each field of v, and two elements into each list;
// with nothing, into none.
func filled(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString(strings.Repeat("x", *n%7) + `"<&>\`)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(int64(*n))
	case reflect.Float64:
		v.SetFloat(float64(*n) / 4)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		filled(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		filled(v.Index(0), n)
		filled(v.Index(1), n)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Unix(int64(*n)*1e8, 5).UTC()))
			return
		}
		for i := range v.NumField() {
			if v.Field(i).CanSet() || v.Type().Field(i).Anonymous {
				filled(v.Field(i), n)
			}
		}
	}
}

// TestWhatIsPrintedIsWhatEncodingJSONPrints: of everything that stands in a list.
func TestWhatIsPrintedIsWhatEncodingJSONPrints(t *testing.T) {
	for _, v := range []any{&messageJSON{}, &endpointJSON{}, &nowhereJSON{}, &salesforce.Problem{}, &salesforce.Source{}} {
		for range 2 {
			got, err := encodeJSON(v)
			if want := byTheLibrary(t, v); err != nil || string(got) != want {
				t.Errorf("%T: got %s, want %s (%v)", v, got, want, err)
			}
			n := 0
			filled(reflect.ValueOf(v).Elem(), &n)
		}
	}
}

// TestMessagesAreNotLeftToEncodingJSON: of the lists theirs is the long one.
func TestMessagesAreNotLeftToEncodingJSON(t *testing.T) {
	for _, typ := range []reflect.Type{reflect.TypeFor[messageJSON](), reflect.TypeFor[endpointJSON](), reflect.TypeFor[nowhereJSON]()} {
		if shapeOf(typ).kind != reflect.Struct {
			t.Errorf("%v is", typ)
		}
	}
}

type inner struct {
	A int `json:"a"`
}

// Inner is a struct that others embed, Word something else that they do.
type (
	Inner struct {
		C int `json:"c"`
	}
	Word string
)

// TestOddFieldsAreWrittenAsEncodingJSONWritesThem: of an embedded struct in its place,
// unless it has a name of its own; what is no struct under its name; some not at all.
func TestOddFieldsAreWrittenAsEncodingJSONWritesThem(t *testing.T) {
	for _, v := range []any{
		struct {
			Inner
			B int `json:"b"`
		}{Inner{1}, 2},
		struct {
			Inner `json:"in"`
			B     int `json:"b"`
		}{Inner{1}, 2},
		struct {
			Inner `json:"-"`
			B     int `json:"b"`
		}{Inner{1}, 2},
		struct {
			*Inner `json:"in"`
			B      int `json:"b"`
		}{nil, 2},
		struct {
			Word
			B int `json:"b"`
		}{"said", 2},
		struct {
			Word `json:"word"`
			B    int `json:"b"`
		}{"said", 2},
		struct {
			spoken
			B int `json:"b"`
		}{"said", 2},
		struct {
			any
			B int `json:"b"`
		}{Inner{1}, 2},
		struct {
			A int `json:"-"`
			B int `json:"b"`
		}{1, 2},
		// Written out, vet would find the first field to be of no use.
		reflect.Zero(reflect.StructOf([]reflect.StructField{
			{Name: "a", PkgPath: "sidestep/cli", Type: reflect.TypeFor[int](), Tag: `json:"a"`},
			{Name: "B", Type: reflect.TypeFor[int](), Tag: `json:"b"`},
		})).Interface(),
	} {
		got, err := encodeJSON(v)
		if want := byTheLibrary(t, v); err != nil || string(got) != want {
			t.Errorf("%T: got %s, want %s (%v)", v, got, want, err)
		}
		// Within a list a struct is laid out by its shape, not field by field.
		got, err = encodeJSON([]any{v})
		if want := byTheLibrary(t, []any{v}); err != nil || string(got) != want {
			t.Errorf("in a list, %T: got %s, want %s (%v)", v, got, want, err)
		}
	}
}

// within holds itself.
type within struct {
	Next *within `json:"next"`
}

// spoken writes itself.
type spoken string

func (s spoken) MarshalText() ([]byte, error) { return []byte("said " + s), nil }

// TestRulesOfEncodingJSONHold: where a type needs more than its fields in a row.
func TestRulesOfEncodingJSONHold(t *testing.T) {
	for _, v := range []any{
		struct {
			inner
			A int `json:"a"`
		}{inner{1}, 2},
		struct {
			inner `json:"in"`
			B     int `json:"b"`
		}{inner{1}, 2},
		struct {
			*inner
			B int `json:"b"`
		}{&inner{1}, 2},
		struct {
			inner
			B int `json:"b"`
		}{inner{1}, 2},
		[]any{struct {
			A int    `json:"a,omitempty"`
			B string `json:"-"`
			C bool
			d int
			E int `json:"e,string"`
		}{d: 1}, struct{}{}, &struct{}{}},
		within{&within{}}, spoken("x"), []spoken{"x"}, map[spoken]spoken{"a": "b"}, []byte("bytes"), []json.RawMessage{[]byte(`{"a":[1]}`)},
		[]float64{0, 52, 0.1, 1e-7, -1e-6, 1e20, 1e21, -3e300, math.Copysign(0, -1)}, []float32{0.1}, []int64{1 << 60},
		[]*int{nil, new(int)}, []any{nil, "", time.Unix(1, 2), []string(nil), []string{}, (*inner)(nil), [2]int{1, 2}},
		[]string{"plain", "\xff", "a\u2028b", "é\x00\x1f\n", `\"`, "😀"},
	} {
		got, err := encodeJSON(v)
		if want := string(appendPrintable(nil, []byte(byTheLibrary(t, v)))); err != nil || strings.ReplaceAll(string(got), "\n", `\u000a`) != want {
			t.Errorf("%T: got %s, want %s (%v)", v, got, want, err)
		}
	}
	for _, v := range []any{math.NaN(), []any{func() {}}, struct {
		A []chan int `json:"a"`
		B int        `json:"b"`
	}{A: make([]chan int, 1)}} {
		if _, err := encodeJSON(v); err == nil {
			t.Errorf("%T can't be written, and no error says so", v)
		}
	}
}
