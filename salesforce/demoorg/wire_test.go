package demoorg_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"sidestep/salesforce/demoorg"
	"sidestep/salesforce/org"
	"sidestep/salesforce/signin"
)

// TestWhatTheProgramSaysToTheOrgFitsTheWSDL listens to scans and lets xmllint
// judge every SOAP request and every answer.
func TestWhatTheProgramSaysToTheOrgFitsTheWSDL(t *testing.T) {
	check, err := filepath.Abs("../../../shared/tools/soapcheck.py")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(check); err != nil {
		t.Skipf("not checked against the WSDL: %v", err)
	}
	for _, tool := range []string{"python3", "xmllint"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("not checked against the WSDL: %v", err)
		}
	}
	t.Parallel()
	w := &wire{dir: t.TempDir()}
	insufficient := demoorg.Refuse(403, "INSUFFICIENT_ACCESS", "insufficient access rights on cross-reference id")
	// Each refusal makes the scan go another way.
	for _, faults := range [][]demoorg.Fault{
		nil,
		{{On: "retrieve", Play: insufficient}},
		{{On: "listMetadata", Play: insufficient}},
	} {
		w.scan(t, demoorg.Options{Faults: append([]demoorg.Fault{{On: "*", Play: w.listen}}, faults...)})
	}
	for _, want := range []string{"listMetadata", "readMetadata", "retrieve", "checkRetrieveStatus"} {
		asked := fmt.Sprintf("fits (%s)", want)
		if out := w.judge(t, check); !strings.Contains(out, asked) || !strings.Contains(out, fmt.Sprintf("fits (%sResponse)", want)) {
			t.Errorf("no scan used %s", want)
		}
	}
}

// wire keeps what goes over it.
type wire struct {
	dir     string
	mu      sync.Mutex
	files   []string
	verdict string
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
	envelope = tokenForm.ReplaceAll(envelope, []byte("token"))
	for _, file := range w.files {
		if have, _ := os.ReadFile(file); bytes.Equal(have, envelope) {
			return
		}
	}
	file := filepath.Join(w.dir, fmt.Sprintf("%03d.xml", len(w.files)))
	if os.WriteFile(file, envelope, 0o600) == nil {
		w.files = append(w.files, file)
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

func (w *wire) judge(t *testing.T, check string) string {
	t.Helper()
	if w.verdict != "" {
		return w.verdict
	}
	out, err := exec.CommandContext(t.Context(), "python3", append([]string{check}, slices.Clone(w.files)...)...).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	w.verdict = string(out)
	if judged := strings.Count(w.verdict, ": fits (") + strings.Count(w.verdict, ": a fault"); judged != len(w.files) {
		t.Errorf("%d of %d were judged", judged, len(w.files))
	}
	return w.verdict
}
