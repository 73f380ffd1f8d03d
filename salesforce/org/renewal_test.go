package org

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"sidestep/salesforce/signin"
)

// renewal is a Refresh that gives the token that change makes of the old one.
func (f *fakeOrg) renewal(count *atomic.Int32, change func(*signin.Token)) func(context.Context) (signin.Token, error) {
	return func(context.Context) (signin.Token, error) {
		count.Add(1)
		t := f.signedIn()
		change(&t)
		return t, nil
	}
}

// Threat "expired login": one refresh, one repeat, then ask to sign in.
func TestExpiredSignInIsRenewedOnceForAllCalls(t *testing.T) {
	org := newFakeOrg(t, 100)
	var renewals atomic.Int32
	var expired atomic.Bool
	org.hook = reads(func(http.ResponseWriter, string) bool {
		if expired.CompareAndSwap(false, true) {
			org.token.Store("00Dnew!token")
		}
		return false
	})
	c := org.client(Options{Refresh: org.renewal(&renewals, func(t *signin.Token) { t.Access = "00Dnew!token" })})
	found, err := c.Scan(t.Context(), nil)
	if err != nil || len(found.Messages) != 100 || renewals.Load() != 1 {
		t.Errorf("%v, %d messages, %d renewals", err, len(found.Messages), renewals.Load())
	}
	if c.Token().Access != "00Dnew!token" {
		t.Error("the new token is not the one in use")
	}
}

func TestSignInRefusedForGood(t *testing.T) {
	org := newFakeOrg(t, 100)
	org.token.Store("00Dother")
	var renewals atomic.Int32
	c := org.client(Options{Refresh: org.renewal(&renewals, func(t *signin.Token) { t.Access = "00Dstill!wrong" })})
	for range 2 {
		if _, err := c.Scan(t.Context(), nil); !errors.Is(err, ErrExpired) {
			t.Fatalf("got %v", err)
		}
	}
	if _, err := c.Identity(t.Context()); !errors.Is(err, ErrExpired) {
		t.Errorf("got %v", err)
	}
	if renewals.Load() != 1 {
		t.Errorf("%d renewals", renewals.Load())
	}
}

func TestExpiredSignInWithoutRefresh(t *testing.T) {
	org := newFakeOrg(t, 1)
	org.token.Store("00Dother")
	if _, err := org.client(Options{}).Scan(t.Context(), nil); !errors.Is(err, ErrExpired) {
		t.Errorf("got %v", err)
	}
	if n := org.asked("listMetadata"); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

func TestRefreshThatFails(t *testing.T) {
	down := errors.New("network down")
	refused := &signin.Refused{Code: "invalid_grant", Description: "expired access/refresh token"}
	busy := &signin.Refused{Code: "temporarily_unavailable"}
	often := &signin.Refused{Code: "invalid_grant", Description: "login rate exceeded"}
	for cause, expired := range map[error]bool{down: false, refused: true, busy: false, often: false} {
		org := newFakeOrg(t, 100)
		org.token.Store("00Dother")
		asked := 0
		_, err := org.client(Options{Refresh: func(context.Context) (signin.Token, error) { asked++; return signin.Token{}, cause }}).Scan(t.Context(), nil)
		if !errors.Is(err, cause) || errors.Is(err, ErrExpired) != expired || asked > 3 {
			t.Errorf("got %v after %d renewals", err, asked)
		}
	}
}

func TestRefreshThatLeadsElsewhere(t *testing.T) {
	for want, change := range map[string]func(*signin.Token){
		"another org":              func(t *signin.Token) { t.OrgID = "00D5g000001OtherXXX" },
		"not a Salesforce address": func(t *signin.Token) { t.InstanceURL = "https://x.my.salesforce.com.evil.test" },
	} {
		org := newFakeOrg(t, 1)
		org.token.Store("00Dother")
		var renewals atomic.Int32
		_, err := org.client(Options{Refresh: org.renewal(&renewals, change)}).Scan(t.Context(), nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v", err)
		}
	}
}
