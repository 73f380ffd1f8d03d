// Package clientapp writes the metadata files of an External Client App for a
// receiver that signs in by itself, for people who would rather deploy them by hand
// than tick boxes in Setup. It deploys nothing.
//
// It promises that no secret is inside: no consumer secret, no consumer key (the
// org makes both), no private key. Deploying needs the org's opt-ins to External
// Client Apps, and the first look at key and secret is still in Setup.
package clientapp

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"encoding/xml"
	"errors"
	"fmt"
	"net/mail"
	"strings"

	"sidestep/salesforce"
	"sidestep/salesforce/credentials"
)

// App is what has to be decided about the app.
type App struct {
	// Name is the API name, Label what people read ("" for the name).
	Name, Label string
	// Contact is the mail address of whoever answers for the app.
	Contact     string
	Description string
	// Flow is ClientCredentials or JWTBearer.
	Flow credentials.Flow
	// RunAs is the username of the integration user (with ClientCredentials).
	RunAs string
	// PermissionSet is the API name of the one that approves the users of the app.
	// JWTBearer needs it.
	PermissionSet string
	// Certificate is the public certificate in PEM form (with JWTBearer).
	Certificate []byte
}

// File is one of the files, with its path in a package in Metadata API format.
type File struct {
	Path    string
	Content []byte
}

// The errors of an app that can't be written.
var (
	ErrName        = errors.New("this is no API name: letters, digits and single underscores, beginning with a letter")
	ErrContact     = errors.New("the app needs the mail address of a contact")
	ErrFlow        = errors.New("a receiver signs in by client credentials or JWT bearer")
	ErrRunAs       = errors.New("client credentials needs the username of the user to run as")
	ErrApproval    = errors.New("JWT bearer needs a permission set that approves the app's users")
	ErrCertificate = errors.New("JWT bearer needs the certificate that belongs to the receiver's key, in PEM form and without the key")
)

const (
	namespace  = "http://soap.sforce.com/2006/04/metadata"
	apiVersion = "66.0"
	// callback is never used by these flows; an app has to have one. This page of
	// Salesforce's own shows nothing.
	callback = "https://login.salesforce.com/services/oauth2/success"
)

// check finds what is missing or no name.
func (a App) check() error {
	name := salesforce.IsAPIName(a.Name) && len(a.Name) <= 40 && !strings.Contains(a.Name, "__") && !strings.HasSuffix(a.Name, "_")
	address, err := mail.ParseAddress(a.Contact)
	switch {
	case !name:
		return fmt.Errorf("%w: %.80q", ErrName, a.Name)
	case err != nil || address.Address != a.Contact:
		return ErrContact
	case a.PermissionSet != "" && !salesforce.IsAPIName(a.PermissionSet):
		return fmt.Errorf("%w: %.80q", ErrName, a.PermissionSet)
	case a.Flow != credentials.ClientCredentials && a.Flow != credentials.JWTBearer:
		return ErrFlow
	case a.Flow == credentials.ClientCredentials && !strings.Contains(a.RunAs, "@"):
		return ErrRunAs
	case a.Flow == credentials.JWTBearer && a.PermissionSet == "":
		return ErrApproval
	}
	return nil
}

// Files writes the files, package.xml first (Metadata API guide, the pages of the
// five types).
func Files(a App) ([]File, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	certificate := ""
	if a.Flow == credentials.JWTBearer {
		var err error
		if certificate, err = certificateBody(a.Certificate); err != nil {
			return nil, err
		}
	}
	if a.Label == "" {
		a.Label = strings.ReplaceAll(a.Name, "_", " ")
	}
	parts := a.parts(certificate)
	manifest := packageFile{Version: apiVersion}
	files := make([]File, 1, len(parts)+1)
	for _, p := range parts {
		content, err := write(p.typ, p.value)
		if err != nil {
			return nil, err
		}
		manifest.Types = append(manifest.Types, packageTypes{Members: p.fullName, Name: p.typ})
		files = append(files, File{p.folder + "/" + p.fullName + "." + p.suffix, content})
	}
	content, err := write("Package", manifest)
	files[0] = File{"package.xml", content}
	return files, err
}

// part is one piece of metadata with the place of its file.
type part struct {
	typ, folder, fullName, suffix string
	value                         any
}

