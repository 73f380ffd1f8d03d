package org

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"sidestep/salesforce/signin"
)

func TestUsage(t *testing.T) {
	for header, want := range map[string]Usage{
		"api-usage=10018/100000":                               {10018, 100000},
		"api-usage=1/2; per-app-api-usage=17/250(appName=app)": {1, 2},
		"per-app-api-usage=17/250(appName=app)":                {},
		"api-usage=x/2":                                        {},
		"api-usage=1":                                          {},
		"api-usage=-1/0":                                       {},
		"":                                                     {},
	} {
		c := New(signin.Token{}, Options{})
		c.noteUsage(header)
		if got := c.lastUsage(); got != want {
			t.Errorf("%q: %+v", header, got)
		}
	}
}

// TestAHeadWithoutEndIsNotRead: net/http says so in words alone, which may change.
func TestAHeadWithoutEndIsNotRead(t *testing.T) {
	f := newFakeOrg(t, 1)
	f.hook = func(w http.ResponseWriter, _ *http.Request, _ string) bool {
		w.Header().Set("X-Padding", strings.Repeat("x", 2<<20))
		w.WriteHeader(http.StatusOK)
		return true
	}
	if _, err := f.client(Options{}).apiVersion(t.Context()); !errors.Is(err, errHuge) {
		t.Errorf("got %v", err)
	}
}
