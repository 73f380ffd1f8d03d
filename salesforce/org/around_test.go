package org

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sidestep/salesforce"
	"sidestep/salesforce/signin"
)

// asking makes a hook of what answers one question: a query, a composite request
// or a list.
func asking(part string, answer func(w http.ResponseWriter)) func(http.ResponseWriter, *http.Request, string) bool {
	return func(w http.ResponseWriter, r *http.Request, body string) bool {
		if !strings.Contains(r.URL.Query().Get("q")+" "+r.URL.Path+" "+body, part) {
			return false
		}
		answer(w)
		return true
	}
}

const flowOf = `<Flow xmlns="http://soap.sforce.com/2006/04/metadata"><actionCalls><name>N</name><actionName>Account.Message_0000</actionName><actionType>outboundMessage</actionType></actionCalls><processType>AutoLaunchedFlow</processType><status>%s</status></Flow>`

// withFlow makes the org hold one message and a flow that fires it.
func withFlow(t *testing.T, status string) *fakeOrg {
	org := newFakeOrg(t, 1)
	message := strings.TrimSuffix(strings.TrimPrefix(record("Message_0000", "60.0"), `<records xsi:type="WorkflowOutboundMessage">`), "</records>")
	org.packing.zip = zipOf(map[string]string{
		"unpackaged/workflows/Account.workflow": `<Workflow xmlns="http://soap.sforce.com/2006/04/metadata"><outboundMessages>` + message + `</outboundMessages></Workflow>`,
		"unpackaged/flows/acme__Notify.flow":    fmt.Sprintf(flowOf, status),
	})
	return org
}

// Each of the facts around the messages fails for itself: with a notice that names
// what is missing, and with findings that are complete all the same.
func TestFactsAroundFailForThemselves(t *testing.T) {
	for name, c := range map[string]struct {
		part string
		says string
	}{
		"audit trail": {"FROM SetupAuditTrail", "Setup Audit Trail"},
		"packages":    {"FROM InstalledSubscriberPackage", "packages that brought"},
		"users":       {"/composite", "integration users are active"},
		"pages":       {"<met:type>WorkflowRule</met:type>", "Setup's pages"},
		"flows":       {"FROM FlowDefinition", "versions of the flows"},
	} {
		t.Run(name, func(t *testing.T) {
			org := withFlow(t, "Active")
			org.names = append(org.names, "Case.acme__Packaged")
			org.packing.zip = nil
			if name == "flows" {
				org = withFlow(t, "Active")
			}
			org.hook = asking(c.part, func(w http.ResponseWriter) {
				if name == "pages" {
					fault(w, "INSUFFICIENT_ACCESS", "no")
					return
				}
				restError(w, 400, "INVALID_TYPE")
			})
			found, err := org.client(Options{}).Scan(t.Context(), nil)
			if err != nil || !found.Source.Complete || len(found.Messages) != len(org.names) || len(unnoticed(found)) != 0 {
				t.Fatalf("%v, %+v", err, found.Source)
			}
			if len(found.Problems) != 1 || !strings.Contains(found.Problems[0].Message, c.says) || !strings.Contains(found.Problems[0].Message, "View Setup and Configuration") {
				t.Errorf("%+v", found.Problems)
			}
			if (name == "users") == (len(found.People) != 0) {
				t.Errorf("people %+v", found.People)
			}
		})
	}
}

func TestPeople(t *testing.T) {
	users := `{"totalSize":2,"done":true,"records":[{"Id":"0055g00000AbCdE","Username":"Ann@acme.example","Name":"Ann","IsActive":true},{"Id":"0055g00000AbCdFAAV","Username":"old@acme.example","Name":"Old","IsActive":false}]}`
	ann := salesforce.IntegrationUser{Username: "Ann@acme.example", ID: id18("0055g00000AbCdE"), Name: "Ann", Active: new(true), Sends: new(true)}
	for name, c := range map[string]struct {
		sends  string
		want   salesforce.IntegrationUser
		notice string
	}{
		"may send":      {part("sends", `{"done":true,"records":[{"AssigneeId":"0055g00000AbCdEAAV"},{"AssigneeId":"0055g00000AbCdEAAV"}]}`), ann, ""},
		"may not send":  {part("sends", `{"done":true,"records":[]}`), salesforce.IntegrationUser{Username: ann.Username, ID: ann.ID, Name: "Ann", Active: new(true), Sends: new(false)}, ""},
		"unknown field": {`{"body":[{"message":"No such column 'PermissionsEnableNotifications'","errorCode":"INVALID_FIELD"}],"httpStatusCode":400,"referenceId":"sends"}`, salesforce.IntegrationUser{Username: ann.Username, ID: ann.ID, Name: "Ann", Active: new(true)}, "which can make a loop"},
	} {
		t.Run(name, func(t *testing.T) {
			org := newFakeOrg(t, 3)
			org.hook = asking("/composite", func(w http.ResponseWriter) {
				fmt.Fprintf(w, `{"compositeResponse":[%s,%s]}`, c.sends, part("users", users))
			})
			found, err := org.client(Options{}).Scan(t.Context(), nil)
			if err != nil || len(found.People) != 1 || !reflect.DeepEqual(found.People[0], c.want) || !found.Source.Complete {
				t.Errorf("%v, %+v", err, found.People)
			}
			if (len(found.Problems) == 1) != (c.notice != "") || c.notice != "" && !strings.Contains(found.Problems[0].Message, c.notice) {
				t.Errorf("%+v", found.Problems)
			}
		})
	}
	if got := peopleOf([]string{"gone@acme.example", "bad\nname"}, nil, nil, true); len(got) != 1 || !got[0].Missing || got[0].Active != nil || got[0].LoopRisk() {
		t.Errorf("%+v", got)
	}
}

