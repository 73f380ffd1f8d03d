package demoorg

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

const readOne = "<m:readMetadata><m:type>WorkflowOutboundMessage</m:type><m:fullNames>Quote.Quote_Approved</m:fullNames></m:readMetadata>"

// allUsers are the seven that the org has had for years.
const allUsers = "/services/data/v66.0/query?q=SELECT+Id+FROM+User+WHERE+CreatedDate+%3C+2026-01-01T00:00:00Z"

func TestRefusalsComeInTheWayOfTheAPIThatWasAsked(t *testing.T) {
	for name, c := range map[string]struct {
		play    Play
		status  int
		code    string
		message string
	}{
		"expired":     {ExpiredSession(), 401, "INVALID_SESSION_ID", "Session expired or invalid"},
		"limit":       {LimitExceeded(), 403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."},
		"no right":    {Refuse(403, "INSUFFICIENT_ACCESS", "insufficient access rights on cross-reference id"), 403, "INSUFFICIENT_ACCESS", "insufficient access"},
		"not visible": {Refuse(400, "INVALID_TYPE", "sObject type 'User' is not supported."), 400, "INVALID_TYPE", "not supported"},
		"no API":      {Refuse(403, "API_DISABLED_FOR_ORG", "API is not enabled for this Organization or Partner"), 403, "API_DISABLED_FOR_ORG", "not enabled"},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, Options{Faults: []Fault{{Play: c.play}}})
			a := get(t, s, allUsers)
			wantError(t, a, c.status, c.code, c.message)
			if usage := a.header.Get("Sforce-Limit-Info"); (usage == "api-usage=100000/100000") != (name == "limit") {
				t.Errorf("Sforce-Limit-Info: %q", usage)
			}
			wantFault(t, name, soapCall(t, s, "66.0", readOne), "sf:"+c.code)
			if a := get(t, s, "/services/data/"); a.status != 200 {
				t.Errorf("the list of versions answers %d", a.status)
			}
		})
	}
}

func TestFaultsKnowCallsByNameAndCount(t *testing.T) {
	s := start(t, Options{Faults: []Fault{
		{On: "readMetadata", Times: 2, Play: ExpiredSession()},
		{On: "tooling/query", Play: Refuse(403, "INSUFFICIENT_ACCESS", "no")},
		{On: "token/refresh_token", Times: 1, Play: Refuse(400, "invalid_grant", "inactive user")},
		{On: "versions", Play: HTML(503, "7")},
	}})
	for i, want := range []int{500, 500, 200, 200} {
		if a := soapCall(t, s, "66.0", readOne); a.status != want {
			t.Errorf("read %d answers %d, want %d", i+1, a.status, want)
		}
	}
	if len(listed(t, s, "WorkflowOutboundMessage")) != 18 {
		t.Error("a fault of readMetadata reached listMetadata")
	}
	if a := get(t, s, allUsers); a.status != 200 {
		t.Errorf("plain query: %d", a.status)
	}
	if a := get(t, s, "/services/data/v66.0/tooling/query?q=SELECT+Id+FROM+Flow"); a.status != 403 {
		t.Errorf("tooling query: %d", a.status)
	}
	if a := get(t, s, "/services/data"); a.status != 503 || a.header.Get("Retry-After") != "7" {
		t.Errorf("versions: %d, Retry-After %q", a.status, a.header.Get("Retry-After"))
	}
	tok := signedIn(t, s)
	again := url.Values{"grant_type": {"refresh_token"}, "client_id": {ClientID}, "refresh_token": {tok.RefreshToken}}
	wantOAuthError(t, postForm(t, tokenURL(s), again), "invalid_grant", "inactive user")
	tokensOf(t, postForm(t, tokenURL(s), again))
}

func TestFaultsCombine(t *testing.T) {
	s := start(t, Options{Faults: []Fault{{On: "query", Play: LostRow()}, {On: "query", Times: 1, Play: HTML(200, "")}}})
	if a := get(t, s, allUsers); a.status != 200 || !strings.HasPrefix(a.body, "<html>") || a.header.Get("Content-Type") != "text/html; charset=UTF-8" {
		t.Errorf("%d %s", a.status, a.body)
	}
	if total, rows := rowsOf(t, get(t, s, allUsers)); total != 7 || rows != 6 {
		t.Errorf("%d of %d rows", rows, total)
	}
}

