package signin

import (
	"crypto/subtle"
	"errors"
	"io"
	"log"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxQuery is far above what an org sends: a code has about 100 characters.
const maxQuery = 8 << 10

// answer is what the org said through the browser, after all checks.
type answer struct {
	code        string
	refused     *Refused
	fromBrowser bool
}

func newServer(a *Attempt) *http.Server {
	s := &http.Server{
		Handler:           http.HandlerFunc(a.serve),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      exchangeLimit + 15*time.Second,
		IdleTimeout:       5 * time.Second,
		MaxHeaderBytes:    2 * maxQuery,
		ErrorLog:          log.New(io.Discard, "", 0), // it would write across the screen
	}
	s.SetKeepAlivesEnabled(false)
	return s
}

// serve checks the address, the method and the Host before anything else, so
// that strangers on this machine, other sites and rebound names learn nothing
// and change nothing.
func (a *Attempt) serve(w http.ResponseWriter, r *http.Request) {
	guard(w.Header())
	path, query, _ := strings.Cut(r.RequestURI, "?")
	switch {
	case !a.ours(r.Host):
		refuse(w, http.StatusForbidden)
	case r.Method != http.MethodGet:
		w.Header().Set("Allow", http.MethodGet)
		refuse(w, http.StatusMethodNotAllowed)
	case path == CallbackPath:
		a.serveCallback(w, r, query)
	default:
		a.serveResult(w, path)
	}
}

func (a *Attempt) serveCallback(w http.ResponseWriter, r *http.Request, query string) {
	got, err := a.check(query)
	if err != nil {
		refuse(w, http.StatusBadRequest)
		return
	}
	got.fromBrowser = true
	// A replay changes nothing, but a browser that asks twice is shown the same end.
	a.take(got)
	select {
	case <-a.finished:
		w.Header().Set("Location", a.outcome.path())
		w.WriteHeader(http.StatusSeeOther)
	case <-a.life.Done():
		refuse(w, http.StatusGone)
	case <-r.Context().Done():
	}
}

func (a *Attempt) serveResult(w http.ResponseWriter, path string) {
	select {
	case <-a.finished:
	default:
		refuse(w, http.StatusNotFound)
		return
	}
	if path != a.outcome.path() {
		refuse(w, http.StatusNotFound)
		return
	}
	a.outcome.write(w)
	a.showOnce.Do(func() { close(a.shown) })
}

// ours reports whether a Host is a loopback name with our port. A page that had
// its own name rebound to 127.0.0.1 still sends that name.
func (a *Attempt) ours(host string) bool {
	port := ":" + strconv.Itoa(a.port)
	name, found := strings.CutSuffix(host, port)
	return found && (strings.EqualFold(name, "localhost") || name == "127.0.0.1" || name == "[::1]")
}

// Paste takes the address that the browser was redirected to, for people whose
// browser runs on another machine. The checks are those of a request. A wrong
// address is an error, and the wait goes on.
func (a *Attempt) Paste(text string) error {
	if len(text) > maxQuery {
		return errPaste
	}
	// Terminals break long lines; an address has no white space of its own.
	text = strings.Join(strings.Fields(text), "")
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" || u.User != nil || !a.ours(u.Host) || u.EscapedPath() != CallbackPath {
		return errPaste
	}
	got, err := a.check(u.RawQuery)
	if err != nil {
		return &advised{text: err.Error(), hint: "copy the whole address of the page that this attempt's link led to", err: err}
	}
	if a.life.Err() != nil || !a.take(got) {
		return errors.New("this sign-in was already answered or is over")
	}
	return nil
}

var errPaste error = &advised{
	text: "this is not the address that the browser was sent back to",
	hint: "after signing in, copy the whole address from the browser's address bar: it starts with http://localhost and contains " + CallbackPath,
}

var (
	errQuery = errors.New("the address is incomplete or says something twice")
	errState = errors.New("the address does not belong to this attempt")
	errIssue = errors.New("the address comes from another org than the one that was asked")
)

// check reads the query of the redirect address: the state first, in constant
// time, because without it nothing else in there is worth looking at.
func (a *Attempt) check(query string) (answer, error) {
	p, err := parseCallback(query)
	if err != nil {
		return answer{}, err
	}
	if subtle.ConstantTimeCompare([]byte(p["state"]), []byte(a.state)) != 1 {
		return answer{}, errState
	}
	if iss, present := p["iss"]; present && strings.TrimSuffix(iss, "/") != a.options.Host {
		return answer{}, errIssue
	}
	code, refusal := p["code"], p["error"]
	switch {
	case code != "" && refusal == "":
		return answer{code: code}, nil
	case refusal != "" && code == "":
		return answer{refused: newRefused(refusal, p["error_description"])}, nil
	}
	return answer{}, errQuery
}

// parseCallback returns the parameters that mean something to us, each decoded
// exactly once. A parameter that occurs twice is refused: two readers of the
// same address could take different ones.
func parseCallback(query string) (map[string]string, error) {
	if len(query) > maxQuery {
		return nil, errQuery
	}
	p := map[string]string{}
	for part := range strings.SplitSeq(query, "&") {
		rawName, rawValue, _ := strings.Cut(part, "=")
		name, err := url.QueryUnescape(rawName)
		if err != nil {
			continue
		}
		// A plus stands for itself in a code: orgs send base64 in there, never spaces.
		decode := url.PathUnescape
		switch name {
		case "error_description":
			decode = url.QueryUnescape
		case "code", "state", "error", "iss":
		default:
			continue
		}
		value, err := decode(rawValue)
		if _, twice := p[name]; err != nil || twice {
			return nil, errQuery
		}
		p[name] = value
	}
	return p, nil
}

// refuse answers with a fixed text that repeats nothing of the request.
func refuse(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "This is not the answer that Sidestep waits for. The sign-in goes on.\n")
}
