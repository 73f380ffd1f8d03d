package demoorg_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"sidestep/salesforce/demoorg"
	"sidestep/salesforce/org"
	"sidestep/salesforce/signin"
	"sidestep/salesforce/wsdltest"
)

// TestWhatTheProgramSaysToTheOrgFitsTheWSDL listens to scans and lets xmllint
// judge every SOAP request and every answer.
func TestWhatTheProgramSaysToTheOrgFitsTheWSDL(t *testing.T) {
	t.Parallel()
	w := &wire{said: map[string][]byte{}, heard: map[string]bool{}}
	insufficient := demoorg.Refuse(403, "INSUFFICIENT_ACCESS", "insufficient access rights on cross-reference id")
	// Each refusal makes the scan go another way.
	for _, faults := range [][]demoorg.Fault{
		nil,
		{{On: "retrieve", Play: insufficient}},
		{{On: "listMetadata", Play: insufficient}},
	} {
		w.scan(t, demoorg.Options{Faults: append([]demoorg.Fault{{On: "*", Play: w.listen}}, faults...)})
	}
	if err := errors.Join(w.odd...); err != nil {
		t.Error(err)
	}
	for name, words := range wsdltest.Fit(t, w.said) {
		t.Errorf("%s\n%s", w.said[name], words)
	}
	for _, want := range []string{"listMetadata", "readMetadata", "retrieve", "checkRetrieveStatus"} {
		if !w.heard[want] || !w.heard[want+"Response"] {
			t.Errorf("no scan used %s", want)
		}
	}
}

// wire keeps what goes over it.
type wire struct {
	mu sync.Mutex
	// said are the bodies that have a type, each once; heard the elements that they
	// begin with.
	said  map[string][]byte
	heard map[string]bool
	// odd is what could not be taken apart.
	odd []error
}

func (w *wire) scan(t *testing.T, o demoorg.Options) {
	t.Helper()
	s, err := demoorg.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	c := org.New(signin.Token{Access: s.Token(), InstanceURL: s.URL(), OrgID: demoorg.OrgID}, org.Options{})
	found, err := c.Scan(t.Context(), nil)
	if err != nil || len(found.Messages) == 0 {
		t.Errorf("%v, %d messages, %v", err, len(found.Messages), found.Problems)
	}
}

// tokenForm is how tokens look; nothing is kept that could be used.
var tokenForm = regexp.MustCompile(`00D[A-Za-z0-9]{12}![A-Za-z0-9._-]+`)

func (w *wire) keep(envelope []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	body, err := wsdltest.Body(tokenForm.ReplaceAll(envelope, []byte("token")))
	if err != nil {
		w.odd = append(w.odd, err)
		return
	}
	root, err := wsdltest.Root(body)
	w.odd = append(w.odd, err)
	if w.heard[root] = true; root != "Fault" { // a fault's type is SOAP's
		w.said[fmt.Sprintf("%x", sha256.Sum256(body))] = body
	}
}

// listen is a fault that breaks nothing.
func (w *wire) listen(rw http.ResponseWriter, r *http.Request, next http.Handler) {
	if !strings.HasPrefix(r.URL.Path, "/services/Soap/") {
		next.ServeHTTP(rw, r)
		return
	}
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	w.keep(body)
	heard := &heard{ResponseWriter: rw}
	next.ServeHTTP(heard, r)
	w.keep(heard.body.Bytes())
}

type heard struct {
	http.ResponseWriter
	body bytes.Buffer
}

func (h *heard) Write(p []byte) (int, error) {
	h.body.Write(p)
	return h.ResponseWriter.Write(p)
}
