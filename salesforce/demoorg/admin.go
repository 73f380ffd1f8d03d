package demoorg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// Backup is the source repository that belongs to the org.
type Backup struct {
	// Name is the name of the file.
	Name string
	Zip  []byte
	// AsOf is when the repository was last brought up to date, as the server says.
	AsOf time.Time
}

const (
	maxPage   = 1 << 20
	maxBackup = 64 << 20
)

// Backup downloads the source repository over HTTP.
func (s *Server) Backup(ctx context.Context) (Backup, error) {
	fail := func(err error) (Backup, error) {
		return Backup{}, fmt.Errorf("download the source repository: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+backupPath, nil)
	if err != nil {
		return fail(err)
	}
	resp, err := s.client().Do(req)
	if err != nil {
		return fail(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fail(errors.New(resp.Status))
	}
	asOf, err := http.ParseTime(resp.Header.Get("Last-Modified"))
	if err != nil {
		return fail(err)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBackup+1))
	if err != nil {
		return fail(err)
	}
	if len(body) > maxBackup {
		return fail(fmt.Errorf("more than %d bytes", maxBackup))
	}
	return Backup{Name: backupName, Zip: body, AsOf: asOf}, nil
}

// Approve acts as the admin's browser: it opens the sign-in page at link, clicks
// Log in, and follows the redirect to the program that waits for it on this
// computer. It refuses links and redirects that lead anywhere else.
func (s *Server) Approve(ctx context.Context, link string) error {
	fail := func(err error) error { return fmt.Errorf("approve as the demo admin: %w", err) }
	u, err := url.Parse(link)
	if err != nil {
		return fail(err)
	}
	if !loopback(u) {
		return fail(errors.New("the link does not lead to this computer"))
	}
	browser := s.client()
	page, err := fetch(ctx, browser, http.MethodGet, u, nil)
	if err != nil {
		return fail(err)
	}
	if page.next != nil {
		return fail(fmt.Errorf("the org refused: %s", page.next.Query().Get("error_description")))
	}
	form, err := signInForm(page.body)
	if err != nil {
		return fail(err)
	}
	answer, err := fetch(ctx, browser, http.MethodPost, u.ResolveReference(&url.URL{Path: form.action}), form.values)
	if err != nil {
		return fail(err)
	}
	for range 3 {
		if answer.next == nil {
			return nil
		}
		if !loopback(answer.next) {
			return fail(errors.New("the redirect does not lead to this computer"))
		}
		if answer, err = fetch(ctx, browser, http.MethodGet, answer.next, nil); err != nil {
			return fail(err)
		}
	}
	return fail(errors.New("too many redirects"))
}

// client follows no redirects by itself and uses no proxy: everything here is
// on this computer.
func (s *Server) client() *http.Client {
	return &http.Client{
		Timeout:       30*time.Second + 2*s.o.Latency,
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func loopback(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "http" && u.User == nil && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

// fetched is a page, or the address that it redirects to.
type fetched struct {
	body string
	next *url.URL
}

func fetch(ctx context.Context, browser *http.Client, method string, u *url.URL, form url.Values) (fetched, error) {
	req, err := http.NewRequestWithContext(ctx, method, u.String(), strings.NewReader(form.Encode()))
	if err != nil {
		return fetched{}, err
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := browser.Do(req)
	if err != nil {
		var ue *url.Error
		if errors.As(err, &ue) {
			err = ue.Err // the address holds the code
		}
		return fetched{}, err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		next, err := resp.Location()
		return fetched{next: next}, err
	}
	if resp.StatusCode >= 400 {
		return fetched{}, fmt.Errorf("%s answered %s", u.Host, resp.Status)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxPage))
	return fetched{body: string(body)}, err
}

// pageForm is a form filled in and its Log in button pressed.
type pageForm struct {
	action string
	values url.Values
}

func signInForm(page string) (pageForm, error) {
	form := pageForm{values: url.Values{}}
	pressed := false
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if form.action == "" || !pressed {
				return form, errors.New("the page has no Log in button")
			}
			return form, nil
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			attr := map[string]string{}
			for _, a := range t.Attr {
				attr[a.Key] = a.Val
			}
			switch {
			case t.Data == "form" && attr["method"] == "post":
				form.action = attr["action"]
			case t.Data == "input" && attr["type"] == "hidden":
				form.values.Set(attr["name"], attr["value"])
			case t.Data == "button" && attr["value"] == "login":
				form.values.Set(attr["name"], attr["value"])
				pressed = true
			}
		}
	}
}
