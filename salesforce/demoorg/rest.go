package demoorg

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// The API versions that the org offers. 21 to 30 were retired in Summer '25
// (API end-of-life policy); everything older went before.
const (
	oldestAPI = 31
	newestAPI = 67
)

// dailyRequests is the org's allowance of API calls in 24 hours.
const dailyRequests = 100_000

// usage counts API calls.
type usage struct{ calls atomic.Int64 }

func (u *usage) header() string { return fmt.Sprintf("api-usage=%d/%d", u.calls.Load(), dailyRequests) }

// restError is one refusal of the REST APIs, which answer with an array of them.
type restError struct {
	Message string `json:"message"`
	Code    string `json:"errorCode"`
}

// reply is what a REST resource answers: composite wraps several into one.
type reply struct {
	status int
	body   any
}

func refuse(status int, code, message string) reply {
	return reply{status, []restError{{message, code}}}
}

func notFound() reply {
	return refuse(http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
}

func (rp reply) write(w http.ResponseWriter) {
	if rp.status == http.StatusNoContent {
		w.WriteHeader(rp.status)
		return
	}
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.Header().Set("Cache-Control", "no-cache,must-revalidate,max-age=0,no-store,private")
	if rp.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Token")
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(rp.body); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.WriteHeader(rp.status)
	_, _ = b.WriteTo(w)
}

// timestamp is how the REST APIs write a time.
func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000+0000") }

// apiVersion is one entry of the list of versions.
type apiVersion struct {
	Label   string `json:"label"`
	URL     string `json:"url"`
	Version string `json:"version"`
}

// versions needs no token (REST guide, "List Available REST API Versions").
func (s *Server) versions(w http.ResponseWriter, _ *http.Request) {
	var list []apiVersion
	for v := oldestAPI; v <= newestAPI; v++ {
		text := strconv.Itoa(v) + ".0"
		// Three releases a year: 65.0 is Winter '26, 66.0 Spring '26, 67.0 Summer '26.
		label := fmt.Sprintf("%s '%02d", []string{"Spring", "Summer", "Winter"}[v%3], (v+1)/3+4)
		list = append(list, apiVersion{label, "/services/data/v" + text, text})
	}
	reply{http.StatusOK, list}.write(w)
}

var versionForm = regexp.MustCompile(`^v(\d{1,3})\.0$`)

// knownVersion reads an API version out of an address: 0 is none at all, a
// negative one is retired.
func knownVersion(text string) int {
	m := versionForm.FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1])
	switch {
	case n > newestAPI || n == 0:
		return 0
	case n < oldestAPI:
		return -n
	}
	return n
}

// rest answers everything below /services/data/.
func (s *Server) rest(w http.ResponseWriter, r *http.Request) {
	s.usage.calls.Add(1)
	w.Header().Set("Sforce-Limit-Info", s.usage.header())
	text, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, restRoot), "/")
	g, rp := s.authorized(r, text)
	if rp != nil {
		rp.write(w)
		return
	}
	path = strings.TrimSuffix(path, "/")
	c := call{method: r.Method, version: text, path: path, query: r.URL.Query(), batch: batchSize(r.Header), user: g.user}
	s.noteCall(r, g, "REST", strings.TrimPrefix(text, "v"), "/"+text+"/"+path, s.restCall(w, r, c))
}

// restCall answers a call and says with which status.
func (s *Server) restCall(w http.ResponseWriter, r *http.Request, c call) int {
	parts := strings.Split(c.path, "/")
	record := len(parts) == 3 && parts[0] == "sobjects"
	switch {
	case c.path == "tooling/composite" || c.path == "composite":
		return s.composite(w, r, c).send(w)
	case r.Method == http.MethodPatch && record:
		return s.patch(c, parts[1], parts[2], r.Body).send(w)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		return refuse(http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "HTTP Method '"+r.Method+"' not allowed. Allowed are GET").send(w)
	case len(parts) == 4 && strings.EqualFold(parts[0]+"/"+parts[1]+"/"+parts[3], "sobjects/EventLogFile/LogFile"):
		return s.logFile(w, c, parts[2])
	}
	return s.get(c).send(w)
}

// send writes the reply and returns its status.
func (rp reply) send(w http.ResponseWriter) int {
	rp.write(w)
	return rp.status
}

// authorized checks version, token and the right to use APIs. A reply is a refusal.
func (s *Server) authorized(r *http.Request, version string) (*grant, *reply) {
	refused := refuse(http.StatusUnauthorized, "INVALID_SESSION_ID", "Session expired or invalid")
	g := s.grants.session(bearer(r), s.o.Now())
	switch v := knownVersion(version); {
	case v < 0:
		refused = refuse(http.StatusGone, "UNSUPPORTED_API_VERSION", "The requested resource is no longer available: API version "+strings.TrimPrefix(version, "v")+" is retired")
	case v == 0:
		refused = notFound()
	case g == nil:
	case !g.allows("api"):
		refused = refuse(http.StatusUnauthorized, "INVALID_SESSION_ID", "This session is not valid for use with the REST API")
	case !s.may(g.user, "ApiEnabled"):
		refused = refuse(http.StatusForbidden, "API_DISABLED_FOR_ORG", "The REST API is not enabled for this Organization.")
	default:
		return g, nil
	}
	return nil, &refused
}

// call is one request to a REST resource, alone or inside a composite.
type call struct {
	method, version, path string
	query                 url.Values
	batch                 int
	user                  *user
}

func (c call) base() string { return "/services/data/" + c.version }

// get finds the resource of a path below the version.
func (s *Server) get(c call) reply {
	parts := strings.Split(c.path, "/")
	objects, base := s.objects, c.base()
	if parts[0] == "tooling" && len(parts) > 1 {
		objects, base, parts = s.tooling, base+"/tooling", parts[1:]
	}
	switch {
	case c.path == "":
		return s.resources(c)
	case c.path == "limits":
		return s.limits()
	case parts[0] == "query" && len(parts) == 1:
		return s.query(objects, base, c)
	case parts[0] == "query" && len(parts) == 2:
		return s.more(objects, base, parts[1])
	case c.path == "sobjects/"+parts[min(1, len(parts)-1)]+"/describe":
		return s.describeObject(c, parts[1])
	case parts[0] == "sobjects" && len(parts) == 3:
		return s.sobject(objects, base, c.user, parts[1], parts[2], c.query.Get("fields"))
	}
	return notFound()
}

func (s *Server) resources(c call) reply {
	b := c.base()
	return reply{http.StatusOK, map[string]string{
		"identity": s.identityURL(c.user), "sobjects": b + "/sobjects", "query": b + "/query",
		"tooling": b + "/tooling", "composite": b + "/composite", "limits": b + "/limits",
	}}
}

func (s *Server) limits() reply {
	type limit struct{ Max, Remaining int64 }
	return reply{http.StatusOK, map[string]limit{
		"DailyApiRequests": {dailyRequests, max(dailyRequests-s.usage.calls.Load(), 0)},
		"DataStorageMB":    {10_240, 7_911},
		"FileStorageMB":    {51_200, 38_404},
	}}
}

// batchSize reads "Sforce-Query-Options: batchSize=200"; Salesforce keeps it
// between 200 and 2,000 (REST guide, "Query Options Header").
func batchSize(h http.Header) int {
	for option := range strings.SplitSeq(h.Get("Sforce-Query-Options"), ",") {
		if text, ok := strings.CutPrefix(strings.TrimSpace(option), "batchSize="); ok {
			if n, err := strconv.Atoi(text); err == nil {
				return min(max(n, 200), 2000)
			}
		}
	}
	return 2000
}
