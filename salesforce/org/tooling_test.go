package org

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// tooling makes a hook of an org that lets its user read through the Tooling API
// alone. answer may take over.
func (f *fakeOrg) tooling(answer func(w http.ResponseWriter, r *http.Request, body string) bool) {
	f.hook = func(w http.ResponseWriter, r *http.Request, body string) bool {
		switch {
		case strings.Contains(r.URL.Path, "/Soap/"):
			fault(w, "INSUFFICIENT_ACCESS", "use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions")
		case answer != nil && answer(w, r, body):
		case strings.Contains(r.URL.Path, "/tooling/query"):
			fmt.Fprint(w, rowsAnswer(f.names, 0, len(f.names), ""))
		case strings.HasSuffix(r.URL.Path, "/tooling/composite"):
			fmt.Fprint(w, compositeAnswer(f.names, body))
		default:
			return false
		}
		return true
	}
}

func rowID(i int) string { return id18(fmt.Sprintf("04k5g%010d", i)) }

func rowsAnswer(names []string, from, to int, next string) string {
	type record struct{ ID, Name, ManageableState, CreatedDate, LastModifiedDate string }
	answer := map[string]any{"totalSize": len(names), "done": next == "", "records": []record{}}
	if next != "" {
		answer["nextRecordsUrl"] = next
	}
	var records []record
	for i := range names[from:to] {
		records = append(records, record{rowID(from + i), "Label", "unmanaged", "2021-05-04T08:00:00.000+0000", "2025-11-02T09:12:44.000+0000"})
	}
	answer["records"] = records
	data, _ := json.Marshal(answer)
	return string(data)
}

func compositeAnswer(names []string, body string) string {
	var parts []string
	for i, name := range names {
		if !strings.Contains(body, "/"+rowID(i)+`"`) {
			continue
		}
		parts = append(parts, fmt.Sprintf(`{"body":{"Id":%q,"FullName":%q,"Metadata":{"apiVersion":60.0,"description":null,"endpointUrl":"https://hooks.example.com/sf","fields":["Id"],"includeSessionId":false,"integrationUser":"ann@acme.example","name":"Label","protected":false,"urls":null,"useDeadLetterQueue":false}},"httpHeaders":{},"httpStatusCode":200,"referenceId":%q}`,
			rowID(i), name, "m"+rowID(i)))
	}
	return `{"compositeResponse":[` + strings.Join(parts, ",") + `]}`
}

func TestToolingReadsWhatTheMetadataAPIRefuses(t *testing.T) {
	for _, n := range []int{1, 25, 26, 200} {
		org := newFakeOrg(t, n)
		org.tooling(nil)
		notes := ""
		found, err := org.client(Options{}).Scan(t.Context(), func(p Progress) { notes += p.Note })
		if err != nil || len(found.Messages) != n || !found.Source.Complete || found.Messages[n-1].Key() != org.names[n-1] {
			t.Fatalf("%d: %v, %d messages, %v", n, err, len(found.Messages), found.Problems)
		}
		if m := found.Messages[0]; m.ID != rowID(0) || m.ModifiedAt.IsZero() || m.IncludeSessionID == nil || m.EndpointURL == "" || m.ManageableState != "unmanaged" {
			t.Errorf("read as %+v", m)
		}
		if calls := 5 + (n+24)/25; found.Source.Calls != calls {
			t.Errorf("%d messages took %d calls, want %d", n, found.Source.Calls, calls)
		}
		// The right is named as Setup names it, and what is missing without it.
		why := found.Problems[0].Message
		for _, part := range []string{"Tooling API", "Modify Metadata Through Metadata API Functions", "does not tell what fires", "backup"} {
			if !strings.Contains(why, part) {
				t.Errorf("%q does not say %q", why, part)
			}
		}
		if len(found.Problems) != 1 || !strings.Contains(notes, "Tooling API") {
			t.Errorf("problems %v, progress %q", found.Problems, notes)
		}
	}
}

// JWT-format tokens never reach SOAP, which refuses them as expired.
func TestJWTTokenIsNamedBeforeItIsSent(t *testing.T) {
	org := newFakeOrg(t, 2)
	org.tooling(nil)
	token := org.signedIn()
	token.Access = "eyJhbGciOiJSUzI1NiJ9.e30.x"
	org.token.Store(token.Access)
	found, err := New(token, Options{}).Scan(t.Context(), nil)
	if err != nil || len(found.Messages) != 2 || !strings.Contains(found.Problems[0].Message, "Issue JWT-based access tokens") {
		t.Errorf("%v, %+v", err, found)
	}
	if org.asked("Soap") != 0 {
		t.Error("the token was sent")
	}
	org.names = nil
	if _, err := New(token, Options{}).Scan(t.Context(), nil); !errors.Is(err, ErrJWT) {
		t.Errorf("where the Tooling API does not help: %v", err)
	}
}

