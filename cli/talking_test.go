//go:build unix

package cli

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

type answering = func(w http.ResponseWriter, r *http.Request, body string) bool

// on makes a hook that takes over requests which hold part.
func on(part string, answer func(w http.ResponseWriter)) answering {
	return func(w http.ResponseWriter, r *http.Request, body string) bool {
		if !strings.Contains(r.RequestURI+" "+body, part) {
			return false
		}
		answer(w)
		return true
	}
}

// first is on for the first n requests.
func first(n int32, part string, answer func(w http.ResponseWriter)) answering {
	var asked atomic.Int32
	return func(w http.ResponseWriter, r *http.Request, body string) bool {
		if !strings.Contains(r.RequestURI+" "+body, part) || asked.Add(1) > n {
			return false
		}
		answer(w)
		return true
	}
}

// both asks one hook, then the other.
func both(hooks ...answering) answering {
	return func(w http.ResponseWriter, r *http.Request, body string) bool {
		for _, h := range hooks {
			if h(w, r, body) {
				return true
			}
		}
		return false
	}
}

func refusing(code string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { soapFault(w, code) }
}

func restRefusing(status int, code string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { restRefusal(w, status, code) }
}

func writing(text string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { fmt.Fprint(w, text) }
}

const loginPage = "<!DOCTYPE html><html><head><title>Login | Salesforce</title></head><body>Login</body></html>"

// Threat "flag is false everywhere".
func TestFlagsThatAreFalseProveNothing(t *testing.T) {
	t.Parallel()
	org := startAPIOrg(t, 12)
	s := org.scan(t)
	s.whole(t, 12)
	for _, m := range s.messages {
		if m.IncludeSessionID == nil || *m.IncludeSessionID || m.Verdict != "unknown" {
			t.Errorf("%s is %s", m.Key, m.Verdict)
		}
	}
	cmd, again := org.command(t, nil, "--fail-on", "affected")
	if s := again.run(t, cmd); s.code != affectedRemain || !strings.Contains(s.words, "12 messages affected or unknown") {
		t.Errorf("exit code %d: %s", s.code, s.words)
	}
}

// Threat "one vs many".
func TestAsManyAsThereAre(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 2, 2000, 2001, 5000} {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			startAPIOrg(t, n).scanSmall(t).whole(t, n)
		})
	}
	weak := startAPIOrg(t, 30)
	weak.hook = on("/Soap/", refusing("INSUFFICIENT_ACCESS"))
	weak.scan(t).whole(t, 30)
}

// Threat "incomplete answer taken as complete".
func TestIncompleteAnswers(t *testing.T) {
	t.Parallel()
	const many = 120
	all := make([]string, many)
	for i := range all {
		all[i] = fmt.Sprintf("Account.Message_%04d", i)
	}
	zipOf := func(status string, names []string) answering {
		return on("<met:checkRetrieveStatus>", writing(soapEnvelope(checked(status, packed(names)))))
	}
	noZip := on("<met:retrieve>", refusing("FUNCTIONALITY_NOT_ENABLED"))
	tooling := on("/Soap/", refusing("INSUFFICIENT_ACCESS"))
	const next = "/services/data/v66.0/tooling/query/01g5g000000AbCd-2000"
	read := soapEnvelope("<readMetadataResponse><result><records/></result></readMetadataResponse>")
	batch := func(answer func(http.ResponseWriter)) answering { return both(noZip, on("Message_0010<", answer)) }
	for name, c := range map[string]struct {
		n, found int
		hook     answering
		says     string
	}{
		"page 2 fails":              {30, 20, both(tooling, on(next, restRefusing(400, "INVALID_QUERY_LOCATOR")), on("/query/?", writing(rowsOf(30, 0, 20, next)))), "The org has 30 outbound messages and named 20"},
		"page 2 leads elsewhere":    {30, 20, both(tooling, on("/query/?", writing(rowsOf(30, 0, 20, "https://evil.test"+next)))), "leads elsewhere"},
		"totalSize is not the rows": {30, 20, both(tooling, on("/query/?", writing(rowsOf(30, 0, 20, "")))), "The org has 30 outbound messages and named 20"},
		"cut JSON":                  {30, 5, both(tooling, on(messageID(0), writing(`{"compositeResponse":[{"bo`))), "incomplete or damaged"},
		"a page for JSON": {30, 5, both(tooling, on(messageID(0), func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, "<html>Login</html>")
		})), "web page instead of data"},
		"200 with a page":              {25, 15, batch(writing(loginPage)), "web page instead of data"},
		"cut XML":                      {25, 15, batch(writing(read[:len(read)-40])), "incomplete or damaged"},
		"cut gzip":                     {25, 15, batch(cutGzip), "incomplete or damaged"},
		"a name is not answered":       {25, 15, batch(writing(read)), "Account.Message_0010 is in the org but was not read"},
		"zip lacks a message":          {many, many - 1, both(zipOf("Succeeded", all[1:]), on("<met:readMetadata>", writing(read))), "Account.Message_0000 is in the org but was not read|lack 1 of the 120"},
		"a part is called a success":   {many, many, zipOf("SucceededPartial", all[1:]), "only a part of its files"},
		"retrieve and reading do fail": {many, 0, both(zipOf("Failed", nil), on("<met:readMetadata>", writing(read))), "is in the org but was not read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := startAPIOrg(t, c.n)
			org.hook = c.hook
			org.scan(t).partial(t, c.found, c.says)
		})
	}
	t.Run("the list is a page", func(t *testing.T) {
		t.Parallel()
		org := startAPIOrg(t, 3)
		org.hook = on("<met:listMetadata>", writing(loginPage))
		org.scan(t).none(t, failed, "web page instead of data|open the org in a browser")
	})
}

