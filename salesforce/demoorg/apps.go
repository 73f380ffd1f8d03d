package demoorg

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"time"
)

// App is an External Client App of the org that belongs to a server: it signs in
// with its secret or with a signed request, and nobody sits before it.
type App struct {
	// Name is what LoginHistory and the event logs call it.
	Name string
	// Key is the consumer key. An app of Options replaces the org's with that key.
	Key, Secret string
	Scopes      []string
	// ClientCredentials is "Enable Client Credentials Flow", ticked in Settings and
	// in Policies. RunAs is the username of Policies, "" while nobody entered one.
	ClientCredentials bool
	RunAs             string
	// Certificate belongs to the key that signs requests; nil: none was uploaded.
	Certificate *x509.Certificate
	// AdminApproved is the policy "Admin approved users are pre-authorized". Users
	// are the usernames whom the admin approved, or who approved the app themselves.
	AdminApproved bool
	Users         []string
	// JWTTokens is "Issue JWT-based access tokens for named users".
	JWTTokens bool
	// RelaxIP is the policy "Relax IP restrictions".
	RelaxIP bool
	// Created is when the app was made, zero for long ago. For ten minutes it is
	// not known everywhere, and this org is one of the places where it isn't.
	Created time.Time
}

// slowToBeKnown is how long a new app may be unknown.
const slowToBeKnown = 10 * time.Minute

// The app of the receiver that the demonstration repairs. Key and secret open
// nothing but the built-in org.
const (
	HubKey    = "3MVG9NorthwindDemoServer.IntegrationHub_0002"
	HubSecret = "demo-secret-of-the-integration-hub"
	// HubUser is the user that it runs as.
	HubUser = "hub.oauth@northwind.example"
)

// The other apps of the org, each in the state in which its admin left it.
const (
	ERPKey       = "3MVG9NorthwindDemoServer.ErpBridge_0003"
	ERPSecret    = "demo-secret-of-the-erp-bridge"
	LedgerKey    = "3MVG9NorthwindDemoServer.LedgerWise_0004"
	LedgerSecret = "demo-secret-of-ledgerwise"
	MailKey      = "3MVG9NorthwindDemoServer.MailHarbor_0005"
	MailSecret   = "demo-secret-of-mailharbor"
)

func northwindApps() []App {
	return []App{
		{
			Name: "Integration Hub", Key: HubKey, Secret: HubSecret, Scopes: []string{"api", "id"}, ClientCredentials: true, RunAs: HubUser,
			AdminApproved: true, Users: []string{HubUser},
		},
		// Somebody forgot the Run As user.
		{Name: "ERP Bridge", Key: ERPKey, Secret: ERPSecret, Scopes: []string{"api", "id"}, ClientCredentials: true},
		// REST takes these tokens, SOAP does not.
		{Name: "LedgerWise", Key: LedgerKey, Secret: LedgerSecret, Scopes: []string{"api", "id"}, ClientCredentials: true, RunAs: "finance.api@northwind.example", JWTTokens: true},
		// Made for people who click Connect, so that the flow is not ticked.
		{Name: "MailHarbor", Key: MailKey, Secret: MailSecret, Scopes: []string{"api", "id", "refresh_token"}},
	}
}

// appsOf are the org's apps with those of the options.
func appsOf(o Options) []App {
	list := northwindApps()
	for _, a := range o.Apps {
		list = slices.DeleteFunc(list, func(b App) bool { return b.Key == a.Key })
	}
	return append(list, o.Apps...)
}

// app finds a client by its consumer key. One that was just made is not known yet.
func (s *Server) app(key string) *app {
	if a := appByID(key); a != nil {
		return a
	}
	for i := range s.apps {
		a := &s.apps[i]
		if a.Key == key && s.o.Now().Sub(a.Created) >= slowToBeKnown {
			return &app{id: a.Key, name: a.Name, scopes: a.Scopes, server: a}
		}
	}
	return nil
}

// approved reports whether a user may be signed in by the app without being asked.
func (a *App) approved(u *user) bool {
	return slices.ContainsFunc(a.Users, func(name string) bool { return strings.EqualFold(name, u.Username) })
}

// certificateOf is what was uploaded to the app. The hub's belongs to the key
// that the org makes for the demonstration.
func (s *Server) certificateOf(a *App) *x509.Certificate {
	if a.Certificate != nil || a.Key != HubKey {
		return a.Certificate
	}
	pair, err := s.hubPair()
	if err != nil {
		return nil
	}
	return pair.certificate
}

// pair is a private key with the certificate that belongs to it.
type pair struct {
	key         *rsa.PrivateKey
	certificate *x509.Certificate
}

// newPair makes the hub's key. It lives as long as the org.
func (s *Server) newPair() (pair, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return pair{}, err
	}
	now := s.o.Now()
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Integration Hub", Organization: []string{OrgName}},
		NotBefore: now.AddDate(0, -1, 0), NotAfter: now.AddDate(1, 0, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &key.PublicKey, key)
	if err != nil {
		return pair{}, err
	}
	certificate, err := x509.ParseCertificate(der)
	return pair{key, certificate}, err
}

// HubKeyPath is where the private key of the hub's app is served: what a company
// keeps for itself, the demonstration has to hand out.
const HubKeyPath = "/demo/integration-hub.key"

func (s *Server) hubKey(w http.ResponseWriter, _ *http.Request) {
	pair, err := s.hubPair()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	der, err := x509.MarshalPKCS8PrivateKey(pair.key)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/x-pem-file")
	w.Header().Set("Content-Disposition", `attachment; filename="integration-hub.key"`)
	w.Header().Set("Cache-Control", "no-store")
	_ = pem.Encode(w, &pem.Block{Type: "PRIVATE KEY", Bytes: der})
}
