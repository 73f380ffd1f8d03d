package org

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"sidestep/salesforce/signin"
)

// versions asks the simplest question, with a network and a clock of its own.
func versions(ctx context.Context, answer transport, o Options) (float64, error) {
	o.HTTP = &http.Client{Transport: answer}
	return New(signin.Token{Access: testToken, InstanceURL: "https://acme.my.salesforce.com", OrgID: testOrg}, o).apiVersion(ctx)
}

const versionList = `[{"version":"66.0"}]`

// Threat "unrest": the same question again after growing pauses, four times at most.
func TestPassingTroubleIsRetried(t *testing.T) {
	page := func(status int, header ...string) func() (*http.Response, error) {
		return func() (*http.Response, error) {
			h := http.Header{"Content-Type": {"text/html"}}
			for i := 0; i+1 < len(header); i += 2 {
				h.Set(header[i], header[i+1])
			}
			return respond(status, h, strings.NewReader("<html>busy</html>")), nil
		}
	}
	rest := func(status int, code string) func() (*http.Response, error) {
		return func() (*http.Response, error) {
			return respond(status, nil, strings.NewReader(`[{"message":"m","errorCode":"`+code+`"}]`)), nil
		}
	}
	fails := func(err error) func() (*http.Response, error) {
		return func() (*http.Response, error) { return nil, err }
	}
	for name, c := range map[string]struct {
		answer func() (*http.Response, error)
		tries  int
	}{
		"420":                 {page(420), 4},
		"429":                 {page(429), 4},
		"502":                 {page(502), 4},
		"503":                 {page(503), 4},
		"lock":                {rest(400, "UNABLE_TO_LOCK_ROW"), 4},
		"unavailable":         {rest(500, "SERVER_UNAVAILABLE"), 4},
		"unexplained":         {rest(500, "UNKNOWN_EXCEPTION"), 2},
		"reset":               {fails(&net.OpError{Op: "read", Err: errors.New("connection reset by peer")}), 4},
		"closed":              {fails(io.EOF), 4},
		"limit":               {rest(403, "REQUEST_LIMIT_EXCEEDED"), 1},
		"limit as 503":        {rest(503, "REQUEST_LIMIT_EXCEEDED"), 1},
		"no rights":           {rest(403, "INSUFFICIENT_ACCESS"), 1},
		"not found":           {page(404), 1},
		"own fault":           {page(500), 1},
		"retired":             {page(410), 1},
		"no such host":        {fails(&net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", IsNotFound: true}}), 1},
		"nobody listens":      {fails(&net.OpError{Op: "dial", Err: errors.New("connection refused")}), 1},
		"unknown certificate": {fails(errors.New("x509: certificate signed by unknown authority")), 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tries := 0
				_, err := versions(t.Context(), func(*http.Request) (*http.Response, error) {
					tries++
					return c.answer()
				}, Options{})
				if err == nil || strings.Contains(err.Error(), "\n") || tries != c.tries {
					t.Errorf("%d tries, want %d: %v", tries, c.tries, err)
				}
				if hint, ok := err.(interface{ Hint() string }); !ok || hint.Hint() == "" {
					t.Errorf("no hint: %v", err)
				}
				tries = 0
				v, err := versions(t.Context(), func(*http.Request) (*http.Response, error) {
					if tries++; tries == 1 {
						return c.answer()
					}
					return respond(200, nil, strings.NewReader(versionList)), nil
				}, Options{})
				if again := c.tries > 1; again != (err == nil && v == 66) {
					t.Errorf("after one failure: %v, %v", v, err)
				}
			})
		})
	}
}

func TestRetryAfterIsHonouredUpToTheCap(t *testing.T) {
	for asked, want := range map[string]time.Duration{
		"2": 2 * time.Second, "20": 20 * time.Second, "86400": maxPause, "-1": 0, "junk": 0, "1h": 0, "": 0,
		"9999999999999999999": 0,
		"@7":                  7 * time.Second, "@-7": 0, "@7200": maxPause,
	} {
		t.Run(asked, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if seconds, isDate := strings.CutPrefix(asked, "@"); isDate {
					d, err := time.ParseDuration(seconds + "s")
					if err != nil {
						t.Fatal(err)
					}
					asked = time.Now().Add(d).UTC().Format(http.TimeFormat)
				}
				began, tries := time.Now(), 0
				var told []time.Duration
				var wished []bool
				ctx := withPauses(t.Context(), func(p pause) { told = append(told, p.lasts); wished = append(wished, p.asked) })
				_, err := versions(ctx, func(*http.Request) (*http.Response, error) {
					if tries++; tries == 1 {
						return respond(503, http.Header{"Retry-After": {asked}}, strings.NewReader("")), nil
					}
					return respond(200, nil, strings.NewReader(versionList)), nil
				}, Options{})
				waited := time.Since(began)
				if err != nil || len(told) != 1 || told[0] != waited {
					t.Fatalf("%v, told %v, waited %v", err, told, waited)
				}
				if wished[0] != (want > 0) {
					t.Errorf("the pause is said to be the org's wish: %v", wished[0])
				}
				if want > 0 && waited != want || want == 0 && (waited <= 0 || waited > time.Second) {
					t.Errorf("waited %v, want %v", waited, want)
				}
			})
		})
	}
}

func TestPausesReachTheProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		busy := transport(func(*http.Request) (*http.Response, error) {
			return respond(503, http.Header{"Retry-After": {"9"}}, strings.NewReader("")), nil
		})
		c := New(signin.Token{Access: testToken, InstanceURL: "https://acme.my.salesforce.com"}, Options{HTTP: &http.Client{Transport: busy}})
		paused := 0
		_, err := c.Scan(t.Context(), func(p Progress) {
			if p.Pause == 9*time.Second && p.Asked {
				paused++
			}
		})
		var e *APIError
		if !errors.As(err, &e) || e.Status != 503 || paused != 6 {
			t.Errorf("%v, told of %d pauses", err, paused)
		}
	})
}

// stalling delivers a byte after every pause, and then nothing.
type stalling struct {
	ctx   context.Context
	pause time.Duration
}

func (s stalling) Read(p []byte) (int, error) {
	var tick <-chan time.Time
	if s.pause > 0 {
		tick = time.After(s.pause)
	}
	select {
	case <-tick:
		p[0] = ' '
		return 1, nil
	case <-s.ctx.Done():
		return 0, s.ctx.Err()
	}
}

// Threat "bad line".
func TestSilentAndDrippingLinesEnd(t *testing.T) {
	for name, c := range map[string]struct {
		answer transport
		want   error
		after  time.Duration
	}{
		"no headers": {func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}, errIdle, idleLimit},
		"no body": {func(r *http.Request) (*http.Response, error) {
			return respond(200, nil, stalling{r.Context(), 0}), nil
		}, errIdle, idleLimit},
		"a byte a second": {func(r *http.Request) (*http.Response, error) {
			return respond(200, nil, stalling{r.Context(), time.Second}), nil
		}, errSlow, callLimit},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				if _, err := versions(t.Context(), c.answer, Options{}); !errors.Is(err, c.want) || time.Since(began) != c.after {
					t.Errorf("%v after %v", err, time.Since(began))
				}
			})
		})
	}
}

// Threat "cancel": in every phase, at once, with nothing left running (synctest
// fails when a goroutine stays).
func TestCancelInEveryPhase(t *testing.T) {
	for name, answer := range map[string]transport{
		"connecting": func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		},
		"body": func(r *http.Request) (*http.Response, error) {
			return respond(200, nil, stalling{r.Context(), time.Second}), nil
		},
		"pause": func(*http.Request) (*http.Response, error) {
			return respond(503, http.Header{"Retry-After": {"20"}}, strings.NewReader("")), nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(5500*time.Millisecond, cancel)
				began := time.Now()
				_, err := versions(ctx, answer, Options{})
				if !errors.Is(err, context.Canceled) || time.Since(began) != 5500*time.Millisecond {
					t.Errorf("%v after %v", err, time.Since(began))
				}
			})
		})
	}
}

func TestCutAnswersAreRetriedOverARealLine(t *testing.T) {
	for name, cut := range map[string]func(w http.ResponseWriter){
		"reset": func(w http.ResponseWriter) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				_ = conn.(*net.TCPConn).SetLinger(0)
				conn.Close()
			}
		},
		"after headers": func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "5000")
			_, _ = io.WriteString(w, "<soapenv:Envelope")
		},
		"cut gzip": func(w http.ResponseWriter) { gzipped(w, envelopeOf(readAnswer("Account.Message_0000")), 20) },
	} {
		t.Run(name, func(t *testing.T) {
			org := newFakeOrg(t, 1)
			var times atomic.Int32
			org.hook = reads(func(w http.ResponseWriter, _ string) bool {
				if times.Add(1) > 1 {
					return false
				}
				cut(w)
				return true
			})
			found, err := org.client(Options{}).Scan(t.Context(), nil)
			if err != nil || len(found.Messages) != 1 || !found.Source.Complete || times.Load() != 2 {
				t.Errorf("%+v, %v, asked %d times", found, err, times.Load())
			}
		})
	}
}

