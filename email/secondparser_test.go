package email_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sidestep/email"
	"sidestep/state"
)

// reader is Python's own mail parser, as mail programs read: decoded headers,
// addresses taken apart, the text with its line ends.
const reader = `
import email, email.policy, json, os, sys
out = {}
for name in sorted(os.listdir(sys.argv[1])):
    with open(os.path.join(sys.argv[1], name), "rb") as f:
        m = email.message_from_binary_file(f, policy=email.policy.default)
    out[name] = {
        "subject": str(m["Subject"]), "subjects": len(m.get_all("Subject")),
        "cc": [a.addr_spec for h in m.get_all("Cc", []) for a in h.addresses],
        "to": [a.addr_spec for h in m.get_all("To", []) for a in h.addresses],
        "from": [[a.display_name, a.addr_spec] for a in m["From"].addresses],
        "body": m.get_content(), "multipart": m.is_multipart(), "headers": sorted(set(k.lower() for k in m.keys())),
        "defects": [repr(d) for d in m.defects] + [repr(d) for h in m.values() for d in h.defects],
    }
json.dump(out, sys.stdout)
`

type reading struct {
	Subject   string
	Subjects  int
	To, Cc    []string
	From      [][]string
	Body      string
	Multipart bool
	Headers   []string
	Defects   []string
}

// Every draft, read by a second parser, is exactly what the screen showed.
func TestSecondParserReadsWhatTheScreenShows(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not here")
	}
	dir := t.TempDir()
	drafts := map[string]state.Draft{}
	also := []string{"ivan@vendor.example", "Second+x@vendor.example"}
	write := func(name string, d state.Draft, also ...string) {
		data, err := email.EML(d, sender, today, also...)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
		drafts[name] = d
	}
	for _, lang := range email.Languages() {
		for _, kind := range email.Kinds() {
			write(fmt.Sprintf("%s-%s-one", lang, kind), draft(t, kind, lang, facts(vendorEndpoint())))
			write(fmt.Sprintf("%s-%s-orgs", lang, kind), draft(t, kind, lang, inTwoOrgs(email.Show{})))
			d := draft(t, kind, lang, several())
			d.Cc = "eva@vendor.example,  Max.O-Neil+sf@vendor.example"
			write(fmt.Sprintf("%s-%s-several", lang, kind), d, also...)
		}
	}
	for i, s := range append(injections, "日本語 =?utf-8?q?x?=  zwei", "From here\n.\n..", strings.Repeat("長い", 400)) {
		subject, _, _ := strings.Cut(strings.NewReplacer("\r", "", "\x00", "").Replace(s), "\n")
		write(fmt.Sprintf("hostile-%d", i), state.Draft{To: "a@b.example", Subject: subject, Body: strings.NewReplacer("\r", "", "\x00", "").Replace(s) + "\n"})
	}
	out, err := exec.Command(python, "-c", reader, dir).Output()
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]reading
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != len(drafts) || len(got) < 128 {
		t.Fatalf("%d read, %d written", len(got), len(drafts))
	}
	for name, d := range drafts {
		g := got[name]
		var to []string
		if d.To != "" {
			to = append(to, d.To)
		}
		if strings.HasSuffix(name, "-several") {
			to = append(to, also...)
		}
		var cc []string
		if d.Cc != "" {
			cc = []string{"eva@vendor.example", "Max.O-Neil+sf@vendor.example"}
		}
		to = slices.Compact(to)
		switch {
		case g.Subject != d.Subject || g.Subjects != 1:
			t.Errorf("%s: subject %q, want %q", name, g.Subject, d.Subject)
		case !slices.Equal(g.To, dedupe(to)):
			t.Errorf("%s: to %q, want %q", name, g.To, to)
		case !slices.Equal(g.Cc, cc):
			t.Errorf("%s: cc %q, want %q", name, g.Cc, cc)
		case g.Body != d.Body:
			t.Errorf("%s: body %q, want %q", name, g.Body, d.Body)
		case len(g.From) != 1 || g.From[0][0] != sender.Name || g.From[0][1] != sender.Email:
			t.Errorf("%s: from %q", name, g.From)
		case g.Multipart || len(g.Defects) > 0 || slices.Contains(g.Headers, "bcc") || slices.Contains(g.Headers, "cc") != (d.Cc != ""):
			t.Errorf("%s: headers %q, defects %q", name, g.Headers, g.Defects)
		}
	}
}

func dedupe(all []string) []string {
	var out []string
	for _, s := range all {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// Several recipients: each exactly one address, each once, and none at all if one is wrong.
func TestSeveralRecipients(t *testing.T) {
	d := state.Draft{To: "jane@vendor.example", Subject: "s", Body: "b\n"}
	file, err := email.EML(d, sender, today, "ivan@vendor.example", "", "JANE@vendor.example")
	if err != nil {
		t.Fatal(err)
	}
	list, err := reread(t, file).header.AddressList("To")
	if err != nil || len(list) != 2 || list[0].Address != "jane@vendor.example" || list[1].Address != "ivan@vendor.example" {
		t.Errorf("%v, %v", list, err)
	}
	link, err := email.Mailto(d, "ivan+x@vendor.example")
	if to, fields := unfold(t, link); err != nil || to != "jane@vendor.example,ivan+x@vendor.example" || len(fields) != 2 {
		t.Errorf("%s, %v", link, err)
	}
	d.Cc = "JANE@vendor.example, eva+x@vendor.example,,Ivan@vendor.example"
	link, err = email.Mailto(d, "ivan@vendor.example")
	if to, fields := unfold(t, link); err != nil || to != "jane@vendor.example,ivan@vendor.example" || len(fields) != 3 || fields["cc"] != "eva+x@vendor.example" {
		t.Errorf("%s, %v", link, err)
	}
	for _, s := range injections {
		if strings.TrimSpace(s) != "" && s != "a@b.example, evil@evil.example" { // in a list that is two of them
			copied := d
			copied.Cc = "eva@vendor.example, " + s
			if _, err := email.EML(copied, sender, today); err == nil {
				t.Errorf("EML copies to %q", s)
			}
			if _, err := email.Mailto(copied); err == nil {
				t.Errorf("Mailto copies to %q", s)
			}
		}
		if _, err := email.EML(d, sender, today, s); err == nil {
			t.Errorf("EML accepts %q", s)
		}
		if _, err := email.Mailto(d, s); err == nil {
			t.Errorf("Mailto accepts %q", s)
		}
	}
}
