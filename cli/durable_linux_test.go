package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"sidestep/salesforce"
	"sidestep/state"
)

// Row "power cut": what is called saved is on the disk. Nobody can cut the power in a
// test, so the calls to the system are watched: all of the new file is synced before
// it takes the old one's place, and the folder before a word is said.
func TestSavedMeansOnTheDisk(t *testing.T) {
	t.Parallel()
	strace, err := exec.LookPath("strace")
	if err == nil {
		err = exec.CommandContext(t.Context(), strace, "-o", os.DevNull, "true").Run()
	}
	if err != nil {
		t.Skipf("no program can be watched here: %v", err)
	}
	c := newComputer(t)
	act := state.Act{By: "Ada", At: today}
	m, _ := state.New(state.Org{ID: "00D5g000001AbCdEAK", Name: "Acme"}, act).Merge(salesforce.Findings{
		Source:   salesforce.Source{ID: "backup", Kind: salesforce.SourceZip, Name: "backup.zip", At: today},
		Messages: []salesforce.Message{{Object: "Order", FullName: "Send_order", EndpointURL: "https://hooks.example.com/sf"}},
	}, act)
	if err := save(filepath.Join(c.data(), "migrations"), m); err != nil {
		t.Fatal(err)
	}
	work, calls := filepath.Join(c.home, "acme.sidestep"), filepath.Join(c.home, "calls")
	c.run("export", "-o", work).must(t, fine)

	bin := c.bin
	c.bin = strace
	c.run("-f", "-qq", "-y", "-e", "trace=write,fsync,fdatasync,rename,renameat,renameat2", "-e", "signal=none",
		"-o", calls, bin, "import", "--replace", work).must(t, fine)
	data, err := os.ReadFile(calls)
	if err != nil {
		t.Fatal(err)
	}
	rest := data
	for _, step := range []string{
		`write\(\d+<[^>]*\.json\.saving-\d+>, ".*sum`,
		`fsync\(\d+<[^>]*\.json\.saving-\d+>`,
		`rename.*\.json\.saving-\d+", .*\.json"`,
		`fsync\(\d+<[^>]*/migrations>`,
		`write\(2<.*"Taken over: Acme`,
	} {
		at := regexp.MustCompile(step).FindIndex(rest)
		if at == nil {
			t.Fatalf("%s does not follow:\n%s", step, data)
		}
		rest = rest[at[1]:]
		if step[0] == 'w' && regexp.MustCompile(`write\(\d+<[^>]*\.saving-`).Match(rest) {
			t.Fatalf("something is written after the checksum:\n%s", data)
		}
	}
}
