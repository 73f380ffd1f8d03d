package signin

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"html"
	"io"
	"net/http"
	"strings"
)

// outcome is how an attempt ended, as far as the browser's page tells.
type outcome int

const (
	signedIn outcome = iota
	refused
	failed
)

func outcomeOf(err error) outcome {
	var no *Refused
	switch {
	case err == nil:
		return signedIn
	case errors.As(err, &no):
		return refused
	}
	return failed
}

// pages holds fixed text only: nothing that a request or an org said is ever
// repeated in the browser.
var pages = [...]struct{ Path, Mark, Title, Text string }{
	signedIn: {"/signed-in", "✓", "You are signed in", "Sidestep has what it needs. You can close this tab and go back to your terminal."},
	refused:  {"/refused", "!", "The org said no", "Nothing was signed in. Your terminal says why and what to do next. You can close this tab."},
	failed:   {"/failed", "!", "The sign-in did not work", "The org's answer could not be used. Your terminal says why and what to do next. You can close this tab."},
}

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

var policy = contentPolicy()

func contentPolicy() string {
	sum := sha256.Sum256([]byte(pageCSS))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

func (o outcome) path() string { return pages[o].Path }

func (o outcome) write(w http.ResponseWriter) {
	p := pages[o]
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, strings.NewReplacer(
		"{{.CSS}}", pageCSS, "{{.Mark}}", p.Mark, "{{.Title}}", p.Title, "{{.Text}}", html.EscapeString(p.Text),
	).Replace(pageHTML))
}

// guard sets the headers that every answer of the callback server carries.
func guard(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
}
