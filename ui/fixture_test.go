package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sidestep/salesforce"
	"sidestep/state"
)

// today is the day on which all tests of the interface play.
var today = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

var yes, no = true, false

// world is everything that the interface may ask for, in memory.
type world struct {
	mu      sync.Mutex
	saved   map[string]state.Migration
	saveErr error
	opened  []string
	copied  []string
	drafts  map[string]string
	attempt *fakeAttempt
	org     *fakeOrg
	files   map[string]salesforce.Findings
}

func newWorld() *world {
	w := &world{saved: map[string]state.Migration{}, drafts: map[string]string{}, files: map[string]salesforce.Findings{}}
	w.org = &fakeOrg{who: state.Org{ID: "00D5g000001AbCdEAK", Name: "Northwind Traders", Username: "admin@northwind.example", Instance: "http://localhost:1"}, findings: liveFindings()}
	w.attempt = &fakeAttempt{w: w, answer: make(chan error, 1)}
	return w
}

func (w *world) deps() Deps {
	return Deps{Work: w, Orgs: w, Files: w, Desktop: w, By: "Ann Admin", Now: func() time.Time { return today }}
}

func (w *world) List() ([]Saved, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []Saved
	for id, m := range w.saved {
		o := m.Overview()
		out = append(out, Saved{ID: id, Name: m.Org.Name, Detail: m.Org.Username, Progress: o.Progress, Endpoints: o.Endpoints, Finished: o.Finished, At: m.UpdatedAt})
	}
	slices.SortFunc(out, func(a, b Saved) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

type handle struct {
	w  *world
	id string
}

func (h handle) Save(m state.Migration) error {
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	if h.w.saveErr != nil {
		return h.w.saveErr
	}
	h.w.saved[h.id] = m
	return nil
}
func (h handle) Close() error { return nil }

func (w *world) Open(id string) (Handle, state.Migration, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	m, ok := w.saved[id]
	if !ok {
		return nil, m, state.ErrNotFound
	}
	return handle{w, id}, m, nil
}

func (w *world) Create(m state.Migration) (Handle, error) {
	h := handle{w, m.ID}
	return h, h.Save(m)
}
func (w *world) Restore(id string) (Handle, state.Migration, error) { return w.Open(id) }

func (w *world) SignIn(context.Context, string, string) (Attempt, error) { return w.attempt, nil }
func (w *world) Accepts(host string) error {
	if strings.Contains(host, "evil") {
		return errors.New("this is no Salesforce host")
	}
	return nil
}
func (w *world) DefaultClient() (string, string) {
	return "PlatformCLI", "the client id of the Salesforce CLI is used."
}

type fakeAttempt struct {
	w      *world
	answer chan error
}

func (a *fakeAttempt) Link() string {
	return "https://login.salesforce.com/services/oauth2/authorize?client_id=PlatformCLI&code_challenge=qjrzSW9gMiUgpUvqgEPE4&redirect_uri=http%3A%2F%2Flocalhost%3A1717%2FOauthRedirect&response_type=code&state=xyz"
}
func (a *fakeAttempt) RedirectURI() string { return "http://localhost:1717/OauthRedirect" }
func (a *fakeAttempt) Deadline() time.Time { return today.Add(5 * time.Minute) }
func (a *fakeAttempt) Listening() bool     { return true }
func (a *fakeAttempt) Close() error        { return nil }
func (a *fakeAttempt) Wait(ctx context.Context) (Org, error) {
	select {
	case err := <-a.answer:
		return a.w.org, err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
func (a *fakeAttempt) Paste(text string) error {
	if !strings.HasPrefix(text, a.RedirectURI()) {
		return errors.New("this is not the address that the login ended at")
	}
	a.answer <- nil
	return nil
}

type fakeOrg struct {
	who      state.Org
	findings salesforce.Findings
	err      error
}

func (o *fakeOrg) Who() state.Org { return o.who }
func (o *fakeOrg) Scan(_ context.Context, progress func(Progress)) (salesforce.Findings, error) {
	n := len(o.findings.Messages)
	progress(Progress{Known: n, Read: n, Calls: 3, New: o.findings.Messages})
	return o.findings, o.err
}

func (w *world) Read(_ context.Context, path string, asOf time.Time) (salesforce.Findings, error) {
	f, ok := w.files[path]
	if !ok {
		return f, fmt.Errorf("%s: no such file", path)
	}
	f.Source.AsOf = asOf
	return f, nil
}
func (w *world) Complete(text string) []string { return []string{text + "backup.zip"} }

func (w *world) OpenURL(link string) error {
	w.opened = append(w.opened, link)
	return nil
}
func (w *world) Copy(text string) error {
	w.copied = append(w.copied, text)
	return nil
}
func (w *world) SaveDraft(name string, data []byte) (string, error) {
	w.drafts[name] = string(data)
	return "/drafts/" + name, nil
}

// msg is one definition of an outbound message.
func msg(object, name, label, url string, says *bool) salesforce.Message {
	return salesforce.Message{Object: object, FullName: name, Label: label, EndpointURL: url, IncludeSessionID: says,
		IntegrationUser: "integration@northwind.example", APIVersion: 60, Fields: []string{"Id", "Name"}, ID: "04k5g000000XyZaAAK"}
}

// liveFindings is the org after the cut-off: every flag is false.
func liveFindings() salesforce.Findings {
	return salesforce.Findings{
		Source: salesforce.Source{ID: "00D5g000001AbCdEAK", Kind: salesforce.SourceOrg, Name: "Northwind Traders", OrgID: "00D5g000001AbCdEAK", At: today, Calls: 4, Complete: true},
		Messages: []salesforce.Message{
			msg("Account", "Send_customer", "Send customer to ERP", "https://integration.northwind.example/sf/customers", &no),
			msg("Order", "Send_order", "Send order to ERP", "https://integration.northwind.example/sf/orders", &no),
			msg("Order", "Order_cancelled", "Order cancelled", "https://integration.northwind.example/sf/orders", &no),
			msg("Shipment__c", "Book_parcel", "Book parcel", "https://hooks.parcelwise.example/salesforce/shipments", &no),
			msg("Case", "acme__Sync_case", "Sync case", "https://api.acmedesk.example/om/case", &no),
			msg("Invoice__c", "Post_invoice", "Post invoice", "http://ledger.northwind.example:8080/post", &no),
			msg("Contact", "Newsletter", "Newsletter sign-up", "https://mailer.example/in?key=S3CRET&list=7", &no),
		},
	}
}

// backupFindings is the source repository of January.
func backupFindings() salesforce.Findings {
	f := liveFindings()
	f.Source = salesforce.Source{ID: "files-1", Kind: salesforce.SourceZip, Name: "northwind-crm.zip", At: today, AsOf: time.Date(2026, 1, 17, 0, 0, 0, 0, time.UTC), Complete: true}
	f.Messages = f.Messages[:6]
	for i := range f.Messages {
		f.Messages[i].IncludeSessionID = &yes
	}
	f.Messages[5].IncludeSessionID = &no
	f.Users = []salesforce.User{
		{Type: salesforce.WorkflowRule, Name: "Order.Order changed", Active: &yes, When: "immediately", Message: "Order.Send_order"},
		{Type: salesforce.Flow, Name: "Book parcel", Active: &yes, When: "record-triggered, after save", Message: "Shipment__c.Book_parcel"},
		{Type: salesforce.WorkflowRule, Name: "Order.Old rule", Active: &no, When: "immediately", Message: "Order.Order_cancelled"},
	}
	return f
}

// bench is an interface under test: it runs commands and answers what is on screen.
type bench struct {
	t     testing.TB
	model tea.Model
	world *world
	size  size
	quit  bool
}

func newBench(t testing.TB, w *world, cols, rows int) *bench {
	t.Helper()
	b := &bench{t: t, model: New(w.deps()), world: w, size: size{cols, rows}}
	b.run(b.model.Init())
	b.send(tea.WindowSizeMsg{Width: cols, Height: rows})
	return b
}

// send gives a message to the interface and runs what it asks for.
func (b *bench) send(m tea.Msg) {
	var cmd tea.Cmd
	b.model, cmd = b.model.Update(m)
	b.run(cmd)
}

// run drains a command. Commands that wait for something that a test does later
// (a browser, the next second) go on by themselves and are left alone.
func (b *bench) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	done := make(chan tea.Msg, 1)
	go func() { done <- cmd() }()
	select {
	case m := <-done:
		b.take(m)
	case <-time.After(300 * time.Millisecond):
		b.t.Cleanup(func() {})
		b.later(done)
	}
}

// pending are the commands that are still waiting.
var pending = map[*bench][]chan tea.Msg{}

func (b *bench) later(ch chan tea.Msg) { pending[b] = append(pending[b], ch) }

// settle takes the answers of commands that were waiting.
func (b *bench) settle() {
	waiting := pending[b]
	pending[b] = nil
	for _, ch := range waiting {
		select {
		case m := <-ch:
			b.take(m)
		case <-time.After(time.Second):
			b.later(ch)
		}
	}
}

func (b *bench) take(m tea.Msg) {
	switch m := m.(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range m {
			b.run(c)
		}
	case tea.QuitMsg:
		b.quit = true
	case secondMsg:
	default:
		if cmds, ok := sequence(m); ok {
			for _, c := range cmds {
				b.run(c)
			}
			return
		}
		b.send(m)
	}
}

// keys types: names of keys, or single characters.
func (b *bench) keys(names ...string) {
	for _, n := range names {
		b.send(keyPress(n))
	}
}

// text types a text letter by letter.
func (b *bench) text(s string) {
	for _, r := range s {
		b.send(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

var codes = map[string]rune{
	"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown,
	"left": tea.KeyLeft, "right": tea.KeyRight, "space": tea.KeySpace, "home": tea.KeyHome, "end": tea.KeyEnd,
	"pgdown": tea.KeyPgDown, "pgup": tea.KeyPgUp,
}

func keyPress(name string) tea.KeyPressMsg {
	if name == "space" {
		return tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
	}
	if c, ok := codes[name]; ok {
		return tea.KeyPressMsg{Code: c}
	}
	if rest, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: rune(rest[0]), Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// screen is what is on screen, without colours.
func (b *bench) screen() string { return ansi.Strip(b.model.View().Content) }

// frame is the screen with colours.
func (b *bench) frame() string { return b.model.View().Content }

// sees fails the test unless all the texts are on screen.
func (b *bench) sees(texts ...string) {
	b.t.Helper()
	for _, text := range texts {
		if !strings.Contains(b.screen(), text) {
			b.t.Fatalf("%q is not on screen:\n%s", text, b.screen())
		}
	}
}

// lacks fails the test if any of the texts is on screen.
func (b *bench) lacks(texts ...string) {
	b.t.Helper()
	for _, text := range texts {
		if strings.Contains(b.screen(), text) {
			b.t.Fatalf("%q is on screen:\n%s", text, b.screen())
		}
	}
}

// onBoard is an interface with the org and its backup on the board.
func onBoard(t testing.TB, cols, rows int) *bench {
	t.Helper()
	w := newWorld()
	act := state.Act{By: "Ann Admin", At: today}
	m := state.New(w.org.who, act)
	m, _ = m.Merge(liveFindings(), act)
	m, _ = m.Merge(backupFindings(), act)
	w.saved[m.ID] = m
	b := newBench(t, w, cols, rows)
	b.keys("enter")
	return b
}
