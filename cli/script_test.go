package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"sidestep/app"
	"sidestep/salesforce/demoorg"
	"sidestep/state"
)

// TestScripts runs the commands as people do. The scripts may use:
//
//	code N PROGRAM ARGS…      run, and compare the exit code
//	json PATH VALUE           compare a value in the JSON on stdout
//	org [before|blind]        start an org; its address is $ORG. A blind one shows
//	                          nobody's logins
//	stop-org                  stop it
//	login ARGS…               sidestep login, with somebody who clicks Log in
//	taken                     take a port; its number is $TAKEN
//	saved FOLDER NAME PATH    save a migration of what PATH holds; the org id
//	                          ends in the length of NAME
//	worked PATH               save work on files alone: a route, and one step done
//	cut FILE                  cut a file in half
//	endpoint NAME             start a receiver of outbound messages that answers in
//	                          the way of NAME; its address is $ENDPOINT, what it got
//	                          last is in received.xml
//	received N                compare how many messages the receiver got
//	freeport NAME             set a variable to a port that is free
//	reached PORT              wait until something listens there
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                "testdata",
		RequireUniqueNames: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("SIDESTEP_HOME", filepath.Join(env.WorkDir, "home"))
			env.Setenv("TEST_KEYCHAIN", filepath.Join(env.WorkDir, "keychain"))
			env.Setenv("GORACE", os.Getenv("GORACE"))
			env.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
			return os.Mkdir(filepath.Join(env.WorkDir, "keychain"), 0o700)
		},
		Condition: func(cond string) (bool, error) {
			if cond == "root" {
				return os.Geteuid() == 0, nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code": exitCode, "json": compareJSON, "org": startOrg, "stop-org": stopOrg, "login": login,
			"taken": takePort, "saved": saveWork, "worked": workOnFiles, "cut": cutInHalf, "asked": writeToVendor,
			"endpoint": startReceiver, "received": compareReceived, "freeport": setFreePort, "reached": reach,
		},
	})
}

func exitCode(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	err = ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d\nstderr: %s", got, want, ts.ReadFile("stderr"))
	}
}

func compareJSON(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: json PATH VALUE")
	}
	got, err := lookUp(ts.ReadFile("stdout"), args[0])
	ts.Check(err)
	if (got == args[1]) == neg {
		ts.Fatalf("%s is %s (compared with %s)", args[0], got, args[1])
	}
}

func startOrg(ts *testscript.TestScript, _ bool, args []string) {
	o := demoorg.Options{Before: slices.Contains(args, "before")}
	if slices.Contains(args, "blind") {
		o.Faults = []demoorg.Fault{{On: "query", Play: noLogins}, {On: "query/", Play: noLogins}}
	}
	s, err := demoorg.Start(context.Background(), o)
	ts.Check(err)
	running.Store(ts.Getenv("WORK"), s)
	ts.Defer(func() { _ = s.Close() })
	ts.Setenv("ORG", s.URL())
}

// noLogins refuses LoginHistory, as to somebody without the right.
func noLogins(w http.ResponseWriter, r *http.Request, next http.Handler) {
	if strings.Contains(r.URL.RawQuery, "LoginHistory") {
		demoorg.Refuse(http.StatusBadRequest, "INVALID_TYPE", "sObject type 'LoginHistory' is not supported.")(w, r, next)
		return
	}
	next.ServeHTTP(w, r)
}

func setFreePort(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv(args[0], strconv.Itoa(l.Addr().(*net.TCPAddr).Port))
	ts.Check(l.Close())
}

// reach asks again and again until a program that was started listens.
func reach(ts *testscript.TestScript, _ bool, args []string) {
	for end := time.Now().Add(30 * time.Second); ; {
		c, err := net.Dial("tcp", "127.0.0.1:"+args[0])
		if err == nil {
			ts.Check(c.Close())
			return
		}
		if time.Now().After(end) {
			ts.Fatalf("nothing listens at port %s: %v", args[0], err)
		}
	}
}

func stopOrg(ts *testscript.TestScript, _ bool, _ []string) { ts.Check(orgOf(ts).Close()) }

