package demoorg

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Options choose the org and how it behaves. The zero value is the believable
// org, after the cut-off, on a free port.
type Options struct {
	// Addr is where to listen, "127.0.0.1:0" by default. A loopback address is
	// bound on both families where the computer has both.
	Addr string
	// Messages makes a generated org of that many messages; 0 is Northwind Traders.
	Messages int
	// Latency delays every answer; it ends early with the request.
	Latency time.Duration
	// Before shows the org as it was before the cut-off: flags still true.
	Before bool
	// Rotate hands out a new refresh token with every refresh. Using an old one
	// again revokes the whole family.
	Rotate bool
	// Faults make the org fail, for tests of its clients.
	Faults []Fault
	// Apps of servers, beside those that the org has. One with the key of an
	// app of the org replaces it.
	Apps []App
	// Users is what an admin did to the org's users, by username.
	Users map[string]Account
	// OrgLocked: nobody can sign in.
	OrgLocked bool
	// LoginsPerHour is how often one user may sign in within an hour, 3,600 by
	// default.
	LoginsPerHour int
	// LoginHosts are names of this computer under which the org plays the generic
	// login host (login.salesforce.com) instead of its My Domain.
	LoginHosts []string
	// Now is the clock, time.Now by default.
	Now func() time.Time
}

// Server is a running org.
type Server struct {
	o     Options
	org   *org
	url   string
	http  *http.Server
	stop  func() bool
	token string

	grants    grants
	cursors   cursors
	retrieves retrieves
	usage     usage
	logins    loginHistory
	apiCalls  apiLog
	records   recordStore
	apps      []App
	objects   catalog
	tooling   catalog

	backup  func() ([]byte, error)
	hubPair func() (pair, error)
}

// maxBody is the largest request that the org reads.
const maxBody = 1 << 20

// Start makes the org and serves it. It listens when Start returns, and stops
// with Close or when ctx ends.
func Start(ctx context.Context, o Options) (*Server, error) {
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	listeners, err := listen(o.Addr)
	if err != nil {
		return nil, fmt.Errorf("start the built-in org: %w", err)
	}
	s := &Server{o: o, org: newOrg(o), url: publicURL(listeners[0].Addr()), apps: appsOf(o)}
	s.grants.init()
	s.token = s.grants.issue(grant{clientID: ClientID, user: s.admin(), scopes: []string{"api", "id", "web"}, lasting: true}, o.Now()).access
	s.logins.seed(s)
	s.apiCalls.seed(s)
	s.tables()
	s.backup = sync.OnceValues(s.org.sourceRepository)
	s.hubPair = sync.OnceValues(s.newPair)
	s.http = &http.Server{
		Handler:           s.handler(),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          log.New(io.Discard, "", 0), // the screen belongs to the interface
	}
	for _, l := range listeners {
		go func() { _ = s.http.Serve(l) }()
	}
	s.stop = context.AfterFunc(ctx, func() { _ = s.http.Close() })
	return s, nil
}

func newOrg(o Options) *org {
	made := northwindOrg
	if o.Messages > 0 {
		made = func() *org { return generatedOrg(o.Messages) }
	}
	org := made()
	org.before = o.Before
	org.index()
	return org
}

// publicURL names the org as people and redirects do: localhost for loopback.
func publicURL(addr net.Addr) string {
	tcp := addr.(*net.TCPAddr)
	port := strconv.Itoa(tcp.Port)
	if ip := tcp.IP.String(); ip != "127.0.0.1" && !tcp.IP.Equal(net.IPv6loopback) && !tcp.IP.IsUnspecified() {
		return "http://" + net.JoinHostPort(ip, port)
	}
	return "http://localhost:" + port
}

// URL is the org's address, which is also its instance URL.
func (s *Server) URL() string { return s.url }

// Token is an access token that the APIs accept for as long as the org runs.
func (s *Server) Token() string { return s.token }

// ExpireSessions ends every session at once, as an admin can in Setup. Refresh
// tokens live on.
func (s *Server) ExpireSessions() { s.grants.expire() }

// Close stops the org at once; open requests are cut.
func (s *Server) Close() error {
	s.stop()
	return s.http.Close()
}

func (s *Server) admin() *user { return s.org.userByName[Username] }

func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /services/oauth2/authorize", s.authorize)
	mux.HandleFunc("POST /services/oauth2/authorize", s.decide)
	mux.HandleFunc("/services/oauth2/token", s.tokenEndpoint)
	mux.HandleFunc("/services/oauth2/revoke", s.revoke)
	mux.HandleFunc("/services/oauth2/userinfo", s.userinfo)
	mux.HandleFunc("/id/{org}/{user}", s.identity)
	mux.HandleFunc("GET /.well-known/openid-configuration", s.discovery)
	mux.HandleFunc("GET /services/data/{$}", s.versions)
	mux.HandleFunc("GET /services/data", s.versions)
	mux.HandleFunc("/services/data/", s.rest)
	mux.HandleFunc(soapRoot, s.soapDoor(s.soap, (*fault).write))
	mux.HandleFunc(partnerRoot, s.soapDoor(s.partner, (*fault).writePartner))
	mux.HandleFunc("GET "+backupPath, s.sourceRepository)
	mux.HandleFunc("GET "+HubKeyPath, s.hubKey)
	mux.HandleFunc("GET /{$}", s.home)
	mux.HandleFunc("/", s.setup)
	return s.slow(http.MaxBytesHandler(limitURI(oneSlash(s.faulty(mux))), maxBody))
}

// oneSlash takes addresses that begin with two slashes for what they mean. The
// Salesforce CLI makes them after "login access-token", from an instance URL that
// ends in a slash, and follows no redirect to a better one.
func oneSlash(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "//") {
			u := *r.URL
			u.Path, u.RawPath = "/"+strings.TrimLeft(u.Path, "/"), ""
			again := *r
			again.URL = &u
			r = &again
		}
		next.ServeHTTP(w, r)
	})
}

// slow delays every answer by the latency of the options.
func (s *Server) slow(next http.Handler) http.Handler {
	if s.o.Latency <= 0 {
		return next
	}
	delay := Slow(s.o.Latency)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { delay(w, r, next) })
}

// limitURI refuses addresses over 16,384 bytes (REST guide, "Status Codes").
func limitURI(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.RequestURI) > 16_384 {
			http.Error(w, "URI Too Long", http.StatusRequestURITooLong)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// sourceRepository serves the backup that belongs to the org.
func (s *Server) sourceRepository(w http.ResponseWriter, r *http.Request) {
	body, err := s.backup()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="`+backupName+`"`)
	w.Header().Set("Last-Modified", backupDate.Format(http.TimeFormat))
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body)
}
