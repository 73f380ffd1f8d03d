package probe

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// authority signs certificates for the tests.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	a := authority{}
	var err error
	if a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	a.cert = &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(48 * time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, a.cert, a.cert, &a.key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	return a
}

// serve starts an endpoint with a certificate for localhost, after change.
func (a authority) serve(t *testing.T, change func(*x509.Certificate, *tls.Config)) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	cert := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "hooks"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	config := &tls.Config{}
	change(cert, config)
	der, err := x509.CreateCertificate(rand.Reader, cert, a.cert, &key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	config.Certificates = []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}
	s := httptest.NewUnstartedServer(answering(200, "text/xml", ack("true")))
	s.TLS = config
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return strings.Replace(s.URL, "127.0.0.1", "localhost", 1)
}

func TestCertificates(t *testing.T) {
	ours, strange := newAuthority(t), newAuthority(t)
	roots := x509.NewCertPool()
	roots.AddCert(ours.cert)
	same := func(*x509.Certificate, *tls.Config) {}
	for name, c := range map[string]struct {
		by     authority
		change func(*x509.Certificate, *tls.Config)
		want   Outcome
		says   string
	}{
		"good":    {ours, same, Acknowledged, ""},
		"unknown": {strange, same, TLSFailed, "authority that this computer does not know (Test authority)"},
		"expired": {ours, func(c *x509.Certificate, _ *tls.Config) {
			c.NotBefore, c.NotAfter = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 2, 3, 0, 0, 0, 0, time.UTC)
		}, TLSFailed, "from 2025-01-01 to 2026-02-03"},
		"other name": {ours, func(c *x509.Certificate, _ *tls.Config) { c.DNSNames = []string{"hooks.example", "b", "c", "d"} }, TLSFailed, "localhost: it names hooks.example, b, c and 1 more"},
		"no name":    {ours, func(c *x509.Certificate, _ *tls.Config) { c.DNSNames = nil }, TLSFailed, "names no host"},
		"other use": {ours, func(c *x509.Certificate, _ *tls.Config) {
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning}
		}, TLSFailed, "may not be used"},
		"old": {ours, func(_ *x509.Certificate, c *tls.Config) {
			c.MaxVersion = tls.VersionTLS10
			c.MinVersion = tls.VersionTLS10
		}, TLSFailed, "encryption"},
		"demands": {ours, func(_ *x509.Certificate, c *tls.Config) { c.ClientAuth = tls.RequireAnyClientCert }, WantsCertificate, "certificate"},
		"demands 1.2": {ours, func(_ *x509.Certificate, c *tls.Config) {
			c.ClientAuth, c.MaxVersion = tls.RequireAnyClientCert, tls.VersionTLS12
		}, WantsCertificate, "certificate"},
		"asks": {ours, func(_ *x509.Certificate, c *tls.Config) { c.ClientAuth = tls.RequestClientCert }, Acknowledged, ""},
	} {
		t.Run(name, func(t *testing.T) {
			res, err := Send(t.Context(), Request{Target: parse(t, c.by.serve(t, c.change)), Notification: testNotification(t), AllowPrivate: true, Roots: roots})
			if err != nil || res.Outcome != c.want || !strings.Contains(res.Why, c.says) {
				t.Errorf("%v: %s (%s), want %s (%s)", err, res.Outcome, res.Why, c.want, c.says)
			}
			if name != "old" && (res.TLS == nil || res.TLS.Subject != "CN=hooks" || res.TLS.Issuer != "CN=Test authority") {
				t.Errorf("the certificate is %+v", res.TLS)
			}
			if asked := strings.Contains(strings.Join(res.Notes, ""), "asked for a certificate"); asked != (name == "asks") {
				t.Errorf("notes: %q", res.Notes)
			}
		})
	}
	// A certificate of nobody but itself is said to be one.
	self := httptest.NewTLSServer(answering(200, "text/xml", ack("true")))
	defer self.Close()
	self.Config.ErrorLog = log.New(io.Discard, "", 0)
	send(t, self.URL, TLSFailed, "nobody but itself")
}