// A flow's file holds one version. What the org says of its versions never puts a
// message aside without knowledge.
func TestFlowVersions(t *testing.T) {
	const a, b = "3015g000000AbCdEAK", "3015g000000AbCeEAK"
	yes, no := new(true), new(false)
	for name, c := range map[string]struct {
		file           string
		active, latest string
		want           *bool
		id, note       string
	}{
		"active":                       {"Active", a, a, yes, a, ""},
		"active, and a newer draft":    {"Active", a, b, yes, a, "newer version"},
		"switched off since":           {"Active", "", a, no, a, "no active version"},
		"a draft":                      {"Draft", "", a, no, a, ""},
		"a draft, and another is live": {"Draft", a, b, nil, a, "another version"},
		"no word, and live":            {"Sleeping", a, a, yes, a, ""},
		"no word, and not live":        {"Sleeping", "", a, no, a, ""},
		"no word, one of two":          {"Sleeping", a, b, nil, a, "newer version"},
	} {
		t.Run(name, func(t *testing.T) {
			org := withFlow(t, c.file)
			org.hook = asking("FROM FlowDefinition WHERE DeveloperName IN ('Notify')", func(w http.ResponseWriter) {
				active := "null"
				if c.active != "" {
					active = fmt.Sprintf("%q", c.active)
				}
				fmt.Fprintf(w, `{"done":true,"records":[{"DeveloperName":"Notify","NamespacePrefix":null,"ActiveVersionId":"3015g000000XXXX","LatestVersionId":"3015g000000XXXX"},{"DeveloperName":"Notify","NamespacePrefix":"acme","ActiveVersionId":%s,"LatestVersionId":%q}]}`, active, c.latest)
			})
			found, err := org.client(Options{}).Scan(t.Context(), nil)
			if err != nil || len(found.Users) != 1 {
				t.Fatalf("%v, %+v", err, found)
			}
			u := found.Users[0]
			if !reflect.DeepEqual(u.Active, c.want) || u.ID != c.id || (u.Note == "") != (c.note == "") || !strings.Contains(u.Note, c.note) {
				t.Errorf("%+v", u)
			}
		})
	}
}

func TestIDsForSetup(t *testing.T) {
	org := newFakeOrg(t, 1)
	org.hook = asking("<met:type>WorkflowRule</met:type>", func(w http.ResponseWriter) {
		fmt.Fprint(w, envelopeOf("<listMetadataResponse><result><fullName>account.rule of Message_0000</fullName><id>01Q5g000000AbCd</id><type>WorkflowRule</type></result><result><fullName>Account.Rule of Message_0000</fullName><id>04a5g000000AbCdEAK</id><type>ApprovalProcess</type></result></listMetadataResponse>"))
	})
	found, err := org.client(Options{}).Scan(t.Context(), nil)
	if err != nil || len(found.Users) != 1 || found.Users[0].ID != id18("01Q5g000000AbCd") {
		t.Errorf("%v, %+v", err, found.Users)
	}
}

