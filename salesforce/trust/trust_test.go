package trust_test

import (
	"encoding/pem"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sidestep/salesforce/trust"
)

func ask(t *testing.T, address string) error {
	t.Helper()
	transport := trust.Transport(func(*http.Transport) {})
	client := &http.Client{Transport: transport}
	t.Cleanup(client.CloseIdleConnections)
	resp, err := client.Post(address, "text/plain", strings.NewReader("x"))
	if err == nil {
		resp.Body.Close()
	}
	return err
}

func TestOwnAuthority(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	file := filepath.Join(t.TempDir(), "ca.pem")
	data := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(trust.FileVariable, "")
	if fault := trust.Explain(ask(t, server.URL)); fault == nil || !strings.Contains(fault.Words, "authority that this computer does not know") || !strings.Contains(fault.Hint, trust.FileVariable) {
		t.Errorf("without the file: %v", fault)
	}
	t.Setenv(trust.FileVariable, file)
	if err := ask(t, server.URL); err != nil {
		t.Errorf("with the file: %v", err)
	}
	if fault := trust.Explain(ask(t, strings.Replace(server.URL, "127.0.0.1", "localhost", 1))); fault == nil || !strings.Contains(fault.Words, "another name than localhost") {
		t.Errorf("under another name: %v", fault)
	}
}

func TestUselessFileIsNamed(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{empty, filepath.Join(t.TempDir(), "missing.pem"), t.TempDir()} {
		t.Setenv(trust.FileVariable, file)
		fault := trust.Explain(ask(t, "https://127.0.0.1:1"))
		if fault == nil || !strings.Contains(fault.Words, file) || !strings.Contains(fault.Hint, trust.FileVariable) {
			t.Errorf("%s: %v", file, fault)
		}
	}
}

func TestOtherErrorsAreNotExplained(t *testing.T) {
	if fault := trust.Explain(errors.New("x")); fault != nil {
		t.Error(fault)
	}
}
