package demoorg

import (
	"bytes"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync/atomic"
)

// Fault makes the org fail on purpose, for tests of its clients.
type Fault struct {
	// On is a path.Match pattern for the names of calls. A SOAP call is named
	// after its operation ("readMetadata", "getUserInfo"), a REST call after its path below the
	// version ("query", "query/*" for the pages that follow, "tooling/composite";
	// "versions" is the list of versions, "resources" that of a version's resources), the sign-in's calls "authorize",
	// "token/authorization_code", "token/refresh_token", "token/client_credentials", "revoke", "userinfo" and
	// "id". "" is every SOAP and REST call.
	On string
	// Times is how many such calls fail, counted from the start; 0 is all of them.
	Times int
	// Play is what happens instead.
	Play Play
}

// Play answers a call in the place of the org, which is next. Of two faults on
// one call the earlier comes first and may hand on to the later.
type Play func(w http.ResponseWriter, r *http.Request, next http.Handler)

// faulty puts the faults of the options before the org.
func (s *Server) faulty(next http.Handler) http.Handler {
	for _, f := range slices.Backward(s.o.Faults) {
		next = f.before(next)
	}
	return next
}

func (f Fault) before(next http.Handler) http.Handler {
	var met atomic.Int64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !f.on(r) || f.Times > 0 && met.Add(1) > int64(f.Times) {
			next.ServeHTTP(w, r)
			return
		}
		f.Play(w, r, next)
	})
}

func (f Fault) on(r *http.Request) bool {
	if f.On == "" {
		return isSOAP(r) || strings.HasPrefix(r.URL.Path, restRoot) && callName(r) != "versions"
	}
	ok, _ := path.Match(f.On, callName(r))
	return ok
}

const (
	soapRoot  = "/services/Soap/m/"
	restRoot  = "/services/data/"
	oauthRoot = "/services/oauth2/"
)

func isSOAP(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, soapRoot) || isPartner(r) }

func isPartner(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, partnerRoot) }

// callName is the name by which Fault.On knows a request, "" for pages.
func callName(r *http.Request) string {
	switch p := r.URL.Path; {
	case isSOAP(r):
		return operation(peek(r))
	case p+"/" == restRoot || p == restRoot:
		return "versions"
	case strings.HasPrefix(p, restRoot):
		_, name, _ := strings.Cut(strings.TrimPrefix(p, restRoot), "/")
		if name == "" {
			return "resources" // the list of them
		}
		return strings.TrimSuffix(name, "/")
	case p == oauthRoot+"token":
		form, _ := url.ParseQuery(string(peek(r)))
		return "token/" + form.Get("grant_type")
	case strings.HasPrefix(p, oauthRoot):
		return strings.TrimPrefix(p, oauthRoot)
	case strings.HasPrefix(p, "/id/"):
		return "id"
	}
	return ""
}

// peek reads the body and puts it back, together with what couldn't be read.
func peek(r *http.Request) []byte {
	body, _ := io.ReadAll(r.Body)
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(body), r.Body), r.Body}
	return body
}

// operation is the name of the element below the SOAP body.
func operation(envelope []byte) string {
	d := xml.NewDecoder(bytes.NewReader(envelope))
	inBody := false
	for {
		t, err := d.Token()
		if err != nil {
			return ""
		}
		if start, ok := t.(xml.StartElement); ok {
			if inBody {
				return start.Name.Local
			}
			inBody = start.Name.Local == "Body"
		}
	}
}

// recorder keeps an answer so that it can be spoilt.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func recorded(next http.Handler, r *http.Request) *recorder {
	rec := &recorder{header: http.Header{}, status: http.StatusOK}
	next.ServeHTTP(rec, r)
	return rec
}

func (rec *recorder) Header() http.Header         { return rec.header }
func (rec *recorder) WriteHeader(status int)      { rec.status = status }
func (rec *recorder) Write(p []byte) (int, error) { return rec.body.Write(p) }

// send writes the head of the recorded answer, and body for its own.
func (rec *recorder) send(w http.ResponseWriter, body []byte) {
	rec.head(w)
	_, _ = w.Write(body)
}

func (rec *recorder) head(w http.ResponseWriter) {
	for name, values := range rec.header {
		w.Header()[name] = values
	}
	w.WriteHeader(rec.status)
}
