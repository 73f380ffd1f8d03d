package ui

import "strings"

func (w *world) Base(text string) (string, error) {
	return "https://" + strings.TrimPrefix(text, "https://"), w.Accepts(text)
}

func (w *world) Callbacks() []string {
	return []string{"http://localhost:1717/OauthRedirect", "http://localhost:1718/OauthRedirect"}
}
