package org

import (
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
