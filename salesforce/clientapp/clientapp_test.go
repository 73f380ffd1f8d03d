package clientapp

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"encoding/xml"
	"errors"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sidestep/salesforce/credentials"
	"sidestep/salesforce/wsdltest"
)

// pair is a certificate and its key, both in PEM form.
func pair(t *testing.T) (certificate, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "receiver"}, NotAfter: time.Now().AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
}

func byCredentials() App {
	return App{
		Name: "Order_Receiver", Contact: "ops@acme.example", Description: "Orders <to> & from the hub", Flow: credentials.ClientCredentials,
		RunAs: "hub.oauth@acme.example", PermissionSet: "Integration_Hub",
	}
}

func bySignature(t *testing.T) App {
	a := byCredentials()
	a.Flow, a.RunAs = credentials.JWTBearer, ""
	a.Certificate, _ = pair(t)
	return a
}

func files(t *testing.T, a App) map[string]string {
	t.Helper()
	list, err := Files(a)
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]string{}
	for _, f := range list {
		m[f.Path] = string(f.Content)
	}
	return m
}

func TestFilesOfTheClientCredentialsFlow(t *testing.T) {
	m := files(t, byCredentials())
	for path, want := range map[string][]string{
		"package.xml":                                                      {"<name>ExternalClientApplication</name>", "<members>Order_Receiver_oauthPlcy</members>", "<version>66.0</version>"},
		"externalClientApps/Order_Receiver.eca":                            {"<distributionState>Local</distributionState>", "<label>Order Receiver</label>", "Orders &lt;to&gt; &amp; from the hub"},
		"extlClntAppOauthSettings/Order_Receiver_oauth.ecaOauth":           {"<commaSeparatedOauthScopes>Api</commaSeparatedOauthScopes>"},
		"extlClntAppGlobalOauthSets/Order_Receiver_glbloauth.ecaGlblOauth": {"<isClientCredentialsFlowEnabled>true</isClientCredentialsFlowEnabled>", "<isConsumerSecretOptional>false</isConsumerSecretOptional>", "<isNamedUserJwtEnabled>false</isNamedUserJwtEnabled>"},
		"extlClntAppPolicies/Order_Receiver_plcy.ecaPlcy":                  {"<isEnabled>true</isEnabled>", "<isOauthPluginEnabled>true</isOauthPluginEnabled>"},
		"extlClntAppOauthPolicies/Order_Receiver_oauthPlcy.ecaOauthPlcy": {
			"<clientCredentialsFlowUser>hub.oauth@acme.example</clientCredentialsFlowUser>", "<isClientCredentialsFlowEnabled>true</isClientCredentialsFlowEnabled>",
			"<permittedUsersPolicyType>AdminApprovedPreAuthorized</permittedUsersPolicyType>", "<ipRelaxationPolicyType>Enforce</ipRelaxationPolicyType>",
		},
	} {
		for _, w := range want {
			if !strings.Contains(m[path], w) {
				t.Errorf("%s lacks %s:\n%s", path, w, m[path])
			}
		}
	}
	if len(m) != 6 {
		t.Errorf("%d files", len(m))
	}
}

func TestFilesOfTheJWTBearerFlow(t *testing.T) {
	a := bySignature(t)
	m := files(t, a)
	block, _ := pem.Decode(a.Certificate)
	global := m["extlClntAppGlobalOauthSets/Order_Receiver_glbloauth.ecaGlblOauth"]
	var g struct {
		Certificate []byte `xml:"certificate"`
	}
	if err := xml.Unmarshal([]byte(global), &g); err != nil || strings.Contains(global, "-----") {
		t.Fatalf("%v %s", err, global)
	}
	plain, _ := pem.Decode([]byte("-----BEGIN CERTIFICATE-----\n" + string(g.Certificate) + "\n-----END CERTIFICATE-----\n"))
	if plain == nil || !bytes.Equal(plain.Bytes, block.Bytes) || strings.Contains(global, "<isClientCredentialsFlowEnabled>true") {
		t.Errorf("%s", global)
	}
	if p := m["extlClntAppOauthPolicies/Order_Receiver_oauthPlcy.ecaOauthPlcy"]; !strings.Contains(p, "<commaSeparatedPermissionSet>Integration_Hub<") || strings.Contains(p, "clientCredentialsFlowUser") {
		t.Errorf("%s", p)
	}
}