// Threats "org moved" and "token sent to a stranger".
func TestRedirects(t *testing.T) {
	strangers := 0
	stranger := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strangers++ }))
	defer stranger.Close()
	t.Run("org moved", func(t *testing.T) {
		moved := newFakeOrg(t, 12)
		old := newFakeOrg(t, 0)
		old.hook = func(w http.ResponseWriter, r *http.Request, _ string) bool {
			http.Redirect(w, r, moved.URL+r.RequestURI, http.StatusMovedPermanently)
			return true
		}
		c := old.client(Options{})
		found, err := c.Scan(t.Context(), nil)
		if err != nil || len(found.Messages) != 12 {
			t.Errorf("%v, %v", found, err)
		}
		if c.Token().InstanceURL != moved.URL {
			t.Errorf("the new address was not adopted: %s", c.Token().InstanceURL)
		}
	})
	for name, to := range map[string]string{
		"stranger":      strings.Replace(stranger.URL, "127.0.0.1", "127.0.0.2", 1) + "%s",
		"login page":    "/?ec=302&startURL=%s",
		"no encryption": "http://acme.my.salesforce.com%s",
		"lookalike":     "https://acme.my.salesforce.com.evil.test%s",
		"itself":        "%s",
	} {
		t.Run(name, func(t *testing.T) {
			org := newFakeOrg(t, 1)
			org.hook = func(w http.ResponseWriter, r *http.Request, body string) bool {
				if !strings.Contains(body, "listMetadata") {
					return false
				}
				w.Header().Set("Location", fmt.Sprintf(to, r.RequestURI))
				w.WriteHeader(http.StatusFound)
				return true
			}
			_, err := org.client(Options{}).Scan(t.Context(), nil)
			if err == nil || !strings.Contains(err.Error(), "another page") {
				t.Errorf("got %v", err)
			}
			if n := org.asked("listMetadata"); n > maxHops+1 {
				t.Errorf("followed %d times", n)
			}
		})
	}
	if strangers != 0 {
		t.Error("a stranger was asked")
	}
	if _, err := New(signin.Token{Access: "x", InstanceURL: stranger.URL + ".evil.test"}, Options{}).Scan(t.Context(), nil); err == nil {
		t.Error("a stranger's instance was asked")
	}
}

// A page of another host of Salesforce's is no org that has moved.
func TestLoginPageElsewhereIsNotAsked(t *testing.T) {
	login, org := newFakeOrg(t, 1), newFakeOrg(t, 1)
	org.hook = func(w http.ResponseWriter, r *http.Request, _ string) bool {
		http.Redirect(w, r, login.URL+"/?ec=302", http.StatusFound)
		return true
	}
	if _, err := org.client(Options{}).Scan(t.Context(), nil); err == nil || login.asked("") != 0 {
		t.Errorf("%v, %d calls went elsewhere", err, login.asked(""))
	}
}

func TestFiveCallsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var under, most atomic.Int32
		c := New(signin.Token{Access: testToken, InstanceURL: "https://acme.my.salesforce.com"}, Options{HTTP: &http.Client{
			Transport: transport(func(*http.Request) (*http.Response, error) {
				most.Store(max(most.Load(), under.Add(1)))
				time.Sleep(time.Second)
				under.Add(-1)
				return respond(200, nil, strings.NewReader(versionList)), nil
			}),
		}})
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if _, err := get[any](t.Context(), c, "/services/data/", true); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if most.Load() != maxCalls {
			t.Errorf("%d calls at once", most.Load())
		}
	})
}

func TestVersionsNeedNoToken(t *testing.T) {
	_, err := versions(t.Context(), func(r *http.Request) (*http.Response, error) {
		for name, values := range r.Header {
			if strings.Contains(strings.Join(values, ""), "canary") {
				t.Errorf("%s carries the token", name)
			}
		}
		return respond(200, nil, strings.NewReader(versionList)), nil
	}, Options{})
	if err != nil {
		t.Error(err)
	}
}

func TestEndlessJSONEnds(t *testing.T) {
	_, err := versions(t.Context(), func(*http.Request) (*http.Response, error) {
		return respond(200, nil, spaces{}), nil
	}, Options{})
	if !errors.Is(err, errHuge) {
		t.Errorf("got %v", err)
	}
}

type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}
