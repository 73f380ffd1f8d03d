package org

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sidestep/salesforce"
	"sidestep/salesforce/signin"
)

func TestScanReadsEveryMessageOnce(t *testing.T) {
	for _, n := range []int{1, 2, 9, 10, 11, 200, 2001} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			org := newFakeOrg(t, n)
			var last Progress
			arrived, running := 0, atomic.Int32{}
			found, err := org.client(Options{Alias: "acme", Now: fixed}).Scan(t.Context(), func(p Progress) {
				if running.Add(1) != 1 {
					t.Error("two reports at once")
				}
				last = p
				arrived += len(p.New)
				running.Add(-1)
			})
			if err != nil {
				t.Fatal(err)
			}
			// Versions, list, retrieve and one look; the audit trail, Setup's pages and the
			// integration users; of few messages the usage and the names, too.
			calls := 7
			if n <= few {
				calls += 1 + (n+9)/10
			}
			want := salesforce.Source{ID: testOrg, Kind: salesforce.SourceOrg, Name: "acme", OrgID: testOrg, At: fixed(), Calls: calls, Complete: true, TellsUsers: true}
			if found.Source != want || len(found.Problems) != 0 {
				t.Errorf("source %+v, problems %v", found.Source, found.Problems)
			}
			if len(found.Messages) != n || arrived != n || len(found.Users) != n || last.Known != n || last.Read != n || last.Calls != calls {
				t.Errorf("%d messages, %d arrived, last report %+v", len(found.Messages), arrived, last)
			}
			for i, m := range found.Messages {
				if m.Key() != org.names[i] {
					t.Fatalf("message %d is %s, want the order of the list", i, m.Key())
				}
			}
			if org.most > maxCalls {
				t.Errorf("%d calls at once", org.most)
			}
		})
	}
}

