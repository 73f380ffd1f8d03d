//go:build unix

package cli

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"sidestep/salesforce/demoorg"
)

// Threat "unrest": on a terminal a scan says what it waits for, and whose wish
// that is.
func TestAScanSaysWhatItWaitsFor(t *testing.T) {
	t.Parallel()
	org, err := demoorg.Start(t.Context(), demoorg.Options{Faults: []demoorg.Fault{
		{On: "listMetadata", Times: 1, Play: demoorg.HTML(429, "2")},
		{On: "readMetadata", Times: 1, Play: demoorg.HTML(503, "")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	c := newComputer(t, "SIDESTEP_CALLBACK_PORT=")
	s := c.login("--no-browser", "--host", org.URL(), "--store", "file")
	if err := org.Approve(t.Context(), s.link.String()); err != nil {
		t.Fatal(err)
	}
	s.end().must(t, fine)
	d := sit(t, c.data(), usual, "scan", "--org", org.URL())
	d.sees("asking which messages there are; the org asked to wait 2 s")
	if code := d.ends(); code != fine {
		t.Errorf("exit code %d; on screen:\n%s", code, d.screen())
	}
	out := d.wrote()
	if !regexp.MustCompile(`\d+ of 18 messages read; the org is overloaded, asking again in 1 s`).MatchString(out) {
		t.Errorf("it does not say that the org is overloaded:\n%.600q", out)
	}
	lines := strings.Split(out, clearLine)
	if len(lines) < 4 || strings.Contains(lines[len(lines)-1], "messages read") {
		t.Errorf("the line is left on the screen:\n%.600q", out)
	}
	// What is no terminal gets none of it.
	if e := c.run("scan", "--org", org.URL()).must(t, fine); e.words != "" {
		t.Errorf("stderr: %s", e.words)
	}
}

// Threat "limits": what the org has used of its calls is shown while a scan goes on,
// on the command line and in the interface.
func TestAScanShowsTheUseOfTheLimit(t *testing.T) {
	t.Parallel()
	org := startAPIOrg(t, 3)
	told := make(chan bool)
	var seen sync.Once
	org.hook = on("<met:checkRetrieveStatus>", func(w http.ResponseWriter) {
		<-told // the zip is not there before the screen was looked at
		fmt.Fprint(w, soapEnvelope(checked("Succeeded", packed(org.names))))
	})
	enough := func() { seen.Do(func() { close(told) }) }
	t.Cleanup(enough)
	term := terminal{cols: 120, rows: 40, env: []string{"HTTPS_PROXY=" + org.proxy.URL, "SIDESTEP_CA_FILE=" + org.ca}}
	scan := sit(t, org.homeOf(t), term, "scan", "--org", "acme")
	scan.sees("3 of 3 messages read; 99990 of the org's 100000 calls used today")
	d := sit(t, org.homeOf(t), term)
	d.sees("Sign in to an org")
	d.types(keyEnter)
	d.sees("Acme", apiOrgUser)
	d.types(keyEnter)
	d.sees("the org has used 99990 of its 100000 for today")
	enough()
	d.sees("3 messages on 1 endpoint")
	if code := scan.ends(); code != fine {
		t.Errorf("exit code %d; on screen:\n%s", code, scan.screen())
	}
}
