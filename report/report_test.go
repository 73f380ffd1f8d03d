package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"

	"sidestep/report"
	"sidestep/salesforce"
	"sidestep/state"
)

var now = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

const (
	ordersKey = "hooks.example.com/orders"
	vendorKey = "in.parcelwise.example/sf"
)

func message(object, name, url string, flag bool) salesforce.Message {
	return salesforce.Message{Object: object, FullName: name, Label: name, EndpointURL: url, IncludeSessionID: &flag, ID: "04k5g000000XyZaAAK"}
}

// migration has an endpoint that is signed off, one at a vendor that was written to,
// one of which nothing is known, and a file that could not be read.
func migration() state.Migration {
	act := state.Act{By: "Ada", At: now.AddDate(0, 0, -10)}
	m := state.New(state.Org{ID: "00D5g000001AbCdEAK", Name: "Northwind", Username: "ada@northwind.example", Instance: "https://northwind.my.salesforce.com"}, act)
	orders := message("Order", "Send_order", "https://hooks.example.com/orders", true)
	parcels := message("Case", "Tell_vendor", "https://in.parcelwise.example/sf?key=s3cr3t", true)
	m, _ = m.Merge(salesforce.Findings{
		Source:   salesforce.Source{ID: "backup", Kind: salesforce.SourceZip, Name: "backup.zip", At: act.At, AsOf: salesforce.Cutoff.AddDate(0, 0, -3)},
		Messages: []salesforce.Message{orders, parcels},
		Problems: []salesforce.Problem{{Source: "backup.zip", File: "workflows/Lead.workflow", Line: 12, Message: "not well-formed"}},
	}, act)
	unsaid := message("Lead", "Unsaid", "https://other.example.net/in", false)
	live := []salesforce.Message{orders, parcels, unsaid}
	for i := range live {
		live[i].IncludeSessionID = new(bool)
	}
	m, _ = m.Merge(salesforce.Findings{
		Source:   salesforce.Source{ID: m.Org.ID, OrgID: m.Org.ID, Kind: salesforce.SourceOrg, Name: "Northwind", At: act.At, Complete: true},
		Messages: live,
	}, act)
	m = m.ChooseRoute(ordersKey, state.InternalFix, act).ClassifyReceiver(ordersKey, state.ChecksSender, act)
	m = m.NameOwner([]string{ordersKey}, state.Contact{Name: "Bob Builder", Email: "bob@northwind.example"}, act)
	m = m.AddNote(ordersKey, "Runs on the old cluster.", act)
	m = m.Checked(ordersKey, state.CheckEndpoint, state.Check{Passed: true, Summary: "acknowledged a message without session id"}, act)
	for _, s := range m.Endpoints[ordersKey].Checklist(state.InternalFix) {
		if s.ID != state.SignOff {
			m = m.MarkDone(ordersKey, s, act)
		}
	}
	m = m.SignedOff(ordersKey, "Grace", "3 test orders arrived", act)
	for key := range m.Endpoints {
		if strings.HasPrefix(key, vendorKey) {
			m = m.ChooseRoute(key, state.VendorContact, act).NameVendor([]string{key}, "Parcelwise", act)
			m = m.MailWritten(key, state.Draft{Kind: "first", Subject: "Session ids"}, "copied", act).MailSent(key, "first", act.At, act)
		}
	}
	m = m.DescribeVendor(state.Vendor{Name: "Parcelwise", Ticket: "PW-4711", TicketLink: "https://support.parcelwise.example/PW-4711"}, act)
	return m.Promise("Parcelwise", now.AddDate(0, 1, 0), act)
}

func TestForms(t *testing.T) {
	r := report.Of(migration(), now, false)
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	for name, page := range map[string][]byte{"md": r.Markdown(), "html": r.HTML(), "csv": r.CSV(), "json": data} {
		t.Run(name, func(t *testing.T) {
			if bytes.Contains(page, []byte("s3cr3t")) {
				t.Error("the report tells a secret")
			}
			// On Windows the file that it is compared with is read without carriage returns.
			if name == "csv" && bytes.Count(page, []byte("\r\n")) != bytes.Count(page, []byte("\n")) {
				t.Error("a line of the table does not end as RFC 4180 wants it")
			}
			golden.RequireEqual(t, bytes.ReplaceAll(page, []byte("\r\n"), []byte("\n")))
		})
	}
}

func TestSecretsWhenAsked(t *testing.T) {
	r := report.Of(migration(), now, true)
	for name, page := range map[string][]byte{"md": r.Markdown(), "html": r.HTML(), "csv": r.CSV()} {
		if !bytes.Contains(page, []byte("s3cr3t")) {
			t.Errorf("%s masks what was asked for", name)
		}
	}
}