// login runs sidestep login in the way of a person: it reads the link, goes
// there with a browser, and clicks Log in.
func login(ts *testscript.TestScript, neg bool, args []string) {
	cmd := exec.Command("sidestep", append([]string{"login", "--host", ts.Getenv("ORG")}, args...)...)
	cmd.Dir = ts.Getenv("WORK")
	for _, name := range []string{"SIDESTEP_HOME", "TEST_KEYCHAIN", "TEST_BROWSER", "PATH", "HOME", "TMPDIR", "GORACE"} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	cmd.Stdout = ts.Stdout()
	words, err := cmd.StderrPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	copied := linkThenRest(words, ts.Stderr(), func(link string) { ts.Check(orgOf(ts).Approve(context.Background(), link)) })
	ts.Check(copied)
	if err := cmd.Wait(); (err != nil) != neg {
		ts.Fatalf("login: %v", err)
	}
}

func takePort(ts *testscript.TestScript, _ bool, _ []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { _ = l.Close() })
	ts.Setenv("TAKEN", strconv.Itoa(l.Addr().(*net.TCPAddr).Port))
}

// saveWork saves a migration as the interface would.
func saveWork(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: saved FOLDER NAME PATH")
	}
	found, err := app.Files{}.Read(context.Background(), ts.MkAbs(args[2]), today.AddDate(0, -10, 0))
	ts.Check(err)
	act := state.Act{By: "Ada", At: today}
	m := state.New(state.Org{
		ID: fmt.Sprintf("00D5g0000000%03dEAK", len(args[1])), Name: args[1], Username: "ada@" + strings.ToLower(args[1]) + ".example",
		Instance: "https://" + strings.ToLower(args[1]) + ".my.salesforce.com",
	}, act)
	m, _ = m.Merge(found, act)
	ts.Check(save(filepath.Join(ts.Getenv("SIDESTEP_HOME"), args[0]), m))
}

// workOnFiles saves work that began with files: its first endpoint has a route,
// and a step that is done.
func workOnFiles(ts *testscript.TestScript, _ bool, args []string) {
	found, err := app.Files{}.Read(context.Background(), ts.MkAbs(args[0]), time.Time{})
	ts.Check(err)
	act := state.Act{By: "Ada", At: today}
	m := state.New(state.Org{Name: found.Source.Name}, act)
	m.ID = found.Source.ID
	m, _ = m.Merge(found, act)
	key := m.Overview().Hosts[0].Endpoints[0].Key
	m = m.ChooseRoute(key, state.VendorContact, act)
	m = m.MarkDone(key, state.Checklist(state.VendorContact, state.ReceiverUnknown)[0], act)
	ts.Check(save(filepath.Join(ts.Getenv("SIDESTEP_HOME"), "migrations"), m))
}

// writeToVendor saves, for the org that was saved under a name, that a mail was
// sent to the vendor of its first endpoint so many days ago.
func writeToVendor(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: asked ORG VENDOR DAYS")
	}
	days, err := strconv.Atoi(args[2])
	ts.Check(err)
	store, err := state.OpenStore(filepath.Join(ts.Getenv("SIDESTEP_HOME"), "migrations"))
	ts.Check(err)
	entries, err := store.List()
	ts.Check(err)
	for _, e := range entries {
		if e.Migration.Org.Name != args[0] {
			continue
		}
		f, m, err := store.Open(e.ID)
		ts.Check(err)
		act := state.Act{By: "Ada", At: today.AddDate(0, 0, -days)}
		key := m.Overview().Hosts[0].Endpoints[0].Key
		m = m.ChooseRoute(key, state.VendorContact, act).NameVendor([]string{key}, args[1], act)
		m = m.MailWritten(key, state.Draft{Kind: "first", Subject: "Session ids"}, "copied", act).MailSent(key, "first", act.At, act)
		ts.Check(f.Save(m))
		ts.Check(f.Close())
		return
	}
	ts.Fatalf("there is no org %s", args[0])
}

func cutInHalf(ts *testscript.TestScript, _ bool, args []string) {
	names, err := filepath.Glob(ts.MkAbs(args[0]))
	ts.Check(err)
	if len(names) != 1 {
		ts.Fatalf("%s fits %d files", args[0], len(names))
	}
	info, err := os.Stat(names[0])
	ts.Check(err)
	ts.Check(os.Truncate(names[0], info.Size()/2))
}
