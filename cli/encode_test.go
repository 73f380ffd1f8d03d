package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"testing"
)

// What is printed is laid out as encoding/json does it, and means the same.
func TestJSONIsLaidOutAsUsual(t *testing.T) {
	for _, v := range []any{
		nil, true, 1.5, "", `a "quoted\" text\`, "a,b:{c}[d]", []any{}, map[string]any{}, []any{[]any{}, map[string]any{"a": []any{}}},
		map[string]any{"a": 1, "b": []any{1, "x", nil}, "c": map[string]any{"d": "e\\", "f": "\\\""}}, "<&>", "größer 😀",
		struct {
			A string   `json:"a"`
			B []int    `json:"b"`
			C []string `json:"c"`
			D any      `json:"d"`
			E []struct {
				F []int `json:"f"`
			} `json:"e"`
		}{"x", []int{1, 2}, []string{}, map[string]any{"y": []int{3}}, []struct {
			F []int `json:"f"`
		}{{[]int{4}}, {nil}}},
	} {
		want := bytes.Buffer{}
		enc := json.NewEncoder(&want)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(v); err != nil {
			t.Fatal(err)
		}
		got, err := encodeJSON(v)
		if err != nil || string(got) != want.String() {
			t.Errorf("got %s, want %s (%v)", got, want.String(), err)
		}
	}
}

func TestJSONHoldsNothingThatControlsATerminal(t *testing.T) {
	hostile := "\x1b[2J\u009b\u202e\u0085\u2028\U000e0041\ufeff\x7f\n\t"
	got, err := encodeJSON([]string{hostile})
	if err != nil {
		t.Fatal(err)
	}
	if i := slices.IndexFunc([]rune(string(got)), func(r rune) bool { return r != '\n' && (r < ' ' || r > '~') }); i >= 0 {
		t.Errorf("got %q", got)
	}
	var back []string
	if err := json.Unmarshal(got, &back); err != nil || back[0] != hostile {
		t.Errorf("back %q, %v", back, err)
	}
}

// TestALongListIsLaidOutInOrder: it is laid out in parts, on several processors.
func TestALongListIsLaidOutInOrder(t *testing.T) {
	numbers := make([]int, 10*span+7)
	for i := range numbers {
		numbers[i] = i
	}
	made := list{len(numbers), func(i int) any { return numbers[i] }}
	want, err := json.MarshalIndent(map[string]any{"a": numbers, "b": numbers, "c": "end"}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	v := struct {
		A []int  `json:"a"`
		B list   `json:"b"`
		C string `json:"c"`
	}{numbers, made, "end"}
	got, err := encodeJSON(v)
	if err != nil || string(got) != string(want)+"\n" {
		t.Errorf("got %s (%v)", got, err)
	}
	inside, err := encodeJSON([]any{made})
	if err != nil || !bytes.HasSuffix(inside, []byte("646\n  ]\n]\n")) {
		t.Errorf("as a value among others: %s (%v)", inside, err)
	}
}

// TestWritingEndsWithTheReader: whoever reads may stop in the middle of a long list.
func TestWritingEndsWithTheReader(t *testing.T) {
	full := errors.New("nobody reads")
	for enough := range 30 {
		to := writerFunc(func(p []byte) (int, error) {
			if enough--; enough < 0 {
				return 0, full
			}
			return len(p), nil
		})
		err := writeJSON(to, struct {
			A []int `json:"a"`
		}{make([]int, 10*span)})
		if (err != nil) != (enough < 0) || err != nil && !errors.Is(err, full) {
			t.Errorf("error %v with %d left", err, enough)
		}
	}
}