func TestScanFillsInWhatTheListSays(t *testing.T) {
	org := newFakeOrg(t, 0)
	org.names = []string{"acme__Shipment__c.acme__Send_order"}
	found, err := org.client(Options{Now: fixed}).Scan(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	no := false
	want := salesforce.Message{
		Object: "acme__Shipment__c", FullName: "acme__Send_order", Label: "Label", EndpointURL: "https://hooks.example.com/sf?a=1&b=2",
		IncludeSessionID: &no, IntegrationUser: "ann@acme.example", APIVersion: 60, Fields: []string{"Id", "Name"},
		ManageableState: "unmanaged", CreatedBy: "Ann", ModifiedBy: "Ann", ID: id18("04k5g0000000000"), File: "workflows/acme__Shipment__c.workflow",
		CreatedAt: time.Date(2021, 5, 4, 8, 0, 0, 0, time.UTC), ModifiedAt: time.Date(2025, 11, 2, 9, 12, 44, 0, time.UTC),
	}
	if len(found.Messages) != 1 || !reflect.DeepEqual(found.Messages[0], want) {
		t.Errorf("got %+v", found.Messages)
	}
	if found.Source.Name != strings.TrimPrefix(org.URL, "http://") {
		t.Errorf("without an alias the org is called %q", found.Source.Name)
	}
}

func TestScanSpeaksTheOrgsVersion(t *testing.T) {
	org := newFakeOrg(t, 1)
	org.versions = `[{"version":"9.0"},{"version":"58.0"}]`
	org.hook = func(w http.ResponseWriter, r *http.Request, _ string) bool {
		if strings.Contains(r.URL.Path, "66.0") {
			fault(w, "UNSUPPORTED_API_VERSION", "no")
			return true
		}
		return false
	}
	found, err := org.client(Options{}).Scan(t.Context(), nil)
	if err != nil || len(found.Messages) != 1 {
		t.Fatalf("%v, %v", found, err)
	}
	if org.asked("/m/58.0 ") != 5 || org.asked("<met:asOfVersion>58.0<") != 2 {
		t.Errorf("asked %q", org.seen)
	}
}

// A scan does not fail because the list of versions does.
func TestScanGoesOnWithoutTheVersions(t *testing.T) {
	org := newFakeOrg(t, 3)
	org.versions = `<html>`
	found, err := org.client(Options{}).Scan(t.Context(), nil)
	if err != nil || len(found.Messages) != 3 {
		t.Errorf("%v, %v", found, err)
	}
}

func TestListedButNotReadIsAProblem(t *testing.T) {
	org := newFakeOrg(t, 12)
	org.packing.refuses = "FUNCTIONALITY_NOT_ENABLED"
	org.hook = reads(func(w http.ResponseWriter, body string) bool {
		if !strings.Contains(body, "Message_0000") {
			return false
		}
		// One name has no record, one a nil record, one a value that makes no
		// sense, one comes in other letters, and one was never asked for.
		fmt.Fprint(w, envelopeOf("<readMetadataResponse><result>"+
			`<records xsi:nil="true"/><records xsi:type="WorkflowOutboundMessage"/>`+
			record("Account.Message_0002", "sixty")+record("ACCOUNT.message_0003", "60.0")+record("Lead.Stranger", "60.0")+
			"</result></readMetadataResponse>"))
		return true
	})
	found, err := org.client(Options{Alias: "acme"}).Scan(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	problems := unnoticed(found)
	if len(found.Messages) != 3 || found.Source.Complete || len(problems) != 9 {
		t.Fatalf("%d messages, complete %v, problems %v", len(found.Messages), found.Source.Complete, found.Problems)
	}
	first, third := problems[0], problems[2]
	if first.Source != "acme" || first.File != "workflows/Account.workflow" || first.Message != "Account.Message_0000 is in the org but was not read: the org did not return its definition" {
		t.Errorf("problem %+v", first)
	}
	if !strings.Contains(third.Message, "sixty") {
		t.Errorf("the bad value is not named: %s", third.Message)
	}
}

func TestFailedBatchLeavesTheRest(t *testing.T) {
	for name, answer := range map[string]func(w http.ResponseWriter){
		"fault": func(w http.ResponseWriter) { fault(w, "INVALID_CROSS_REFERENCE_KEY", "no such thing") },
		"page": func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, "<html>sign in</html>")
		},
		"page without a type": func(w http.ResponseWriter) { fmt.Fprint(w, "<!DOCTYPE html><html><br></html>") },
		"cut XML": func(w http.ResponseWriter) {
			whole := envelopeOf(readAnswer("Account.Message_0010"))
			fmt.Fprint(w, whole[:len(whole)-30])
		},
		"empty":       func(http.ResponseWriter) {},
		"other XML":   func(w http.ResponseWriter) { fmt.Fprint(w, "<a/>") },
		"other reply": func(w http.ResponseWriter) { fmt.Fprint(w, envelopeOf(listAnswer())) },
		"JSON":        func(w http.ResponseWriter) { restError(w, 500, "X") },
		"entities": func(w http.ResponseWriter) {
			fmt.Fprint(w, `<!DOCTYPE a [<!ENTITY b "c">]>`+envelopeOf(readAnswer()))
		},
		"crossed tags": func(w http.ResponseWriter) {
			fmt.Fprint(w, envelopeOf("<readMetadataResponse><result>"+record("Account.Message_0010", "60.0")+"<records></other></result></readMetadataResponse>"))
		},
		"entities inside": func(w http.ResponseWriter) {
			fmt.Fprint(w, envelopeOf("<readMetadataResponse><result><records><!DOCTYPE a></records></result></readMetadataResponse>"))
		},
		"deep": func(w http.ResponseWriter) { fmt.Fprint(w, envelopeOf(strings.Repeat("<a>", 2_000_000))) },
		"bomb": func(w http.ResponseWriter) { gzipped(w, envelopeOf(strings.Repeat(" ", 4<<20)), 0) },
	} {
		t.Run(name, func(t *testing.T) {
			org := newFakeOrg(t, 25)
			org.packing.refuses = "FUNCTIONALITY_NOT_ENABLED"
			org.hook = reads(func(w http.ResponseWriter, body string) bool {
				if strings.Contains(body, "Message_0010") {
					answer(w)
					return true
				}
				return false
			})
			found, err := org.client(Options{}).Scan(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			problems := unnoticed(found)
			if len(found.Messages) != 15 || len(problems) != 10 || found.Source.Complete || found.Source.Calls != 10 {
				t.Fatalf("%d messages, %d problems, %+v", len(found.Messages), len(problems), found.Source)
			}
			if m := problems[0].Message; strings.Contains(m, "\n") || strings.Contains(m, "did not return") {
				t.Errorf("the reason is missing: %q", m)
			}
		})
	}
}

// Threat "missing rights look empty".
func TestEmptyListIsDoubted(t *testing.T) {
	for name, c := range map[string]struct {
		answer   func(http.ResponseWriter)
		complete bool
		says     string
	}{
		"really none": {nil, true, "has no outbound messages"},
		"hidden": {func(w http.ResponseWriter) {
			fmt.Fprint(w, `{"totalSize":3,"done":true,"records":[{"Id":"04k5g000000XyZaAAK"}]}`)
		}, false, "Modify Metadata Through Metadata API Functions"},
		"no right to check": {func(w http.ResponseWriter) { restError(w, 400, "INVALID_TYPE") }, false, "could not be checked"},
		"page":              {func(w http.ResponseWriter) { fmt.Fprint(w, "<html>") }, false, "could not be checked"},
		"cut JSON":          {func(w http.ResponseWriter) { fmt.Fprint(w, `{"totalSize":0,"done":true,"rec`) }, false, "could not be checked"},
	} {
		t.Run(name, func(t *testing.T) {
			org := newFakeOrg(t, 0)
			org.hook = func(w http.ResponseWriter, r *http.Request, _ string) bool {
				if c.answer == nil || !strings.Contains(r.URL.Path, "tooling") {
					return false
				}
				c.answer(w)
				return true
			}
			found, err := org.client(Options{}).Scan(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if found.Source.Complete != c.complete || !strings.Contains(found.Problems[0].Message, c.says) || (len(unnoticed(found)) == 0) != c.complete {
				t.Errorf("%+v", found)
			}
		})
	}
}

func TestRightsAndLimitsEndTheScan(t *testing.T) {
	for _, c := range []struct{ code, sentence, hint string }{
		{"INSUFFICIENT_ACCESS", "may not read", "API Enabled and Modify Metadata Through Metadata API Functions"},
		{"API_DISABLED_FOR_ORG", "no API access", "API Enabled"},
		{"REQUEST_LIMIT_EXCEEDED", "used up", "Company Information"},
	} {
		t.Run(c.code, func(t *testing.T) {
			org := newFakeOrg(t, 3)
			org.hook = func(w http.ResponseWriter, _ *http.Request, body string) bool {
				if strings.Contains(body, "listMetadata") {
					fault(w, c.code, "the org's words")
					return true
				}
				return false
			}
			found, err := org.client(Options{}).Scan(t.Context(), nil)
			var f *Fault
			if !errors.As(err, &f) || f.Code != c.code || f.Message != "the org's words" || !strings.Contains(f.Error(), c.sentence) || !strings.Contains(f.Hint(), c.hint) {
				t.Fatalf("got %v", err)
			}
			last := found.Problems[len(found.Problems)-1]
			if found.Source.Complete || last.Notice || !strings.Contains(last.Message, c.sentence) {
				t.Errorf("findings %+v", found)
			}
			if n := org.asked("listMetadata"); n != 1 {
				t.Errorf("asked %d times", n)
			}
		})
	}
}

func TestLimitInTheMiddleKeepsWhatWasRead(t *testing.T) {
	org := newFakeOrg(t, 100)
	var batches atomic.Int32
	org.hook = reads(func(w http.ResponseWriter, _ string) bool {
		if batches.Add(1) <= 3 {
			return false
		}
		restError(w, http.StatusForbidden, "REQUEST_LIMIT_EXCEEDED")
		return true
	})
	found, err := org.client(Options{}).Scan(t.Context(), nil)
	if codeOf(err) != "REQUEST_LIMIT_EXCEEDED" {
		t.Fatalf("got %v", err)
	}
	if len(found.Messages) == 0 || len(found.Messages) > 30 || len(found.Messages)+len(found.Problems) != 100 || found.Source.Complete {
		t.Errorf("%d messages, %d problems", len(found.Messages), len(found.Problems))
	}
	if n := batches.Load(); n > 10 {
		t.Errorf("%d batches asked", n)
	}
}

func TestCancelKeepsWhatWasRead(t *testing.T) {
	org := newFakeOrg(t, 60)
	release := make(chan bool)
	defer close(release)
	org.hook = reads(func(w http.ResponseWriter, body string) bool {
		if strings.Contains(body, "Message_0000") {
			return false
		}
		_, _ = io.WriteString(w, "<soapenv:Envelope ") // headers and a first byte, then nothing
		w.(http.Flusher).Flush()
		<-release
		return true
	})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	found, err := org.client(Options{}).Scan(ctx, func(p Progress) {
		if p.Read == 10 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || len(found.Messages) != 10 || len(found.Problems) != 50 || found.Source.Complete {
		t.Fatalf("%v: %d messages, %d problems", err, len(found.Messages), len(found.Problems))
	}
	if m := found.Problems[0].Message; !strings.HasSuffix(m, "the scan was stopped") {
		t.Errorf("problem %q", m)
	}
}

func TestIdentity(t *testing.T) {
	want := Identity{OrgID: testOrg, UserID: testUser, Username: "ann@acme.example", DisplayName: "Ann Admin", OrganizationName: "Acme"}
	org := newFakeOrg(t, 0)
	c := org.client(Options{})
	got, err := c.Identity(t.Context())
	if err != nil || got != want || c.Calls() != 3 || c.lastUsage() != (Usage{10018, 100000}) {
		t.Errorf("%+v, %v, %d calls, %+v", got, err, c.Calls(), c.lastUsage())
	}
	org.hook = func(w http.ResponseWriter, r *http.Request, _ string) bool {
		if strings.Contains(r.URL.Path, "userinfo") {
			http.Error(w, "Bad_OAuth_Token", http.StatusForbidden)
			return true
		}
		return false
	}
	if got, err := org.client(Options{}).Identity(t.Context()); err != nil || got != want {
		t.Errorf("without userinfo: %+v, %v", got, err)
	}
	org.hook = nil
	other := org.signedIn()
	other.OrgID = "00D5g000001OtherXXX"
	if _, err := New(other, Options{}).Identity(t.Context()); err == nil {
		t.Error("another org's answer was taken")
	}
}

func TestID18(t *testing.T) {
	for id, want := range map[string]string{
		"00Dxx0000001gPF": "00Dxx0000001gPFEAY", "04k5g000000XyZa": "04k5g000000XyZaAAK", "0055g00000AbCdE": "0055g00000AbCdEAAV",
		"00Dxx0000001gPFEAY": "00Dxx0000001gPFEAY", "": "", "x": "x",
	} {
		if got := id18(id); got != want {
			t.Errorf("id18(%q) = %q, want %q", id, got, want)
		}
	}
}

func TestClientPrintsNoToken(t *testing.T) {
	c := New(signin.Token{Access: "00Dcanary", Refresh: "canary", InstanceURL: "https://acme.my.salesforce.com"}, Options{})
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x"} {
		if s := fmt.Sprintf(verb, c); strings.Contains(s, "canary") || strings.Contains(s, fmt.Sprintf("%x", "canary")) {
			t.Errorf("%s prints %s", verb, s)
		}
	}
}