// The audit trail comes in pages, the newest line first. A very long one is read
// back to some day, and that day is named.
func TestAuditTrailOfTheOrg(t *testing.T) {
	org := newFakeOrg(t, 1)
	const line = `{"CreatedDate":"2026-11-%02dT08:00:00.000+0000","CreatedBy":{"Name":"Ann"},"Action":%q,"Section":"S","Display":%q,"DelegateUser":null}`
	page := 0
	org.hook = func(w http.ResponseWriter, r *http.Request, _ string) bool {
		if !strings.Contains(r.URL.Query().Get("q"), "FROM SetupAuditTrail") && !strings.Contains(r.URL.Path, "/query/01g") {
			return false
		}
		page++
		fmt.Fprintf(w, `{"totalSize":99999,"done":false,"nextRecordsUrl":"/services/data/v66.0/query/01gX-%d","records":[%s,%s,%s]}`, page,
			fmt.Sprintf(line, 26-page, "changedOutboundMessage", "x"), fmt.Sprintf(line, 26-page, "", "Ausgehende Nachricht Label geändert"), fmt.Sprintf(line, 26-page, "PermSetCreate", "Created permission set"))
		return true
	}
	found, err := org.client(Options{}).Scan(t.Context(), nil)
	if err != nil || !found.Source.Complete || page != maxTrail || len(found.Audit) != 2*maxTrail {
		t.Fatalf("%v, %d pages, %d lines, %+v", err, page, len(found.Audit), found.Problems)
	}
	want := salesforce.AuditEntry{At: time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC), By: "Ann", Action: "changedOutboundMessage", Section: "S", Display: "x"}
	if found.Audit[0] != want {
		t.Errorf("%+v", found.Audit[0])
	}
	if len(found.Problems) != 1 || found.Problems[0].Message != "The org's Setup Audit Trail is long: it was read back to 16 November 2026." {
		t.Errorf("%+v", found.Problems)
	}
}

// The package's publisher is worth asking for, and not worth losing its name.
func TestPackages(t *testing.T) {
	for _, refused := range []bool{false, true} {
		org := newFakeOrg(t, 0)
		org.names = []string{"Case.acme__Send"}
		org.hook = func(w http.ResponseWriter, r *http.Request, _ string) bool {
			q := r.URL.Query().Get("q")
			if !strings.Contains(q, "FROM InstalledSubscriberPackage") {
				return false
			}
			publisher := ""
			if strings.Contains(q, "PublisherName") {
				if refused {
					restError(w, 400, "INVALID_FIELD")
					return true
				}
				publisher = `,"PublisherName":"Acme Ltd"`
			}
			fmt.Fprintf(w, `{"done":true,"records":[{"SubscriberPackage":{"NamespacePrefix":"ACME","Name":"Acme Connect"},"SubscriberPackageVersion":{"MajorVersion":3,"MinorVersion":12,"PatchVersion":1%s}},{"SubscriberPackage":{"NamespacePrefix":"other","Name":"Other"}},{"SubscriberPackage":{"NamespacePrefix":null,"Name":"Unlocked"}}]}`, publisher)
			return true
		}
		found, err := org.client(Options{}).Scan(t.Context(), nil)
		want := salesforce.Package{Namespace: "ACME", Name: "Acme Connect", Version: "3.12.1"}
		vendor := "Acme Connect"
		if !refused {
			want.Publisher, vendor = "Acme Ltd", "Acme Ltd"
		}
		if err != nil || len(found.Packages) != 1 || found.Packages[0] != want || want.Vendor() != vendor || len(found.Problems) != 0 {
			t.Errorf("%v, %+v, %+v", err, found.Packages, found.Problems)
		}
	}
}

// Names come from metadata and may be anything; addresses have a largest length.
func TestLists(t *testing.T) {
	var names []string
	for i := range 1000 {
		names = append(names, fmt.Sprintf("o'neil+%d@%s.example", i, strings.Repeat("x", 60)))
	}
	got := lists(append(names, "", "a\nb", strings.Repeat("x", 300)))
	if len(got) < 10 || strings.Count(strings.Join(got, ","), `o\'neil`) != 1000 {
		t.Fatalf("%d lists", len(got))
	}
	for _, list := range got {
		if len(list) > maxList || strings.HasPrefix(list, ",") || strings.HasSuffix(list, ",") {
			t.Errorf("%d bytes", len(list))
		}
	}
}

// A scan that has everything else does not wait for long.
func TestFactsAroundMayBeLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &scan{client: New(signin.Token{}, Options{Alias: "acme"}), progress: func(Progress) {}, began: time.Now()}
		a := s.around(t.Context(), 66)
		a.ask("What is asked is not known", func() error {
			<-a.ctx.Done()
			return a.ctx.Err()
		})
		began := time.Now()
		a.wait()
		if waited := time.Since(began); waited != lateness || len(s.doubts) != 1 || s.doubts[0].Message != "What is asked is not known: the org did not answer in time" || !s.doubts[0].Notice {
			t.Errorf("%v, %+v", waited, s.doubts)
		}
		// Whoever stops the scan is told nothing.
		ctx, cancel := context.WithCancel(t.Context())
		s = &scan{client: s.client, progress: s.progress}
		a = s.around(ctx, 66)
		a.ask("What is asked is not known", func() error { <-a.ctx.Done(); return a.ctx.Err() })
		cancel()
		a.wait()
		if len(s.doubts) != 0 {
			t.Errorf("%+v", s.doubts)
		}
	})
}