func cutGzip(w http.ResponseWriter) {
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	_, _ = io.WriteString(z, soapEnvelope("<readMetadataResponse>"))
	_ = z.Flush() // and no end
}

// Threat "missing rights look empty".
func TestMissingRightsAreNamed(t *testing.T) {
	t.Parallel()
	hidden := on("/query/?", writing(`{"totalSize":0,"done":true,"records":[]}`))
	const right = "Modify Metadata Through Metadata API Functions"
	for name, c := range map[string]struct {
		hook answering
		n    int
		says string
	}{
		"no rights at all":        {both(on("/Soap/", refusing("INSUFFICIENT_ACCESS")), on("/query/?", restRefusing(400, "INVALID_TYPE"))), 3, right},
		"nothing is shown":        {both(on("/Soap/", refusing("INSUFFICIENT_ACCESS")), hidden), 3, right + "|API Enabled"},
		"no API":                  {on("/Soap/", refusing("API_DISABLED_FOR_ORG")), 3, "API Enabled"},
		"the list is empty":       {on("/query/?", writing(rowsOf(3, 0, 0, ""))), 0, right},
		"empty and no more known": {on("/query/?", restRefusing(400, "INVALID_TYPE")), 0, "View Setup and Configuration"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := startAPIOrg(t, c.n)
			org.hook = c.hook
			s := org.scan(t)
			if s.code == fine || s.complete || len(s.messages) > 0 {
				t.Errorf("exit code %d, complete %v, %d messages", s.code, s.complete, len(s.messages))
			}
			s.says(t, c.says)
		})
	}
	t.Run("Tooling API instead", func(t *testing.T) {
		t.Parallel()
		org := startAPIOrg(t, 3)
		org.hook = on("/Soap/", refusing("INSUFFICIENT_ACCESS"))
		s := org.scan(t)
		s.whole(t, 3)
		s.says(t, right+"|Tooling API|does not tell what fires")
	})
}

// Threat "expired login".
func TestExpiredSignIn(t *testing.T) {
	t.Parallel()
	t.Run("once", func(t *testing.T) {
		t.Parallel()
		org := startAPIOrg(t, 40)
		org.expire()
		org.scan(t).whole(t, 40)
		if org.refresh != 1 {
			t.Errorf("renewed %d times", org.refresh)
		}
	})
	t.Run("once, outside of SOAP", func(t *testing.T) {
		t.Parallel()
		org := startAPIOrg(t, 40)
		org.hook = both(on("/Soap/", refusing("INSUFFICIENT_ACCESS")), first(1, "/composite", restRefusing(401, "INVALID_SESSION_ID")))
		org.scan(t).whole(t, 40)
		if org.refresh != 1 {
			t.Errorf("renewed %d times", org.refresh)
		}
	})
	t.Run("after the list", func(t *testing.T) {
		t.Parallel()
		org := startAPIOrg(t, 100)
		org.hook = both(on("<met:readMetadata>", refusing("INVALID_SESSION_ID")), on("<met:retrieve>", refusing("INVALID_SESSION_ID")))
		org.scan(t).none(t, notSignedIn, "not signed in to acme")
		if org.refresh != 1 {
			t.Errorf("renewed %d times", org.refresh)
		}
	})
	t.Run("always", func(t *testing.T) {
		t.Parallel()
		org := startAPIOrg(t, 40)
		org.hook = on("/Soap/", refusing("INVALID_SESSION_ID"))
		org.scan(t).none(t, notSignedIn, "not signed in to acme|sidestep login --host")
		if org.refresh != 1 || org.asked("/Soap/") > 4 {
			t.Errorf("renewed %d times, asked %d times", org.refresh, org.asked("/Soap/"))
		}
	})
}

