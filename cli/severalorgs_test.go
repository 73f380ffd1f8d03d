//go:build unix

package cli

import (
	"context"
	"fmt"
	"hash/crc32"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sidestep/app"
	"sidestep/state"
)

const hooksWorkflow = `<?xml version="1.0" encoding="UTF-8"?>
<Workflow xmlns="http://soap.sforce.com/2006/04/metadata">
    <outboundMessages>
        <fullName>Send_order</fullName>
        <apiVersion>60.0</apiVersion>
        <endpointUrl>https://hooks.example.com/sf</endpointUrl>
        <fields>Id</fields>
        <includeSessionId>true</includeSessionId>
        <integrationUser>integration@acme.example</integrationUser>
        <name>Send order</name>
        <protected>false</protected>
        <useDeadLetterQueue>false</useDeadLetterQueue>
    </outboundMessages>
</Workflow>
`

// clients is the saved work of a consultant: the same vendor runs an endpoint in the
// org of each client. It returns the store and the works' ids by client.
func clients(t *testing.T, home string, names ...string) (*state.Store, map[string]string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "Account.workflow")
	if err := os.WriteFile(path, []byte(hooksWorkflow), 0o600); err != nil {
		t.Fatal(err)
	}
	found, err := app.Files{}.Read(context.Background(), path, time.Now().AddDate(0, -10, 0))
	if err != nil {
		t.Fatal(err)
	}
	store, err := state.OpenStore(filepath.Join(home, "migrations"))
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]string{}
	for i, name := range names {
		act := state.Act{By: "Ada", At: time.Now().Add(-time.Duration(i) * time.Hour)}
		m := state.New(state.Org{ID: "00D5g000000000" + string(rune('1'+i)) + "EAK", Name: name, Username: "ada@" + strings.ToLower(name) + ".example"}, act)
		m, _ = m.Merge(found, act)
		key := m.Overview().Hosts[0].Endpoints[0].Key
		m = m.ChooseRoute(key, state.VendorContact, act).NameVendor([]string{key}, "Hooks & Co", act).Stand(key, act)
		m = m.DescribeVendor(state.Vendor{Name: "Hooks & Co", Contacts: []state.Person{{Contact: state.Contact{Name: "Jo", Email: "jo@hooks.example"}}}}, act)
		f, err := store.Create(m)
		if err == nil {
			err = f.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		ids[name] = m.ID
	}
	return store, ids
}

// letters are the mails to the vendor that a saved work has recorded.
func letters(t *testing.T, store *state.Store, id string) []state.Letter {
	t.Helper()
	m, err := store.Peek(id)
	if err != nil {
		t.Fatal(err)
	}
	v, _ := m.VendorNamed("Hooks & Co")
	return v.Letters
}

// Two orgs in one mail, with the files on the disk: recorded in both, taken back in both,
// said where the other one is open in another window, and made up for.
func TestAMailAboutTwoOrgsIsRecordedInBothFiles(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	store, ids := clients(t, home, "Acme", "Initech")
	have := func(acme, initech int) {
		t.Helper()
		if a, i := letters(t, store, ids["Acme"]), letters(t, store, ids["Initech"]); len(a) != acme || len(i) != initech {
			t.Fatalf("Acme has %+v, Initech %+v", a, i)
		}
	}
	d := sit(t, home, usual)
	d.sees("Acme", "Initech")
	d.types(keyEnter)
	d.sees("‹Checklist")
	d.types("m")
	d.sees("Subject ", "O orgs")
	d.types("O")
	d.sees("About which orgs besides this one?", "Initech")
	d.types("j" + keyEnter)
	d.sees("Also about Initech")
	d.types("d")
	d.sees("Recorded as written here and in Initech.")
	have(1, 1)
	d.types("u")
	d.sees("Undone here and in Initech: mail written")
	have(0, 0)

	other := sit(t, home, usual)
	other.sees("Acme", "Initech")
	other.types(keyEnter) // it was worked on last
	other.sees("‹Checklist")
	d.types("d")
	d.sees("not in Initech: this work is open in")
	have(1, 0)
	other.types("q")
	other.ends()
	d.types("s" + keyEnter)
	d.sees("Recorded as sent here and in Initech.")
	have(1, 1)
	if l := letters(t, store, ids["Initech"])[0]; l.SentAt.IsZero() || l.With != ids["Acme"] {
		t.Errorf("Initech has %+v", l)
	}

	d.types("e")
	d.sees("stop editing")
	d.types("Dear both, ")
	d.sees("edited by you", "Dear both, ")
	d.types("\x1b")
	d.saved("E editor")
	d.types("q")
	if code := d.ends(); code != fine {
		t.Errorf("exit code %d", code)
	}
	for _, client := range []string{"Acme", "Initech"} {
		bin, err := built()
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(bin, "email", "hooks.example.com", "--org", client)
		cmd.Env = append(os.Environ(), "SIDESTEP_HOME="+home)
		out, err := cmd.CombinedOutput()
		rival := map[string]string{"Acme": "Initech", "Initech": "Acme"}[client]
		if text := string(out); err != nil || !strings.Contains(text, "I look after Salesforce at "+client) || strings.Contains(text, rival) || strings.Contains(text, "Dear both") {
			t.Errorf("%v: the mail of %s alone is %s", err, client, text)
		}
	}
}

// Another client's file that is damaged, or was saved by a newer version, is no
// recipient, and what is there stays as it is.
func TestAnotherOrgsUnreadableFileIsLeftAlone(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	store, ids := clients(t, home, "Acme", "Initech", "Umbra")
	for client, spoil := range map[string]func([]byte) []byte{
		"Initech": func(b []byte) []byte { return b[:len(b)/2] },
		"Umbra":   newerForm,
	} {
		files, err := filepath.Glob(filepath.Join(home, "migrations", strings.ToLower(ids[client])+"-*.json"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%v, %v", files, err)
		}
		for _, path := range files {
			data, err := os.ReadFile(path)
			if err == nil {
				err = os.WriteFile(path, spoil(data), 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	before := contents(t, filepath.Join(home, "migrations"), ids["Acme"])
	d := sit(t, home, usual)
	d.sees("Acme", "damaged", "newer version")
	d.types(keyEnter)
	d.sees("‹Checklist")
	d.types("m")
	d.sees("Subject ", "E editor")
	if strings.Contains(d.screen(), "O orgs") {
		t.Errorf("the mail can be about them:\n%s", d.screen())
	}
	d.types("d")
	d.saved("Recorded as written: saved as")
	d.types("q")
	d.ends()
	if len(letters(t, store, ids["Acme"])) != 1 {
		t.Error("it is not recorded")
	}
	if after := contents(t, filepath.Join(home, "migrations"), ids["Acme"]); after != before {
		t.Errorf("before: %s\nafter: %s", before, after)
	}
}

// newerForm is saved work as a version after this one writes it, with a checksum that fits.
func newerForm(saved []byte) []byte {
	text := strings.Replace(string(saved), `"schema":`, `"schema":9`, 1)
	text = text[:strings.LastIndex(text, `"sum":`)]
	return fmt.Appendf(nil, "%s\"sum\":\"%08x\"}\n", text, crc32.Checksum([]byte(text), crc32.MakeTable(crc32.Castagnoli)))
}

// contents are the names and texts of the files in a folder but for those that begin
// with a name.
func contents(t *testing.T, folder, but string) string {
	t.Helper()
	var all strings.Builder
	names, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasPrefix(filepath.Base(name), strings.ToLower(but)) {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString(filepath.Base(name) + "\n" + string(text) + "\n")
	}
	return all.String()
}