// rowsOf counts a page of a query.
func rowsOf(t *testing.T, a answer) (total, rows int) {
	t.Helper()
	var p struct {
		TotalSize int              `json:"totalSize"`
		Records   []map[string]any `json:"records"`
	}
	if err := json.Unmarshal([]byte(a.body), &p); err != nil || a.status != 200 {
		t.Fatalf("%d %v %s", a.status, err, a.body)
	}
	return p.TotalSize, len(p.Records)
}

func TestUnrestHasItsStatusAndItsWish(t *testing.T) {
	for _, status := range []int{420, 429, 502, 503} {
		s := start(t, Options{Faults: []Fault{{Times: 1, Play: HTML(status, "2")}}})
		if a := get(t, s, allUsers); a.status != status || a.header.Get("Retry-After") != "2" || !strings.Contains(a.body, "<html>") {
			t.Errorf("%d: %d %v", status, a.status, a.header)
		}
		if a := soapCall(t, s, "66.0", readOne); a.status != 200 {
			t.Errorf("%d: the next call answers %d", status, a.status)
		}
	}
}

func TestCutAnswersAreNoLongerWhatTheySay(t *testing.T) {
	s := start(t, Options{Faults: []Fault{{On: "query", Play: Cut()}, {On: "readMetadata", Play: Cut()}, {On: "limits", Play: CutGzip()}}})
	if a := get(t, s, allUsers); a.status != 200 || !strings.HasPrefix(a.body, `{"totalSize":7`) || json.Valid([]byte(a.body)) {
		t.Errorf("JSON: %d %s", a.status, a.body)
	}
	if a := soapCall(t, s, "66.0", readOne); a.status != 200 || !strings.Contains(a.body, "<soapenv:Body>") || strings.Contains(a.body, "</soapenv:Envelope>") {
		t.Errorf("XML: %d %s", a.status, a.body)
	}
	if _, err := readOut(t, s, "/services/data/v66.0/limits"); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("gzip: %v", err)
	}
}

// readOut is get for answers that don't end well.
func readOut(t *testing.T, s *Server, path string) (string, error) {
	t.Helper()
	req := newRequest(t, "GET", s.URL()+path, "")
	req.Header.Set("Authorization", "Bearer "+s.Token())
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return string(body), err
}

func TestHangUpBreaksTheConnection(t *testing.T) {
	s := start(t, Options{Faults: []Fault{{On: "query", Times: 1, Play: HangUp()}}})
	if body, err := readOut(t, s, allUsers); !errors.Is(err, io.ErrUnexpectedEOF) || !strings.HasPrefix(body, `{"totalSize":7`) {
		t.Errorf("%q, %v", body, err)
	}
	if body, err := readOut(t, s, allUsers); err != nil || !json.Valid([]byte(body)) {
		t.Errorf("%q, %v", body, err)
	}
}

func TestStallEndsWithTheClient(t *testing.T) {
	left := make(chan struct{})
	s := start(t, Options{Faults: []Fault{{On: "query", Play: func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		defer close(left)
		Stall()(w, r, next)
	}}}})
	ctx, cancel := context.WithCancel(t.Context())
	req := newRequest(t, "GET", s.URL()+allUsers, "").WithContext(ctx)
	req.Header.Set("Authorization", "Bearer "+s.Token())
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	first := make([]byte, 14)
	if _, err := io.ReadFull(resp.Body, first); err != nil || string(first) != `{"totalSize":7` {
		t.Fatalf("%q, %v", first, err)
	}
	cancel()
	if _, err := io.ReadAll(resp.Body); !errors.Is(err, context.Canceled) {
		t.Errorf("the rest came: %v", err)
	}
	<-left
}

