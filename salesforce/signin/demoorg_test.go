package signin_test

import (
	"context"
	"errors"
	"testing"

	"sidestep/salesforce/demoorg"
	"sidestep/salesforce/org"
	"sidestep/salesforce/signin"
)

// The whole life of a sign-in over real connections: link, the admin's browser,
// callback, API calls, renewal when the token is refused, log-out.
func TestSignInToTheBuiltInOrg(t *testing.T) {
	for name, rotate := range map[string]bool{"fixed refresh token": false, "rotation": true} {
		t.Run(name, func(t *testing.T) {
			server, err := demoorg.Start(t.Context(), demoorg.Options{Rotate: rotate})
			if err != nil {
				t.Fatal(err)
			}
			defer server.Close()
			host, err := signin.ParseHost(server.URL())
			if err != nil {
				t.Fatal(err)
			}
			o := signin.Options{Host: host, ClientID: demoorg.ClientID}
			attempt, err := signin.Start(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			defer attempt.Close()
			if !attempt.Listening() {
				t.Skip("every registered port of this computer is busy")
			}
			approved := make(chan error, 1)
			go func() { approved <- server.Approve(t.Context(), attempt.Link()) }()
			token, err := attempt.Wait(t.Context())
			if err := errors.Join(err, <-approved); err != nil {
				t.Fatal(err)
			}
			if token.OrgID != demoorg.OrgID || token.InstanceURL != server.URL() || token.Refresh == "" || token.IssuedAt.IsZero() {
				t.Errorf("%v", token)
			}

			stale := token
			stale.Access = "00D5g000001NwTr!AQexpired"
			renewed := token
			c := org.New(stale, org.Options{Refresh: func(ctx context.Context) (signin.Token, error) {
				fresh, err := signin.Refresh(ctx, o, token)
				renewed = fresh
				return fresh, err
			}})
			if found, err := c.Scan(t.Context(), nil); err != nil || !found.Source.Complete {
				t.Fatalf("%v, %+v", err, found.Source)
			}
			if (renewed.Refresh != token.Refresh) != rotate || renewed.Access == stale.Access {
				t.Errorf("refresh token replaced: %v", renewed.Refresh != token.Refresh)
			}

			if err := signin.Revoke(t.Context(), o, renewed); err != nil {
				t.Fatal(err)
			}
			if err := signin.Revoke(t.Context(), o, renewed); err != nil {
				t.Errorf("revoking twice: %v", err)
			}
			var no *signin.Refused
			if _, err := signin.Refresh(t.Context(), o, renewed); !errors.As(err, &no) {
				t.Errorf("a revoked sign-in was renewed: %v", err)
			}
			if _, err := org.New(renewed, org.Options{}).Scan(t.Context(), nil); !errors.Is(err, org.ErrExpired) {
				t.Errorf("a revoked sign-in still reads: %v", err)
			}
		})
	}
}

func TestUnknownAppAtTheBuiltInOrg(t *testing.T) {
	server, err := demoorg.Start(t.Context(), demoorg.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	_, err = signin.Refresh(t.Context(), signin.Options{Host: server.URL(), ClientID: "unknown"}, signin.Token{Refresh: "r"})
	var no *signin.Refused
	if !errors.As(err, &no) || no.Hint() == "" {
		t.Errorf("got %v", err)
	}
}