// Threat "limits".
func TestLimits(t *testing.T) {
	t.Parallel()
	t.Run("used up", func(t *testing.T) {
		t.Parallel()
		org := startAPIOrg(t, 100)
		org.hook = both(on("<met:retrieve>", restRefusing(403, "REQUEST_LIMIT_EXCEEDED")), on("Message_0000<", restRefusing(403, "REQUEST_LIMIT_EXCEEDED")))
		s := org.scan(t)
		if s.code == fine || s.complete {
			t.Errorf("exit code %d, complete %v", s.code, s.complete)
		}
		s.says(t, "API calls for today are used up|Company Information")
		if n := org.asked("Message_0000<"); n != 1 {
			t.Errorf("asked %d times", n)
		}
	})
	// What was read by then is printed, and is not taken for all.
	t.Run("used up on the way", func(t *testing.T) {
		t.Parallel()
		org := startAPIOrg(t, 60)
		sixth := make(chan bool)
		var begun sync.Once
		used := restRefusing(403, "REQUEST_LIMIT_EXCEEDED")
		org.hook = func(w http.ResponseWriter, r *http.Request, body string) bool {
			switch {
			case strings.Contains(body, "Message_0050<"): // four are read at once, so some are through
				begun.Do(func() { close(sixth) })
				return false
			case strings.Contains(body, "Message_0000<"):
				<-sixth
				used(w)
				return true
			}
			return on("<met:retrieve>", used)(w, r, body)
		}
		s := org.scan(t)
		if s.code != incomplete || s.complete || len(s.messages) < 20 || len(s.messages) > 50 {
			t.Errorf("exit code %d, complete %v, %d messages", s.code, s.complete, len(s.messages))
		}
		s.says(t, "the scan is incomplete|API calls for today are used up|Account.Message_0000 is in the org but was not read")
	})
	t.Run("at most five at once", func(t *testing.T) {
		t.Parallel()
		org := startAPIOrg(t, 300)
		four := make(chan bool)
		var waiting atomic.Int32
		// No batch is answered until four wait, and more had their time: the fifth call
		// is kept free for what is asked besides.
		held := on("/composite", func(http.ResponseWriter) {})
		org.hook = func(w http.ResponseWriter, r *http.Request, body string) bool {
			if held(w, r, body) && waiting.Add(1) == 4 {
				time.AfterFunc(300*time.Millisecond, func() { close(four) })
			}
			if held(w, r, body) {
				<-four
			}
			return on("/Soap/", refusing("INSUFFICIENT_ACCESS"))(w, r, body)
		}
		org.scan(t).whole(t, 300)
		if org.most != 4 && org.most != 5 {
			t.Errorf("%d calls at once", org.most)
		}
	})
}

// messageList is how a scan asks for the names of the messages.
const messageList = "<met:queries><met:type>WorkflowOutboundMessage"

// Threat "unrest": what passes is asked again, at most four times in all.
func TestUnrestPasses(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(w http.ResponseWriter){
		"420": func(w http.ResponseWriter) { w.WriteHeader(420) },
		"429": restRefusing(429, "X"),
		"502 with a page": func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(502)
			fmt.Fprint(w, loginPage)
		},
		"503 with a wish": func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(503)
		},
		"503 with junk":      func(w http.ResponseWriter) { w.Header().Set("Retry-After", "-1 or so"); w.WriteHeader(503) },
		"UNABLE_TO_LOCK_ROW": refusing("UNABLE_TO_LOCK_ROW"),
		"reset": func(w http.ResponseWriter) {
			if c, _, err := w.(http.Hijacker).Hijack(); err == nil {
				_ = c.Close()
			}
		},
		"cut after headers": func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "5000")
			_, _ = io.WriteString(w, "<soapenv:Envelope")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := startAPIOrg(t, 2)
			org.hook = first(1, messageList, answer)
			org.scan(t).whole(t, 2)
			if n := org.asked(messageList); n != 2 {
				t.Errorf("asked %d times", n)
			}
		})
	}
	t.Run("stays", func(t *testing.T) {
		t.Parallel()
		org := startAPIOrg(t, 2)
		org.hook = on("<met:listMetadata>", func(w http.ResponseWriter) { w.WriteHeader(503) })
		org.scan(t).none(t, failed, "overloaded or under maintenance")
		if n := org.asked("<met:listMetadata>"); n != 4 {
			t.Errorf("asked %d times", n)
		}
	})
}