func TestSlowDelaysOnlyItsCall(t *testing.T) {
	s := start(t, Options{Faults: []Fault{{On: "query", Play: Slow(time.Hour)}}})
	if a := get(t, s, "/services/data/v66.0/limits"); a.status != 200 {
		t.Errorf("limits: %d", a.status)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := http.DefaultClient.Do(newRequest(t, "GET", s.URL()+allUsers, "").WithContext(ctx)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the query was answered: %v", err)
	}
}

func TestSecondPageCanBeMissing(t *testing.T) {
	s := start(t, Options{Messages: 2500, Faults: []Fault{{On: "tooling/query/*", Play: Refuse(400, "INVALID_QUERY_LOCATOR", "invalid query locator")}}})
	a := get(t, s, "/services/data/v66.0/tooling/query?q=SELECT+Id+FROM+WorkflowOutboundMessage")
	if total, rows := rowsOf(t, a); total != 2500 || rows != 2000 {
		t.Fatalf("%d of %d rows", rows, total)
	}
	var p struct {
		Next string `json:"nextRecordsUrl"`
	}
	if err := json.Unmarshal([]byte(a.body), &p); err != nil {
		t.Fatal(err)
	}
	wantError(t, get(t, s, p.Next), 400, "INVALID_QUERY_LOCATOR", "")
}

func TestRetrieveCanLoseAFileOrEndInPart(t *testing.T) {
	whole := start(t, Options{})
	_, want := retrieved(t, whole, members("Workflow", "*"))
	s := start(t, Options{Faults: []Fault{
		{On: "checkRetrieveStatus", Play: LostFile("Quote.workflow")},
		{On: "checkRetrieveStatus", Play: PartialRetrieve()},
	}})
	_, r := retrieved(t, s, members("Workflow", "*"))
	files, all := unzip(t, r.ZipFile), unzip(t, want.ZipFile)
	if len(files) != len(all)-1 || files["unpackaged/workflows/Quote.workflow"] != "" || files["unpackaged/workflows/Order.workflow"] != all["unpackaged/workflows/Order.workflow"] {
		t.Errorf("%d of %d files", len(files), len(all))
	}
	listsQuote := func(p fileProperties) bool { return p.FullName == "Quote" }
	if len(r.FileProperties) != len(files) || slices.ContainsFunc(r.FileProperties, listsQuote) || !slices.ContainsFunc(want.FileProperties, listsQuote) {
		t.Errorf("%d properties", len(r.FileProperties))
	}
	if r.Status != "SucceededPartial" || want.Status != "Succeeded" {
		t.Errorf("status %s, %s without the fault", r.Status, want.Status)
	}
}

func TestOrgCanMove(t *testing.T) {
	new := start(t, Options{})
	old := start(t, Options{Faults: []Fault{{On: "token/refresh_token", Play: MovedTo(new.URL())}, {Play: RedirectTo(new.URL())}}})
	tok := signedIn(t, old)
	if tok.InstanceURL != old.URL() {
		t.Errorf("signed in at %s", tok.InstanceURL)
	}
	moved := tokensOf(t, postForm(t, tokenURL(old), url.Values{"grant_type": {"refresh_token"}, "client_id": {ClientID}, "refresh_token": {tok.RefreshToken}}))
	if moved.InstanceURL != new.URL() || moved.AccessToken == "" {
		t.Errorf("refreshed at %s", moved.InstanceURL)
	}
	if a := get(t, old, allUsers); a.status != 301 || a.header.Get("Location") != new.URL()+allUsers {
		t.Errorf("%d to %s", a.status, a.header.Get("Location"))
	}
}

func TestExpiredSessionsComeBackWithARefresh(t *testing.T) {
	s := start(t, Options{Rotate: true})
	tok := signedIn(t, s)
	s.ExpireSessions()
	if a := asUser(t, s, tok.AccessToken); a.status != 401 {
		t.Errorf("an expired session gets %d", a.status)
	}
	refresh := url.Values{"grant_type": {"refresh_token"}, "client_id": {ClientID}, "refresh_token": {tok.RefreshToken}}
	renewed := tokensOf(t, postForm(t, tokenURL(s), refresh))
	if a := asUser(t, s, renewed.AccessToken); a.status != 200 {
		t.Errorf("a renewed session gets %d", a.status)
	}
	// The old refresh token was rotated away: using it again ends the family.
	wantOAuthError(t, postForm(t, tokenURL(s), refresh), "invalid_grant", "expired access/refresh token")
	if a := asUser(t, s, renewed.AccessToken); a.status != 401 {
		t.Errorf("the family lives on: %d", a.status)
	}
	refresh.Set("refresh_token", renewed.RefreshToken)
	wantOAuthError(t, postForm(t, tokenURL(s), refresh), "invalid_grant", "expired access/refresh token")
}

func asUser(t *testing.T, s *Server, token string) answer {
	t.Helper()
	req := newRequest(t, "GET", s.URL()+allUsers, "")
	req.Header.Set("Authorization", "Bearer "+token)
	return do(t, req)
}
