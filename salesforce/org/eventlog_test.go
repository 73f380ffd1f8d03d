package org

import (
	"io"
	"strings"
	"testing"
	"time"
)

const logHead = "\ufeff" + `"EVENT_TYPE","USER_ID","CONNECTED_APP_NAME","CLIENT_IP","API_FAMILY","STATUS_CODE","USER_ID_DERIVED"` + "\n"

func TestEventLogIsAddedUpByAppAndAddress(t *testing.T) {
	line := func(user, app, status string) string {
		return `"ApiTotalUsage","` + user + `","` + app + `","198.51.100.80","REST","` + status + `","` + "" + "\"\n"
	}
	text := logHead + line(testUser[:15], "Hub, new", "200") + line(testUser[:15], "Hub, new", "204") + line(testUser, "Hub, new", "403") +
		line("0055g00000ZzZzZ", "Hub, new", "200") + line("0055g00000Abcde", "case matters", "200") +
		`"broken line with ` + testUser[:15] + "\n" + `"ApiTotalUsage","","","","SOAP","200","` + testUser + `"`
	uses, err := addUp(strings.NewReader(text), time.Time{}, testUser)
	if err != nil || len(uses) != 2 || uses[0].Application != "Hub, new" || uses[0].Calls != 3 || uses[0].Succeeded != 2 || uses[1].Family != "SOAP" {
		t.Errorf("%v %+v", err, uses)
	}
}

func TestEventLogsThatAreNone(t *testing.T) {
	many := logHead
	for i := range maxUses + 1 {
		many += `"x","` + testUser + `","app` + strings.Repeat("x", i%7) + strings.Repeat("y", i/7) + `","a","b","200",""` + "\n"
	}
	for name, r := range map[string]io.Reader{
		"empty": strings.NewReader(""), "other columns": strings.NewReader("a,b\n1,2\n"), "a page": strings.NewReader("<html><body>maintenance</body></html>"),
		"one line without end": io.MultiReader(strings.NewReader(logHead+`"`), endless{}), "a head without end": endless{}, "too many apps": strings.NewReader(many),
	} {
		if uses, err := addUp(r, time.Time{}, testUser); err == nil || uses != nil {
			t.Errorf("%s: %v", name, uses)
		}
	}
}

// endless never ends a line.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func FuzzEventLog(f *testing.F) {
	f.Add(logHead + `"ApiTotalUsage","` + testUser[:15] + `","Hub","198.51.100.80","REST","200",""`)
	f.Add("USER_ID\n" + testUser)
	f.Fuzz(func(t *testing.T, text string) {
		uses, err := addUp(strings.NewReader(text), time.Time{}, testUser)
		if err != nil {
			return
		}
		for _, u := range uses {
			if u.Succeeded > u.Calls || u.Calls > strings.Count(text, testUser[:15]) {
				t.Fatalf("%+v", u)
			}
		}
	})
}
