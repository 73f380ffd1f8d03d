package credentials

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"
)

func decode(t *testing.T, text string) []byte {
	t.Helper()
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func block(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// sample are the key files of the tests.
func sample(t testing.TB) map[string]string {
	t.Helper()
	pkcs8, err := x509.MarshalPKCS8PrivateKey(testKey())
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ec8, err := x509.MarshalPKCS8PrivateKey(curve)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(&testKey().PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	pkcs1 := x509.MarshalPKCS1PrivateKey(testKey())
	return map[string]string{
		"pkcs1": block("RSA PRIVATE KEY", pkcs1), "pkcs8": block("PRIVATE KEY", pkcs8), "ec": block("PRIVATE KEY", ec8),
		"public": block("PUBLIC KEY", public), "certificate": block("CERTIFICATE", []byte("x")),
		"encrypted": block("ENCRYPTED PRIVATE KEY", []byte("x")), "ssh": block("OPENSSH PRIVATE KEY", []byte("x")),
		"damaged": block("PRIVATE KEY", pkcs8[:len(pkcs8)-9]), "damaged1": block("RSA PRIVATE KEY", pkcs1[:99]),
		"old encrypted": string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Headers: map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-256-CBC,00"}, Bytes: []byte("x")})),
	}
}

func TestKeysOfBothFormsAreRead(t *testing.T) {
	files := sample(t)
	for name, text := range map[string]string{
		"PKCS#1": files["pkcs1"], "PKCS#8": files["pkcs8"], "behind its certificate": files["certificate"] + files["pkcs8"],
		"with words before it": "Bag Attributes\n  friendlyName: receiver\n" + files["pkcs8"], "with Windows line ends": strings.ReplaceAll(files["pkcs8"], "\n", "\r\n"),
	} {
		key, err := ParseKey([]byte(text))
		if err != nil || !key.Equal(testKey()) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatIsNoKeyIsNamed(t *testing.T) {
	files := sample(t)
	for name, c := range map[string]struct{ text, says, hint string }{
		"empty":            {"", "no private key in PEM form", "BEGIN PRIVATE KEY"},
		"a picture":        {"\x89PNG\r\n\x1a\n" + strings.Repeat("\x00", 99), "no private key in PEM form", "openssl"},
		"a certificate":    {files["certificate"], "a certificate, not the private key", "key file"},
		"a public key":     {files["public"], "a public key", "private key"},
		"encrypted":        {files["encrypted"], "encrypted with a passphrase", "openssl pkey"},
		"old encrypted":    {files["old encrypted"], "encrypted with a passphrase", "openssl pkey"},
		"both":             {files["encrypted"] + files["certificate"], "encrypted with a passphrase", "openssl pkey"},
		"elliptic":         {files["ec"], "not an RSA key", "RS256"},
		"of OpenSSH":       {files["ssh"], "form of OpenSSH", "PEM"},
		"damaged":          {files["damaged"], "damaged", "fresh copy"},
		"damaged, old":     {files["damaged1"], "damaged", "fresh copy"},
		"far too large":    {strings.Repeat("x", MaxKey+1), "far too large", "PEM"},
		"something in PEM": {block("PGP MESSAGE", []byte("x")), "something else", "openssl"},
	} {
		_, err := ParseKey([]byte(c.text))
		hinted, ok := err.(interface{ Hint() string })
		if !ok || !strings.Contains(err.Error(), c.says) || !strings.Contains(hinted.Hint(), c.hint) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParseKey(f *testing.F) {
	for _, text := range sample(f) {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		key, err := ParseKey(data)
		if (key == nil) == (err == nil) {
			t.Fatalf("key %t, error %v", key != nil, err)
		}
		if err != nil && len(data) > 64 && bytes.Contains([]byte(err.Error()), data[:64]) {
			t.Fatal("the error repeats the file")
		}
	})
}