func TestNoSecretIsInside(t *testing.T) {
	for _, a := range []App{byCredentials(), bySignature(t)} {
		for path, text := range files(t, a) {
			for _, element := range []string{"consumerKey", "consumerSecret", "PRIVATE", "oauthLink"} {
				if strings.Contains(text, "<"+element) || strings.Contains(text, element+" KEY") {
					t.Errorf("%s holds %s", path, element)
				}
			}
		}
	}
	certificate, key := pair(t)
	a := bySignature(t)
	for name, data := range map[string][]byte{"a key": key, "both": append(bytes.Clone(certificate), key...), "nothing": nil, "junk": []byte("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")} {
		a.Certificate = data
		if list, err := Files(a); !errors.Is(err, ErrCertificate) || list != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAppsThatAreNone(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*App)
		want  error
	}{
		"no name":         {func(a *App) { a.Name = "" }, ErrName},
		"path":            {func(a *App) { a.Name = "../../x" }, ErrName},
		"two underscores": {func(a *App) { a.Name = "a__b" }, ErrName},
		"too long":        {func(a *App) { a.Name = strings.Repeat("a", 41) }, ErrName},
		"no contact":      {func(a *App) { a.Contact = "" }, ErrContact},
		"two contacts":    {func(a *App) { a.Contact = "a@b.example, c@d.example" }, ErrContact},
		"no flow":         {func(a *App) { a.Flow = "" }, ErrFlow},
		"browser":         {func(a *App) { a.Flow = credentials.WebServer }, ErrFlow},
		"nobody":          {func(a *App) { a.RunAs = "" }, ErrRunAs},
		"no approval":     {func(a *App) { a.Flow, a.PermissionSet = credentials.JWTBearer, "" }, ErrApproval},
		"hostile set":     {func(a *App) { a.PermissionSet = "x, y" }, ErrName},
	} {
		a := byCredentials()
		c.spoil(&a)
		if list, err := Files(a); !errors.Is(err, c.want) || list != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFilesAreWrittenIntoANewFolderOnly(t *testing.T) {
	list, err := Files(byCredentials())
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(t.TempDir(), "for", "Order_Receiver")
	if err := Write(folder, list); err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		if data, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(f.Path))); err != nil || !bytes.Equal(data, f.Content) {
			t.Errorf("%s: %v", f.Path, err)
		}
	}
	manifest := filepath.Join(folder, "package.xml")
	if err := os.WriteFile(manifest, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Write(folder, list); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second time: %v", err)
	}
	if data, err := os.ReadFile(manifest); err != nil || string(data) != "mine" {
		t.Errorf("it was replaced by %q, %v", data, err)
	}
	// A file in the way of a folder: nothing of the half is left.
	broken := filepath.Join(t.TempDir(), "broken")
	if err := Write(broken, append([]File{{Path: "externalClientApps"}}, list...)); err == nil {
		t.Error("a file is a folder")
	}
	if _, err := os.Stat(broken); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("half an app is left: %v", err)
	}
}

// TestFilesFitTheWSDL lets xmllint judge each file by its type of the Metadata API.
func TestFilesFitTheWSDL(t *testing.T) {
	all := map[string][]byte{}
	for name, a := range map[string]App{"credentials": byCredentials(), "signature": bySignature(t)} {
		for path, content := range files(t, a) {
			all[name+" "+path] = []byte(content)
		}
	}
	for path, words := range wsdltest.Fit(t, all) {
		t.Errorf("%s: %s", path, words)
	}
}