// Threat "incomplete answer taken as complete", for the Tooling API.
func TestToolingNeverTakesAPartForTheWhole(t *testing.T) {
	const path = "/services/data/v66.0/tooling/query/01g5g000000AbCd-2000"
	second := func(answer func(w http.ResponseWriter)) func(http.ResponseWriter, *http.Request, string, []string) bool {
		return func(w http.ResponseWriter, r *http.Request, _ string, names []string) bool {
			switch {
			case r.URL.Path == path:
				answer(w)
			case strings.Contains(r.URL.Path, "/tooling/query"):
				fmt.Fprint(w, rowsAnswer(names, 0, 20, path))
			default:
				return false
			}
			return true
		}
	}
	first := func(next string, total int) func(http.ResponseWriter, *http.Request, string, []string) bool {
		return func(w http.ResponseWriter, r *http.Request, _ string, names []string) bool {
			if !strings.Contains(r.URL.Path, "/tooling/query") {
				return false
			}
			fmt.Fprint(w, strings.Replace(rowsAnswer(names, 0, 20, next), `"totalSize":30`, fmt.Sprintf(`"totalSize":%d`, total), 1))
			return true
		}
	}
	composite := func(text string) func(http.ResponseWriter, *http.Request, string, []string) bool {
		return func(w http.ResponseWriter, r *http.Request, body string, names []string) bool {
			if !strings.HasSuffix(r.URL.Path, "/composite") {
				return false
			}
			if text != "" {
				fmt.Fprint(w, text)
				return true
			}
			fmt.Fprint(w, strings.ReplaceAll(compositeAnswer(names, body), rowID(3), rowID(99)))
			return true
		}
	}
	for name, c := range map[string]struct {
		answer   func(http.ResponseWriter, *http.Request, string, []string) bool
		messages int
		says     string
	}{
		"page 2 fails":         {second(func(w http.ResponseWriter) { restError(w, 400, "INVALID_QUERY_LOCATOR") }), 20, "30 outbound messages and named 20"},
		"page 2 is a page":     {second(func(w http.ResponseWriter) { fmt.Fprint(w, "<html>") }), 20, "named 20"},
		"page 2 elsewhere":     {first("https://evil.test/services/data/x", 30), 20, "leads elsewhere"},
		"page 2 missing":       {first("/", 30), 20, "leads elsewhere"},
		"totalSize too large":  {first("", 30), 20, "30 outbound messages and named 20"},
		"one is not answered":  {composite(""), 29, "was not read"},
		"too many subrequests": {composite(`{"compositeResponse":[{"body":[{"message":"no","errorCode":"LIMIT_EXCEEDED"}],"httpStatusCode":400,"referenceId":null}]}`), 0, "LIMIT_EXCEEDED"},
		"empty":                {composite(`{}`), 0, "was not read"},
	} {
		t.Run(name, func(t *testing.T) {
			org := newFakeOrg(t, 30)
			org.tooling(func(w http.ResponseWriter, r *http.Request, body string) bool { return c.answer(w, r, body, org.names) })
			found, err := org.client(Options{}).Scan(t.Context(), nil)
			if err != nil || found.Source.Complete || len(found.Messages) != c.messages {
				t.Fatalf("%v, complete %v, %d messages, %v", err, found.Source.Complete, len(found.Messages), found.Problems)
			}
			if all := fmt.Sprint(unnoticed(found)); !strings.Contains(all, c.says) {
				t.Errorf("problems %s", all)
			}
		})
	}
	t.Run("page 2 arrives", func(t *testing.T) {
		org := newFakeOrg(t, 30)
		answer := second(func(w http.ResponseWriter) { fmt.Fprint(w, rowsAnswer(org.names, 20, 30, "")) })
		org.tooling(func(w http.ResponseWriter, r *http.Request, body string) bool { return answer(w, r, body, org.names) })
		found, err := org.client(Options{}).Scan(t.Context(), nil)
		if err != nil || !found.Source.Complete || len(found.Messages) != 30 {
			t.Errorf("%v, %d messages, %v", err, len(found.Messages), found.Problems)
		}
	})
}

func TestDefinitionsWithoutNameOrBody(t *testing.T) {
	for _, body := range []string{`{}`, `{"FullName":"Account.X"}`, `{"FullName":"X","Metadata":{}}`, `{"FullName":".X","Metadata":{}}`, `{"FullName":"X.","Metadata":{}}`, `[]`, `{"FullName":"A.X","Metadata":{"fields":7}}`} {
		if m, err := (subresponse{Body: json.RawMessage(body), Status: 200}).definition(); err == nil {
			t.Errorf("%s: %+v", body, m)
		}
	}
}

func FuzzDefinition(f *testing.F) {
	f.Add([]byte(`{"FullName":"Account.X","Metadata":{"apiVersion":60.0,"fields":["Id"],"includeSessionId":true}}`))
	f.Add([]byte(`[{"message":"x","errorCode":"Y"}]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		m, err := subresponse{Body: body, Status: 200}.definition()
		if err == nil && (m.Object == "" || m.FullName == "" || strings.Contains(m.FullName, ".")) {
			t.Errorf("%q: %+v", body, m)
		}
	})
}