// hostile is text that each form has to keep from being anything but text.
var hostile = []string{
	`=cmd|' /C calc'!A0`, "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＠x", "a;=1+1", `a;"=1+1`, " =1",
	`<img src=x onerror=alert(1)>`, `"><script>alert(1)</script>`, "javascript:alert(1)", "](javascript:alert(1))", "[x](javascript:alert(1))",
	"`code`", "``", "|", "\\|", "# title", "1. one", "- item", "_em_ *strong* ~gone~", "&lt;b&gt;", "![x](http://evil.example/p.png)",
	"javascript://host/%0aalert(1)", "data://host/text/html,x",
	"\x1b]52;c;aGk=\a", "\u202egnp.exe", "line\nbreak", "<!-- ", "\u009b2J",
}

// poisoned has hostile text wherever a person or an org can put some.
func poisoned(text string) state.Migration {
	m := migration()
	act := state.Act{By: text, At: now}
	m.Org.Name = text
	m = m.NameOwner([]string{ordersKey}, state.Contact{Name: text, Email: text}, act)
	m = m.AddNote(ordersKey, text, act)
	m = m.ReopenSignOff(ordersKey, text, act).SignedOff(ordersKey, text, text, act)
	m = m.DescribeVendor(state.Vendor{Name: "Parcelwise", Ticket: text, TicketLink: text}, act)
	m, _ = m.Merge(salesforce.Findings{
		Source:   salesforce.Source{ID: "folder", Kind: salesforce.SourceFolder, Name: text, At: now},
		Messages: []salesforce.Message{message("Account", text, "https://hooks.example.com/orders?"+text, true), message("Account", text+"2", text, true)},
		Problems: []salesforce.Problem{{Source: text, File: text, Message: text}},
	}, act)
	return m
}

func TestSpreadsheetRunsNothing(t *testing.T) {
	for _, text := range hostile {
		data := report.Of(poisoned(text), now, true).CSV()
		r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
		rows, err := r.ReadAll()
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if got := formula(cell); got != "" {
					t.Errorf("%q: a spreadsheet would run %q", text, got)
				}
			}
		}
		// The same where the list separator is a semicolon.
		for line := range strings.Lines(string(data)) {
			for part := range strings.SplitSeq(strings.TrimRight(line, "\r\n"), ";") {
				if got := formula(strings.TrimPrefix(part, "\ufeff")); got != "" {
					t.Errorf("%q: a spreadsheet that cuts at semicolons would run %q", text, got)
				}
			}
		}
		clean(t, text, data)
	}
}

// formula is what a spreadsheet would take for one, "" for none.
func formula(cell string) string {
	bare := strings.TrimLeft(cell, " \t\"")
	if bare != "" && strings.ContainsRune("=+-@＝＋－＠\t\r", []rune(bare)[0]) {
		return cell
	}
	return ""
}

var (
	tag     = regexp.MustCompile(`<(/?)([a-zA-Z!][a-zA-Z0-9]*)([^>]*)>`)
	href    = regexp.MustCompile(`href="([^"]*)"`)
	allowed = strings.Fields("!DOCTYPE html head meta title style body h1 h2 p strong span table tr th td a code br section dl dt dd ul li details summary")
)

// A cell that begins with a tab or a return is marked as one that begins with a sign
// is: some spreadsheets drop them and look again.
func TestCellsThatBeginWithATabAreText(t *testing.T) {
	for _, text := range []string{"\tplain", "\rplain"} {
		m := migration()
		m = m.NameOwner([]string{ordersKey}, state.Contact{Name: text}, state.Act{By: "Ada", At: now})
		if data := report.Of(m, now, false).CSV(); !bytes.Contains(data, []byte(",' plain,")) && !bytes.Contains(data, []byte(",'<U+000D>plain,")) {
			t.Errorf("%q is not marked:\n%s", text, data)
		}
	}
}

func TestPageRunsNothing(t *testing.T) {
	for _, text := range hostile {
		page := report.Of(poisoned(text), now, true).HTML()
		if !bytes.Contains(page, []byte(`content="default-src 'none'; style-src 'sha256-`)) {
			t.Fatal("the page has no policy")
		}
		for _, m := range tag.FindAllSubmatch(page, -1) {
			if !slices.Contains(allowed, string(m[2])) || bytes.Contains(bytes.ToLower(m[3]), []byte("onerror")) {
				t.Errorf("%q became an element: %s", text, m[0])
			}
		}
		for _, m := range href.FindAllSubmatch(page, -1) {
			if link := string(m[1]); !strings.HasPrefix(link, "https://") && !strings.HasPrefix(link, "http://") && !strings.HasPrefix(link, "#e") {
				t.Errorf("%q became a link: %s", text, link)
			}
		}
		clean(t, text, page)
	}
}

