package org

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"sidestep/salesforce/signin"
)

// What a retrieve lacks is asked for by name, and never taken for not being there.
func TestRetrieve(t *testing.T) {
	const few, many = 12, 120
	for name, c := range map[string]struct {
		n        int
		prepare  func(*packing)
		byName   int // calls
		users    int
		messages int
		problem  string // that hides something
		notice   string
	}{
		"ready at once":               {n: many, users: many},
		"ready at the third look":     {n: many, prepare: func(p *packing) { p.looks.Store(2) }, users: many},
		"lacks a message":             {n: many, prepare: func(p *packing) { p.lacks = "Account.Message_0007" }, byName: 1, users: many - 1, notice: "lack 1 of the 120 messages that it lists (Account.Message_0007 is one)"},
		"lacks a message of few":      {n: few, prepare: func(p *packing) { p.lacks = "Account.Message_0007" }, byName: 2, users: few - 1, notice: "lack 1 of the 12"},
		"holds more than the list":    {n: few, prepare: func(p *packing) { p.adds = "Lead.Unlisted" }, byName: 2, users: few + 1, messages: few + 1, notice: "hold 1 messages that its list lacks (Lead.Unlisted is one)"},
		"warnings":                    {n: many, prepare: func(p *packing) { p.warnings = warning }, users: many, notice: "You do not have the proper permissions to access Flow"},
		"failed":                      {n: many, prepare: func(p *packing) { p.status = "Failed" }, byName: 12, notice: "could not pack its files (Failed)"},
		"says that it is a part":      {n: many, prepare: func(p *packing) { p.status = "SucceededPartial" }, byName: 12, problem: "only a part of its files (SucceededPartial)"},
		"refused":                     {n: many, prepare: func(p *packing) { p.refuses = "LIMIT_EXCEEDED" }, byName: 12, notice: "LIMIT_EXCEEDED"},
		"no zip":                      {n: many, prepare: func(p *packing) { p.zip = []byte{} }, byName: 12, notice: "it holds no zip"},
		"cut zip":                     {n: many, prepare: func(p *packing) { p.zip = zipOf(map[string]string{"a": "b"})[:60] }, byName: 12, notice: "not a zip, or only a part of one"},
		"empty zip":                   {n: many, prepare: func(p *packing) { p.zip = zipOf(nil) }, byName: 12, notice: "lack 120 of the 120"},
		"damaged file among few":      {n: few, prepare: func(p *packing) { p.zip = zipOf(map[string]string{"unpackaged/flows/A.flow": "<Flow>"}) }, byName: 2, problem: "{acme flows/A.flow", notice: "lack 12 of the 12"},
		"file with a name that flees": {n: few, prepare: func(p *packing) { p.zip = zipOf(map[string]string{"../../A.flow": "<Flow/>"}) }, byName: 2, problem: "leads out of the zip"},
	} {
		t.Run(name, func(t *testing.T) {
			org := newFakeOrg(t, c.n)
			if c.prepare != nil {
				c.prepare(&org.packing)
			}
			found, err := org.client(Options{Alias: "acme"}).Scan(t.Context(), nil)
			if err != nil || len(found.Messages) != max(c.n, c.messages) || len(found.Users) != c.users {
				t.Fatalf("%v, %d messages, %d users, %v", err, len(found.Messages), len(found.Users), found.Problems)
			}
			if n := org.asked("<met:readMetadata>"); n != c.byName {
				t.Errorf("%d calls by name, want %d", n, c.byName)
			}
			hiding := fmt.Sprint(unnoticed(found))
			if found.Source.Complete != (c.problem == "") || !strings.Contains(hiding, c.problem) || c.problem == "" && len(unnoticed(found)) > 0 {
				t.Errorf("complete %v, problems %s", found.Source.Complete, hiding)
			}
			if all := fmt.Sprint(found.Problems); !strings.Contains(all, c.notice) || c.notice == "" && c.problem == "" && len(found.Problems) > 0 {
				t.Errorf("said %s", all)
			}
			for _, m := range found.Messages {
				if m.File != "workflows/"+m.Object+".workflow" {
					t.Fatalf("%s is in %q", m.Key(), m.File)
				}
			}
		})
	}
}

const warning = "<messages><fileName>unpackaged/package.xml</fileName><problem>You do not have the proper permissions to access Flow.</problem></messages>"

// Threat "a retrieve zip lacks one object": where asking by name brings nothing
// either, the findings are not complete.
func TestWhatNeitherWayBringsIsAProblem(t *testing.T) {
	org := newFakeOrg(t, 120)
	org.packing.lacks = "Account.Message_0007"
	org.hook = reads(func(w http.ResponseWriter, _ string) bool {
		fmt.Fprint(w, envelopeOf("<readMetadataResponse><result><records/></result></readMetadataResponse>"))
		return true
	})
	found, err := org.client(Options{}).Scan(t.Context(), nil)
	problems := unnoticed(found)
	if err != nil || found.Source.Complete || len(found.Messages) != 119 || len(problems) != 1 || !strings.Contains(problems[0].Message, "Account.Message_0007 is in the org but was not read") {
		t.Errorf("%v, %d messages, %v", err, len(found.Messages), problems)
	}
}

