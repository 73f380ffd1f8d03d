package app

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"sidestep/salesforce/demoorg"
	"sidestep/salesforce/org"
	"sidestep/ui"
)

// memory is a keychain that can be locked.
type memory struct {
	mu     sync.Mutex
	kept   map[string]string
	locked bool
}

var errLocked = errors.New("locked")

func (m *memory) Get(name string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.locked {
		return "", errLocked
	}
	s, ok := m.kept[name]
	if !ok {
		return "", ErrNoSecret
	}
	return s, nil
}

func (m *memory) Set(name, secret string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.locked {
		return errLocked
	}
	m.kept[name] = secret
	return nil
}

func (m *memory) Delete(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.locked {
		return errLocked
	}
	if _, ok := m.kept[name]; !ok {
		return ErrNoSecret
	}
	delete(m.kept, name)
	return nil
}

// only is the one sign-in that is kept.
func (m *memory) only(t *testing.T) keptSignIn {
	t.Helper()
	if len(m.kept) != 1 {
		t.Fatalf("%d sign-ins are kept", len(m.kept))
	}
	var s keptSignIn
	for _, text := range m.kept {
		if err := json.Unmarshal([]byte(text), &s); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// signedIn is an org that somebody has just signed in to.
func signedIn(t *testing.T, options demoorg.Options) (*demoorg.Server, *Org) {
	t.Helper()
	s, err := demoorg.Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	a, err := Orgs{}.Start(ctx, s.URL(), demoorg.ClientID)
	if err != nil {
		t.Fatal(err)
	}
	if !a.Listening() {
		t.Skip("every callback port is taken on this computer")
	}
	var browser errgroup.Group
	browser.Go(func() error { return s.Approve(ctx, a.Link()) })
	o, err := a.WaitOrg(ctx)
	if err = errors.Join(err, browser.Wait()); err != nil {
		t.Fatal(err)
	}
	return s, o
}

func knownIn(t *testing.T) (Known, *memory) {
	m := &memory{kept: map[string]string{}}
	return Known{Path: filepath.Join(t.TempDir(), "new", "orgs.json"), Secrets: m}, m
}

func nothing(ui.Progress) {}

func TestKeptSignInIsUsedAgainAndForgotten(t *testing.T) {
	_, o := signedIn(t, demoorg.Options{})
	k, secrets := knownIn(t)
	known, err := k.Keep(t.Context(), o, "acme", noon)
	if err != nil {
		t.Fatal(err)
	}
	if !known.Kept || known.OrgID != demoorg.OrgID || known.Alias != "acme" {
		t.Errorf("known as %+v", known)
	}
	file, err := os.ReadFile(k.Path)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{o.Token.Access, o.Token.Refresh} {
		if secret == "" || strings.Contains(string(file), secret) {
			t.Error("the list of orgs holds a token, or there is none")
		}
	}
	again, err := k.Connect(known)
	if err != nil {
		t.Fatal(err)
	}
	if f, err := again.Scan(t.Context(), nothing); err != nil || len(f.Messages) == 0 {
		t.Errorf("scan: %d messages, %v", len(f.Messages), err)
	}

	notRevoked, err := k.Forget(t.Context(), known)
	if notRevoked != nil || err != nil {
		t.Fatalf("not revoked: %v, error: %v", notRevoked, err)
	}
	if len(secrets.kept) > 0 {
		t.Error("the keychain still has it")
	}
	if orgs, err := k.List(); len(orgs) > 0 || err != nil {
		t.Errorf("the list still has %v, %v", orgs, err)
	}
	if _, err := again.Scan(t.Context(), nothing); !errors.Is(err, org.ErrExpired) {
		t.Errorf("the org still takes it: %v", err)
	}
}

// Ten programs find their token expired at once. The org ends the whole sign-in
// when a refresh token is used twice, so they have to take turns.
func TestRenewalsTakeTurns(t *testing.T) {
	_, o := signedIn(t, demoorg.Options{Rotate: true})
	k, secrets := knownIn(t)
	o.Token.Access = "expired"
	known, err := k.Keep(t.Context(), o, "", noon)
	if err != nil {
		t.Fatal(err)
	}
	var programs errgroup.Group
	for range 10 {
		one, err := k.Connect(known)
		if err != nil {
			t.Fatal(err)
		}
		programs.Go(func() error {
			_, err := one.Scan(t.Context(), nothing)
			return err
		})
	}
	if err := programs.Wait(); err != nil {
		t.Fatal(err)
	}
	if now := secrets.only(t); now.Access == "expired" || now.Refresh == o.Token.Refresh {
		t.Error("the renewed sign-in was not kept")
	}
	later, err := k.Connect(known)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := later.Scan(t.Context(), nothing); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestSignInThatCanNotBeRenewedHasExpired(t *testing.T) {
	_, o := signedIn(t, demoorg.Options{})
	k, _ := knownIn(t)
	o.Token.Access, o.Token.Refresh = "expired", ""
	known, err := k.Keep(t.Context(), o, "", noon)
	if err != nil {
		t.Fatal(err)
	}
	c, err := k.Connect(known)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Scan(t.Context(), nothing); !errors.Is(err, org.ErrExpired) {
		t.Errorf("scan: %v", err)
	}
}

func TestWithoutKeychainTheOrgIsKnownAllTheSame(t *testing.T) {
	_, o := signedIn(t, demoorg.Options{})
	k, secrets := knownIn(t)
	secrets.locked = true
	known, err := k.Keep(t.Context(), o, "acme", noon)
	if !errors.Is(err, ErrNotKept) || known.Kept {
		t.Fatalf("kept %v: %v", known.Kept, err)
	}
	orgs, err := k.List()
	if err != nil || len(orgs) != 1 || orgs[0].Kept {
		t.Errorf("the list says %+v, %v", orgs, err)
	}
	if _, err := k.Forget(t.Context(), known); err != nil {
		t.Errorf("forget: %v", err)
	}
}

// A keychain that someone locked may still hold a sign-in: nothing is forgotten
// that could not be deleted.
func TestLockedKeychainForgetsNothing(t *testing.T) {
	_, o := signedIn(t, demoorg.Options{})
	k, secrets := knownIn(t)
	known, err := k.Keep(t.Context(), o, "", noon)
	if err != nil {
		t.Fatal(err)
	}
	secrets.locked = true
	if _, err := k.Forget(t.Context(), known); !errors.Is(err, errLocked) {
		t.Errorf("forget: %v", err)
	}
	if orgs, err := k.List(); len(orgs) != 1 || err != nil {
		t.Errorf("the list says %v, %v", orgs, err)
	}
}

// Who can write the list of orgs, or the keychain, still can't send a token to a
// stranger.
func TestTokenStaysWithSalesforce(t *testing.T) {
	_, o := signedIn(t, demoorg.Options{})
	k, secrets := knownIn(t)
	known, err := k.Keep(t.Context(), o, "", noon)
	if err != nil {
		t.Fatal(err)
	}
	known.Instance = "https://evil.example"
	c, err := k.Connect(known)
	if err != nil {
		t.Fatal(err)
	}
	if c.Token.InstanceURL != o.Token.InstanceURL {
		t.Errorf("the list decides where the token goes: %s", c.Token.InstanceURL)
	}
	for name, text := range secrets.kept {
		secrets.kept[name] = strings.ReplaceAll(text, `"instance":"`+o.Token.InstanceURL, `"instance":"https://x.my.salesforce.com.evil.test`)
	}
	if _, err := k.Connect(known); err == nil {
		t.Error("a strange address is taken")
	}
}

// What a kept sign-in can't be used for is told from one that is no good any more.
func TestOnlyAWornOutSignInIsSaidToBe(t *testing.T) {
	refusing := func(code string) demoorg.Fault {
		return demoorg.Fault{On: "token/refresh_token", Play: func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"error":"` + code + `"}`))
		}}
	}
	for name, c := range map[string]struct {
		fault demoorg.Fault
		spoil func(*demoorg.Server, *memory)
		worn  bool
	}{
		"a refused grant":             {refusing("invalid_grant"), func(s *demoorg.Server, _ *memory) { s.ExpireSessions() }, true},
		"an org that signs in nobody": {refusing("temporarily_unavailable"), func(s *demoorg.Server, _ *memory) { s.ExpireSessions() }, false},
		"no line":                     {demoorg.Fault{}, func(s *demoorg.Server, _ *memory) { _ = s.Close() }, false},
		"nothing kept":                {demoorg.Fault{}, func(_ *demoorg.Server, m *memory) { clear(m.kept) }, true},
		"a locked store":              {demoorg.Fault{}, func(_ *demoorg.Server, m *memory) { m.locked = true }, false},
		"a spoilt one": {demoorg.Fault{}, func(_ *demoorg.Server, m *memory) {
			for name := range m.kept {
				m.kept[name] = "{"
			}
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			var options demoorg.Options
			if c.fault.Play != nil {
				options.Faults = []demoorg.Fault{c.fault}
			}
			s, o := signedIn(t, options)
			k, secrets := knownIn(t)
			known, err := k.Keep(t.Context(), o, "", noon)
			if err != nil {
				t.Fatal(err)
			}
			c.spoil(s, secrets)
			_, err = Again{List: k}.Reconnect(t.Context(), ui.KnownOrg{ID: known.OrgID, Username: known.Username})
			if _, worn := errors.AsType[ui.Worn](err); err == nil || worn != c.worn {
				t.Errorf("it says %v", err)
			}
		})
	}
}