// A host of punycode is told with the letters that it stands for, beside it.
func TestHostsAreToldAsTheyRead(t *testing.T) {
	act := state.Act{By: "Ada", At: now}
	m, _ := state.New(state.Org{ID: "00D5g000001AbCdEAK", Name: "Northwind"}, act).Merge(salesforce.Findings{
		Source:   salesforce.Source{ID: "backup", Kind: salesforce.SourceZip, Name: "backup.zip", At: act.At},
		Messages: []salesforce.Message{message("Order", "Send_order", "https://xn--pple-43d.example/sf", true)},
	}, act)
	r := report.Of(m, now, false)
	for form, page := range map[string][]byte{"md": r.Markdown(), "html": r.HTML()} {
		for _, text := range []string{"https://xn--pple-43d.example/sf", "\u0430pple.example"} {
			if !bytes.Contains(page, []byte(text)) {
				t.Errorf("the %s does not say %q", form, text)
			}
		}
	}
}

func TestMarkdownStaysText(t *testing.T) {
	// Each has a meaning in Markdown unless a backslash stands before it.
	meaning := regexp.MustCompile("(^|[^\\\\])(\\\\\\\\)*[`*\\[\\]<>~#!]")
	for _, text := range hostile {
		page := string(report.Of(poisoned(text), now, true).Markdown())
		clean(t, text, []byte(page))
		for line := range strings.Lines(page) {
			title, rest, ok := strings.Cut(line, "Signed off: ")
			if !ok || title != "- " {
				continue
			}
			if got := meaning.FindString(rest); got != "" {
				t.Errorf("%q: %q means something in %q", text, got, rest)
			}
		}
		for line := range strings.Lines(page) {
			if cells := unescapedBars(line); strings.HasPrefix(line, "| ") && cells != 4 && cells != 7 {
				t.Errorf("%q: a row of a table has %d bars: %s", text, cells, line)
			}
		}
	}
}

func unescapedBars(line string) (n int) {
	for i := range len(line) {
		slashes := len(line[:i]) - len(strings.TrimRight(line[:i], `\`))
		if line[i] == '|' && slashes%2 == 0 {
			n++
		}
	}
	return n
}

// clean fails for text that controls or deceives whoever reads it.
func clean(t *testing.T, text string, page []byte) {
	t.Helper()
	for _, bad := range []string{"\x1b", "\a", "\u202e", "\u009b"} {
		if bytes.Contains(page, []byte(bad)) {
			t.Errorf("%q reached the page", text)
		}
	}
}

func TestIncompleteIsSaid(t *testing.T) {
	r := report.Of(migration(), now, false)
	for name, page := range map[string][]byte{"md": r.Markdown(), "html": r.HTML()} {
		if !bytes.Contains(page, []byte("incomplete")) {
			t.Errorf("%s does not say that a source could not be read", name)
		}
	}
	if r.Complete {
		t.Error("an unread file leaves the report complete")
	}
}

// TestNobodyReadsOfAnotherClient: a mail about several orgs names all of them, to the
// vendor alone.
func TestNobodyReadsOfAnotherClient(t *testing.T) {
	const other = "00D5g000002ZyXwEAK"
	act := state.Act{By: "Ada", At: now}
	m := migration()
	for key := range m.Endpoints {
		if strings.HasPrefix(key, vendorKey) {
			d := state.Draft{Kind: "reminder", Subject: "Northwind and Tailspin Toys: session ids", Body: "Tailspin Toys", Edited: true}.AlsoAbout([]string{other})
			m = m.KeepDraft(key, d, act).MailWritten(key, d, "copied", act).MailSent(key, "reminder", now, act)
		}
	}
	r := report.Of(m, now, false)
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	handed, _ := m.Handed()
	exported, err := state.Encode(handed)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(data, []byte(`"reminder"`)) || !bytes.Contains(exported, []byte(`"reminder"`)) {
		t.Fatal("the mail itself is gone")
	}
	for name, page := range map[string][]byte{"md": r.Markdown(), "html": r.HTML(), "csv": r.CSV(), "json": data, "export": exported} {
		if bytes.Contains(page, []byte("Tailspin")) || bytes.Contains(page, []byte(other)) {
			t.Errorf("%s names the other client", name)
		}
	}
}