func (a App) parts(certificate string) []part {
	byCredentials := a.Flow == credentials.ClientCredentials
	runAs := ""
	if byCredentials {
		runAs = a.RunAs
	}
	return []part{
		{"ExternalClientApplication", "externalClientApps", a.Name, "eca", application{
			Contact: a.Contact, Description: a.Description, Distribution: "Local", Label: a.Label,
		}},
		{"ExtlClntAppGlobalOauthSettings", "extlClntAppGlobalOauthSets", a.Name + "_glbloauth", "ecaGlblOauth", globalSettings{
			Callback: callback, Certificate: certificate, App: a.Name, ClientCredentials: byCredentials,
			// A secret that may be left out would be none, and these flows begin in no browser.
			PKCE: true, SecretForRefresh: true, Label: a.Label,
		}},
		{"ExtlClntAppOauthSettings", "extlClntAppOauthSettings", a.Name + "_oauth", "ecaOauth", settings{Scopes: "Api", App: a.Name, Label: a.Label}},
		{"ExtlClntAppConfigurablePolicies", "extlClntAppPolicies", a.Name + "_plcy", "ecaPlcy", policies{App: a.Name, Enabled: true, OAuth: true, Label: a.Label}},
		{"ExtlClntAppOauthConfigurablePolicies", "extlClntAppOauthPolicies", a.Name + "_oauthPlcy", "ecaOauthPlcy", oauthPolicies{
			RunAs: runAs, PermissionSet: a.PermissionSet, App: a.Name, IPRelaxation: "Enforce", ClientCredentials: byCredentials, Label: a.Label,
			PermittedUsers: "AdminApprovedPreAuthorized", RefreshToken: "Zero",
		}},
	}
}

// certificateBody is what the Metadata API wants of a certificate: its base64 text
// without the lines around it. A file that holds a private key is refused.
func certificateBody(data []byte) (string, error) {
	body := ""
	for rest := data; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			return "", ErrCertificate
		}
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			return "", fmt.Errorf("%w: %w", ErrCertificate, err)
		}
		if body == "" { // the receiver's own comes before those that signed it
			body = base64.StdEncoding.EncodeToString(block.Bytes)
		}
	}
	if body == "" {
		return "", ErrCertificate
	}
	return body, nil
}

// The types have their elements in the order of the WSDL.
type (
	application struct {
		Contact      string `xml:"contactEmail"`
		Description  string `xml:"description,omitempty"`
		Distribution string `xml:"distributionState"`
		Protected    bool   `xml:"isProtected"`
		Label        string `xml:"label"`
	}
	globalSettings struct {
		Callback          string `xml:"callbackUrl"`
		Certificate       string `xml:"certificate,omitempty"`
		App               string `xml:"externalClientApplication"`
		ClientCredentials bool   `xml:"isClientCredentialsFlowEnabled"`
		SecretOptional    bool   `xml:"isConsumerSecretOptional"`
		IntrospectAll     bool   `xml:"isIntrospectAllTokens"`
		// SOAP takes no token in JWT format.
		NamedUserJWT     bool   `xml:"isNamedUserJwtEnabled"`
		PKCE             bool   `xml:"isPkceRequired"`
		SecretForRefresh bool   `xml:"isSecretRequiredForRefreshToken"`
		Label            string `xml:"label"`
		RotateKey        bool   `xml:"shouldRotateConsumerKey"`
		RotateSecret     bool   `xml:"shouldRotateConsumerSecret"`
	}
	settings struct {
		Scopes     string `xml:"commaSeparatedOauthScopes"`
		App        string `xml:"externalClientApplication"`
		FirstParty bool   `xml:"isFirstPartyAppEnabled"`
		Label      string `xml:"label"`
	}
	policies struct {
		App     string `xml:"externalClientApplication"`
		Enabled bool   `xml:"isEnabled"`
		OAuth   bool   `xml:"isOauthPluginEnabled"`
		Label   string `xml:"label"`
	}
	oauthPolicies struct {
		RunAs             string `xml:"clientCredentialsFlowUser,omitempty"`
		PermissionSet     string `xml:"commaSeparatedPermissionSet,omitempty"`
		App               string `xml:"externalClientApplication"`
		IPRelaxation      string `xml:"ipRelaxationPolicyType"`
		ClientCredentials bool   `xml:"isClientCredentialsFlowEnabled"`
		Label             string `xml:"label"`
		PermittedUsers    string `xml:"permittedUsersPolicyType"`
		RefreshToken      string `xml:"refreshTokenPolicyType"`
	}
	packageTypes struct {
		Members string `xml:"members"`
		Name    string `xml:"name"`
	}
	packageFile struct {
		Types   []packageTypes `xml:"types"`
		Version string         `xml:"version"`
	}
)

func write(root string, v any) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	e := xml.NewEncoder(&b)
	e.Indent("", "    ")
	start := xml.StartElement{Name: xml.Name{Local: root}, Attr: []xml.Attr{{Name: xml.Name{Local: "xmlns"}, Value: namespace}}}
	if err := e.EncodeElement(v, start); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
