package org

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"sidestep/salesforce"
)

// lateness is how long a scan that has everything else waits for what is asked
// around the messages.
const lateness = 10 * time.Second

var errLate error = &hinted{text: "the org did not answer in time", hint: "scan again when the org is less busy"}

// around asks for what is worth knowing about the messages beside their
// definitions: who changed them in Setup, as whom they are sent, which package
// brought them, and which version of a flow is active. Each of these fails for
// itself, with a notice that names the missing permission: the findings are
// complete without it. All of it runs beside the rest of the scan.
type around struct {
	s       *scan
	ctx     context.Context
	cancel  context.CancelCauseFunc
	version float64
	asked   sync.WaitGroup
	begun   bool

	// Each is written by one goroutine, and read after all of them have ended.
	trail    []salesforce.AuditEntry
	packages []salesforce.Package
	senders  []salesforce.IntegrationUser
	pages    []component // of what fires messages
	versions map[string]flowVersions
}

func (s *scan) around(ctx context.Context, version float64) *around {
	// Who waits for an answer here is not told: the scan does not.
	ctx, cancel := context.WithCancelCause(withPauses(ctx, func(pause) {}))
	return &around{s: s, ctx: ctx, cancel: cancel, version: version}
}

// stop ends what is still being asked.
func (a *around) stop() {
	a.cancel(context.Canceled)
	a.asked.Wait()
}

// begin asks, the first time that it is called, for what needs no more than the
// list of messages. metadata is false where the Metadata API is refused.
func (a *around) begin(metadata bool) {
	if a.begun {
		return
	}
	a.begun = true
	a.ask("Who made or changed the messages in Setup is not known from the Setup Audit Trail", a.askTrail)
	if a.s.packaged() {
		a.ask("The packages that brought messages are known by their namespaces only", a.askPackages)
	}
	if metadata {
		a.ask("Setup's pages of rules and processes are not known", a.askPages)
	}
}

// people asks about the integration users of the messages that were read.
func (a *around) people() {
	names := a.s.senders()
	if len(names) > 0 {
		a.ask("Whether the messages' integration users are active, and may send outbound messages, is not known", func() error { return a.askPeople(names) })
	}
}

// flows asks which versions of the flows that fire messages are active.
func (a *around) flows() {
	names := a.s.flowNames()
	if len(names) > 0 {
		a.ask("Which versions of the flows are active is known from their files only", func() error { return a.askFlows(names) })
	}
}

// ask runs a question beside the others.
func (a *around) ask(lost string, question func() error) {
	a.asked.Go(func() {
		if err := question(); err != nil {
			a.lacking(lost, err)
		}
	})
}

// lacking notes what is not known, and which permission would help.
func (a *around) lacking(lost string, err error) {
	if a.ctx.Err() != nil {
		if err = context.Cause(a.ctx); !errors.Is(err, errLate) {
			return // the scan was stopped
		}
	}
	message := fmt.Sprintf("%s: %v", lost, err)
	switch codeOf(err) {
	case "INVALID_TYPE", "INVALID_FIELD", "INSUFFICIENT_ACCESS", "INSUFFICIENT_ACCESS_OR_READONLY":
		message += ". To see it, your user needs the permission View Setup and Configuration."
	}
	a.s.doubted(true, "", message)
}

// wait waits for the answers, though not for long, and takes them over.
func (a *around) wait() {
	late := time.AfterFunc(lateness, func() { a.cancel(errLate) })
	defer late.Stop()
	a.asked.Wait()
	s := a.s
	defer s.report(nil, pause{})
	s.audit, s.people = a.trail, a.senders
	brought := map[string]bool{}
	for _, m := range s.messages() {
		brought[strings.ToLower(m.Namespace())] = true
	}
	for _, p := range a.packages {
		if brought[strings.ToLower(p.Namespace)] {
			s.packages = append(s.packages, p)
		}
	}
	ids := map[string]string{}
	for _, c := range a.pages {
		ids[c.Type+" "+strings.ToLower(c.FullName)] = id18(c.ID)
	}
	for i := range s.users {
		u := &s.users[i]
		if u.Type != salesforce.Flow {
			u.ID = ids[string(u.Type)+" "+strings.ToLower(u.Name)]
		} else if v, known := a.versions[strings.ToLower(u.Name)]; known {
			v.tell(u)
		}
	}
}

// messages are all that were read.
func (s *scan) messages() []salesforce.Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := append([]salesforce.Message{}, s.extra...)
	for _, m := range s.read {
		out = append(out, m)
	}
	return out
}

// packaged reports whether a package brought any message.
func (s *scan) packaged() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.known {
		if k.ManageableState == "installed" || strings.Contains(k.FullName[strings.LastIndexByte(k.FullName, '.')+1:], "__") {
			return true
		}
	}
	return false
}

// maxList is how many bytes of an address a list of names may take. Addresses and
// headers together may have 16,384 (REST API guide, "Status Codes and Error
// Responses").
const maxList = 8000

// lists splits names into as many IN lists as it takes. What can be no name is
// left out: it would make the question fail for all.
func lists(names []string) []string {
	var out []string
	list, size := "", 0
	for _, n := range names {
		if n == "" || len(n) > 255 || strings.ContainsFunc(n, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			continue
		}
		text := quote(n)
		n := len(url.QueryEscape("," + text))
		if size > 0 && size+n > maxList {
			out = append(out, list)
			list, size = "", 0
		}
		if size > 0 {
			list += ","
		}
		list, size = list+text, size+n
	}
	if size > 0 {
		out = append(out, list)
	}
	return out
}
