package demoorg

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func compositeOf(t *testing.T, s *Server, allOrNone bool, urls ...string) (answer, compositeResponse) {
	t.Helper()
	req := compositeRequest{AllOrNone: allOrNone}
	for i, u := range urls {
		req.Requests = append(req.Requests, subrequest{"GET", u, fmt.Sprintf("m%d", i)})
	}
	body, err := json.Marshal(req)
	if err != nil {
		t.Fatal(err)
	}
	r := newRequest(t, "POST", s.URL()+"/services/data/v66.0/tooling/composite", string(body))
	r.Header.Set("Authorization", "Bearer "+s.Token())
	r.Header.Set("Content-Type", "application/json")
	a := do(t, r)
	var out compositeResponse
	if a.status == 200 {
		decode(t, a.body, &out)
	}
	return a, out
}

func TestCompositeReadsTwentyFiveAndNoMore(t *testing.T) {
	s := start(t, Options{Messages: 30})
	var urls []string
	for _, m := range s.org.messages {
		urls = append(urls, "/services/data/v66.0/tooling/sobjects/WorkflowOutboundMessage/"+m.ID)
	}
	calls := s.usage.calls.Load()
	_, out := compositeOf(t, s, false, urls[:25]...)
	if len(out.Responses) != 25 || s.usage.calls.Load() != calls+1 {
		t.Errorf("%d answers for %d calls", len(out.Responses), s.usage.calls.Load()-calls)
	}
	for i, r := range out.Responses {
		if r.Status != 200 || *r.ReferenceID != fmt.Sprintf("m%d", i) || r.Body.(map[string]any)["Id"] != s.org.messages[i].ID {
			t.Errorf("answer %d: %+v", i, r)
		}
	}
	a, out := compositeOf(t, s, false, urls[:26]...)
	if len(out.Responses) != 1 || out.Responses[0].Status != 400 || !strings.Contains(a.body, "LIMIT_EXCEEDED") {
		t.Errorf("26 subrequests: %s", a.body)
	}
	var queries []string
	for range 6 {
		queries = append(queries, "/services/data/v66.0/tooling/query?q=SELECT+COUNT()+FROM+Flow")
	}
	if _, out := compositeOf(t, s, false, queries[:5]...); len(out.Responses) != 5 || out.Responses[4].Status != 200 {
		t.Errorf("5 queries: %+v", out)
	}
	if a, out := compositeOf(t, s, false, queries...); len(out.Responses) != 1 || !strings.Contains(a.body, "LIMIT_EXCEEDED") {
		t.Errorf("6 queries: %s", a.body)
	}
}

func TestCompositeTellsEachFailureInItsPlace(t *testing.T) {
	s := start(t, Options{})
	good := "/services/data/v66.0/tooling/sobjects/WorkflowOutboundMessage/" + s.org.messages[0].ID
	urls := []string{good, "/services/data/v66.0/tooling/sobjects/WorkflowOutboundMessage/04k5g0000000000AAA", "/services/data/v65.0/tooling/query?q=x", "https://elsewhere.example/services/data/v66.0/tooling/limits"}
	_, out := compositeOf(t, s, false, urls...)
	var got []int
	for _, r := range out.Responses {
		got = append(got, r.Status)
	}
	if fmt.Sprint(got) != "[200 404 404 404]" {
		t.Errorf("got %v", got)
	}
	_, out = compositeOf(t, s, true, urls[:2]...)
	if out.Responses[0].Status != 400 || !strings.Contains(fmt.Sprint(out.Responses[0].Body), "PROCESSING_HALTED") {
		t.Errorf("all or none: %+v", out.Responses[0])
	}
	a, _ := compositeOf(t, s, false)
	wantError(t, a, 400, "JSON_PARSER_ERROR", "")
}
