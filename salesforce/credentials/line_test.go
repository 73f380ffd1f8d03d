package credentials

import (
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestFaultsOfTheLineAreNamed: what is wrong between here and the org, before
// anything was sent.
func TestFaultsOfTheLineAreNamed(t *testing.T) {
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "acme"}, DNSNames: []string{"localhost"}, NotBefore: time.Now().AddDate(-2, 0, 0), NotAfter: time.Now().AddDate(-1, 0, 0),
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &testKey().PublicKey, testKey())
	if err != nil {
		t.Fatal(err)
	}
	authority := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SIDESTEP_CA_FILE", authority)
	asked := false
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // the client's refusal is what is wanted
	s.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: testKey()}}}
	s.StartTLS()
	defer s.Close()
	expired := strings.Replace(s.URL, "127.0.0.1", "localhost", 1)

	unknown := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	unknown.Config.ErrorLog = log.New(io.Discard, "", 0)
	unknown.StartTLS()
	defer unknown.Close()

	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()

	for host, c := range map[string]struct{ says, hint string }{
		expired:     {"its certificate has expired", "clock"},
		unknown.URL: {"signed by an authority that this computer does not know", "SIDESTEP_CA_FILE"},
		closed.URL:  {"could not be reached", "check the address"},
	} {
		w := newWorld(t)
		w.ask.Host = host
		r, err := Prove(t.Context(), w.ask, nil)
		if err != nil || r.OK() || !strings.Contains(r.Checks[0].Text, c.says) || !strings.Contains(r.Checks[0].Hint, c.hint) {
			t.Errorf("%s: %v %+v", host, err, r.Checks)
		}
	}
	if asked {
		t.Error("the request was sent all the same")
	}
}