// A message whose file is missing must not look as if only flows fired it.
func TestUsersOfWhatTheZipLacksAreNotKnown(t *testing.T) {
	org := newFakeOrg(t, 1)
	org.packing.zip = zipOf(map[string]string{"unpackaged/flows/Notify.flow": `<Flow xmlns="http://soap.sforce.com/2006/04/metadata"><actionCalls><name>N</name><actionName>Account.Message_0000</actionName><actionType>outboundMessage</actionType></actionCalls><processType>AutoLaunchedFlow</processType><status>Draft</status></Flow>`})
	found, err := org.client(Options{}).Scan(t.Context(), nil)
	if err != nil || len(found.Messages) != 1 || len(found.Users) != 0 {
		t.Errorf("%v, users %+v", err, found.Users)
	}
}

// slowOrg packs its files for as long as the test takes; its clock is the test's.
func slowOrg(asked *[]string) *Client {
	return New(signin.Token{Access: testToken, InstanceURL: "https://acme.my.salesforce.com", OrgID: testOrg}, Options{HTTP: &http.Client{
		Transport: transport(func(r *http.Request) (*http.Response, error) {
			text := ""
			if r.Body != nil {
				data, _ := io.ReadAll(r.Body)
				text = string(data)
			}
			*asked = append(*asked, text)
			switch {
			case strings.Contains(text, "<met:checkRetrieveStatus>"):
				text = checkAnswer(false, "Pending", "", nil)
			case strings.Contains(text, "<met:retrieve>"):
				text = envelopeOf("<retrieveResponse><result><id>09S</id></result></retrieveResponse>")
			}
			return respond(200, nil, strings.NewReader(text)), nil
		}),
	}})
}

func TestRetrieveEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []string
		began := time.Now()
		_, err := slowOrg(&asked).retrieve(t.Context(), 66)
		if !errors.Is(err, errQueued) || time.Since(began) != retrieveLimit {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		if len(asked) > 20 {
			t.Errorf("%d calls to wait a minute", len(asked))
		}
	})
}

// Threat "cancel", while waiting for the zip.
func TestCancelWhilePolling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []string
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(10*time.Second, cancel)
		began := time.Now()
		_, err := slowOrg(&asked).retrieve(ctx, 66)
		if !errors.Is(err, context.Canceled) || time.Since(began) != 10*time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}

func TestZipIsTakenApart(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789"), 300_000)
	whole := checkAnswer(true, "Succeeded", warning, content)
	for name, text := range map[string]string{
		"as it comes":   whole,
		"with lines":    strings.Replace(whole, "MDEy", "MDEy\r\n", 1),
		"with a prefix": strings.NewReplacer("<zipFile>", `<m:zipFile xmlns:m="x">`, "</zipFile>", "</m:zipFile>").Replace(checkAnswer(true, "Succeeded", warning, content[:30])),
	} {
		r, err := decodeRetrieved(iotest.HalfReader(strings.NewReader(text)))
		if err != nil || !r.Done || !r.Success || len(r.Warnings) != 1 || !bytes.HasPrefix(content, r.zip) || len(r.zip) < 30 {
			t.Errorf("%s: %v, %d bytes", name, err, len(r.zip))
		}
	}
	for name, text := range map[string]string{
		"cut in the zip":   whole[:len(whole)/2],
		"cut behind it":    whole[:len(whole)-20],
		"no base64":        strings.Replace(whole, "MDEy", "M-Ey", 1),
		"half a character": strings.Replace(checkAnswer(true, "Succeeded", "", content[:30]), "</zipFile>", "M</zipFile>", 1),
	} {
		if r, err := decodeRetrieved(strings.NewReader(text)); err == nil {
			t.Errorf("%s: %d bytes", name, len(r.zip))
		}
	}
}

func FuzzDecodeRetrieved(f *testing.F) {
	f.Add(checkAnswer(true, "Succeeded", warning, zipOf(map[string]string{"a": "b"})))
	f.Add(checkAnswer(false, "Pending", "", nil))
	f.Add("<zipFile><zipFile>AAAA</zipFile>")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := decodeRetrieved(strings.NewReader(text))
		if err == nil && !strings.Contains(text, "checkRetrieveStatusResponse") {
			t.Errorf("%q: %+v", text, r)
		}
		if err != nil && len(r.zip) > 0 {
			t.Errorf("a zip comes with %v", err)
		}
	})
}
