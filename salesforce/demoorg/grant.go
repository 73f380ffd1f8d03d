package demoorg

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// How long things live. An authorization code lives 15 minutes; a session ends
// after the time that it was not used (Session Settings, two hours by default).
const (
	codeLife    = 15 * time.Minute
	pageLife    = 15 * time.Minute
	sessionIdle = 2 * time.Hour
)

// grant is what a user gave to a client: a family of tokens that live and die
// together.
type grant struct {
	clientID string
	// app is the client's name, "" for the org's own token.
	app    string
	user   *user
	scopes []string
	// lasting sessions never time out.
	lasting bool
	// jwt: access tokens are in JWT format, which SOAP does not take.
	jwt bool
	// refresh is the one refresh token that works now, "" without that scope.
	refresh string
	revoked bool
}

// allows knows that full is everything but the refresh token.
func (g *grant) allows(scope string) bool {
	return slices.Contains(g.scopes, scope) || scope != "refresh_token" && slices.Contains(g.scopes, "full")
}

type session struct {
	*grant
	used time.Time
}

// request is an authorize request that waits for a click, and then the code
// that stands for it.
type request struct {
	clientID, redirectURI, challenge, state string
	scopes                                  []string
	made                                    time.Time
}

// grants remembers sign-ins: pages that are open, codes that wait to be
// redeemed, and tokens.
type grants struct {
	mu       sync.Mutex
	pages    map[string]request
	codes    map[string]request
	sessions map[string]*session
	// refreshes holds every refresh token ever given, so that the reuse of an
	// old one is noticed.
	refreshes map[string]*grant
}

// tokens is what a grant hands out: a new access token, and the refresh token
// that works from now on.
type tokens struct {
	*grant
	access, refresh string
}

// maxWaiting bounds the open pages and codes, maxSessions the sessions: what
// is old gives way.
const (
	maxWaiting  = 1000
	maxSessions = 10_000
)

func (g *grants) init() {
	g.pages, g.codes = map[string]request{}, map[string]request{}
	g.sessions, g.refreshes = map[string]*session{}, map[string]*grant{}
}

// secret is n random bytes as text.
func secret(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(b)
}

// newAccess makes an opaque access token in Salesforce's form: the 15-character
// org id, "!", and a text that begins with AQ.
func newAccess() string { return OrgID[:15] + "!AQ" + secret(66) }

// newJWT makes an access token in JWT format. Its signature is for nobody to
// check: like an opaque token it counts because the org knows it.
func newJWT(gr *grant, now time.Time) string {
	part := func(v any) string {
		data, _ := json.Marshal(v) // of texts and numbers
		return base64.RawURLEncoding.EncodeToString(data)
	}
	header := map[string]string{"alg": "RS256", "kid": "CORE_ATJWT.00D.1", "typ": "JWT", "tty": "sfdc-core-token"}
	claims := map[string]any{"scp": strings.Join(gr.scopes, " "), "sub": "uid:" + gr.user.ID, "client_id": gr.clientID, "nbf": now.Unix(), "exp": now.Add(sessionIdle).Unix()}
	return part(header) + "." + part(claims) + "." + secret(256)
}

// issue makes the first tokens of a grant.
func (g *grants) issue(gr grant, now time.Time) tokens {
	g.mu.Lock()
	defer g.mu.Unlock()
	if gr.allows("refresh_token") {
		gr.refresh = "5Aep861" + secret(54)
		g.refreshes[gr.refresh] = &gr
	}
	return g.start(&gr, now)
}

// start opens a session. The caller holds the lock.
func (g *grants) start(gr *grant, now time.Time) tokens {
	if len(g.sessions) >= maxSessions {
		maps.DeleteFunc(g.sessions, func(_ string, s *session) bool { return s.over(now) })
	}
	access := newAccess()
	if gr.jwt {
		access = newJWT(gr, now)
	}
	t := tokens{gr, access, gr.refresh}
	g.sessions[t.access] = &session{gr, now}
	return t
}

func (s *session) over(now time.Time) bool {
	return s.revoked || !s.lasting && now.Sub(s.used) > sessionIdle
}

// renew gives a new access token for a refresh token. With rotate the refresh
// token changes too, and an old one that comes back kills the family.
func (g *grants) renew(refresh, clientID string, rotate bool, now time.Time) (tokens, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	gr := g.refreshes[refresh]
	if gr == nil || gr.revoked || gr.clientID != clientID {
		return tokens{}, false
	}
	if gr.refresh != refresh {
		gr.revoked = true
		return tokens{}, false
	}
	if rotate {
		gr.refresh = "5Aep861" + secret(54)
		g.refreshes[gr.refresh] = gr
	}
	return g.start(gr, now), true
}

// session finds the living session of an access token and notes that it was used.
func (g *grants) session(access string, now time.Time) *grant {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.sessions[access]
	if s == nil || s.over(now) {
		delete(g.sessions, access)
		return nil
	}
	s.used = now
	return s.grant
}

// expire ends every session.
func (g *grants) expire() {
	g.mu.Lock()
	defer g.mu.Unlock()
	clear(g.sessions)
}

// revoke ends an access token, or a refresh token with everything that came
// from it. It reports whether the token was alive.
func (g *grants) revoke(token string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if s := g.sessions[token]; s != nil {
		delete(g.sessions, token)
		return !s.revoked
	}
	if gr := g.refreshes[token]; gr != nil && !gr.revoked {
		gr.revoked = true
		return true
	}
	return false
}

// open remembers an authorize request under a new name.
func (g *grants) open(waiting map[string]request, name string, r request) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(waiting) >= maxWaiting {
		oldest := ""
		for k, v := range waiting {
			if oldest == "" || v.made.Before(waiting[oldest].made) {
				oldest = k
			}
		}
		delete(waiting, oldest)
	}
	waiting[name] = r
	return name
}

// take returns a waiting request once, if it is not older than life.
func (g *grants) take(waiting map[string]request, name string, life time.Duration, now time.Time) (request, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	r, ok := waiting[name]
	delete(waiting, name)
	return r, ok && now.Sub(r.made) <= life
}
