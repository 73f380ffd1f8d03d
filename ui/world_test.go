package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"sidestep/email"
	"sidestep/email/answer"
	"sidestep/salesforce"
	"sidestep/state"
	"sidestep/vendors"
)

// world is everything that the interface may ask for, in memory. What is named
// …Err makes the matching part fail.
type world struct {
	mu    sync.Mutex
	start time.Time
	// backwards runs the commands of a batch in the other order: it has none.
	backwards bool

	saved map[string]state.Migration
	// damaged are listed beside what is saved.
	damaged []Saved
	held    map[string]bool
	// newer is what a newer version saved, by id.
	newer map[string]error
	// gate, where there is one, holds every save until something is sent there.
	gate   chan struct{}
	saving int
	// opening, where there is one, holds whoever opens saved work.
	opening  chan struct{}
	atOnce   int
	saves    int
	restored []string
	// scans, reads and connects count what was begun, looks how often it was asked
	// what is at a path.
	scans, reads, connects, looks int
	who                           string
	browser                       []string
	clipboard                     []string
	drafts                        map[string]string

	attempts []*fakeAttempt
	org      *fakeOrg
	demo     *fakeDemo
	// startDemo is nil where the demo cannot be started from home.
	startDemo func(context.Context) (Demo, Work, error)
	// kept and cli are nil where there is no keychain and no Salesforce CLI.
	kept  *fakeKept
	cli   *fakeCLI
	files map[string]salesforce.Findings
	// histories are those of repositories, by path.
	histories map[string]salesforce.Findings
	// reading, where there is one, holds the reading of files; deaf reading does
	// not notice that it is cancelled.
	reading chan struct{}
	deaf    bool
	// writing, where there is one, holds the writing of several drafts.
	writing chan struct{}
	// edited are the files that an editor is shown, by path; editor is what it does to
	// a text.
	edited map[string]string
	editor func(text string) (string, error)
	// answers are those of vendors, by path.
	answers map[string]string
	// found is what path completion proposes.
	found []string

	checks fakeChecks
	// directory is what is known of vendors.
	directory vendors.Directory
	// texts and unusable are the admin's own files.
	texts    email.Templates
	unusable []error
	// readOnly is why nothing can be saved.
	readOnly error

	// fleeting orgs are signed in to until the program ends.
	fleeting bool

	listErr, openErr, saveErr, signInErr, browserErr, draftErr, fileErr error
}

func newWorld() *world {
	w := &world{start: time.Now(), saved: map[string]state.Migration{}, held: map[string]bool{}, drafts: map[string]string{},
		files: map[string]salesforce.Findings{}, who: "Ann Admin"}
	w.editor = func(text string) (string, error) { return text, nil }
	w.org = &fakeOrg{w: w, who: northwind, findings: liveFindings()}
	return w
}

func (w *world) deps() Deps {
	d := Deps{Work: w, Orgs: w, Files: w, Desktop: w, StartDemo: w.startDemo, By: w.who, Now: w.now, Checks: &w.checks, Vendors: w.directory, Texts: w.texts, Unusable: w.unusable, ReadOnly: w.readOnly}
	if w.demo != nil {
		d.Demo = w.demo
	}
	if w.kept != nil {
		d.Kept = w.kept
	}
	if w.cli != nil {
		d.CLI = w.cli
	}
	return d
}

// now is the day on which all tests play, and as much later as time has passed.
func (w *world) now() time.Time { return today.Add(time.Since(w.start)) }

func (w *world) List() ([]Saved, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []Saved
	for id, m := range w.saved {
		o := m.Overview()
		out = append(out, Saved{ID: id, Name: m.Org.Name, Detail: m.Org.Username, Progress: o.Progress, Endpoints: o.Endpoints, Finished: o.Finished, At: m.UpdatedAt, Due: m.Chase(), Vendors: slices.Collect(maps.Values(m.Vendors))})
		if err := w.newer[id]; err != nil {
			out[len(out)-1] = Saved{ID: id, Name: m.Org.Name, Trouble: err.Error(), Newer: true}
		}
	}
	slices.SortFunc(out, func(a, b Saved) int { return strings.Compare(a.Name, b.Name) })
	return append(out, w.damaged...), w.listErr
}

// handle is a migration that the interface holds.
type handle struct {
	w  *world
	id string
}

func (h handle) Save(m state.Migration) error {
	h.w.mu.Lock()
	h.w.saving++
	h.w.saves++
	h.w.atOnce = max(h.w.atOnce, h.w.saving)
	gate := h.w.gate
	h.w.mu.Unlock()
	if gate != nil {
		<-gate
	}
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	h.w.saving--
	if h.w.saveErr != nil {
		return h.w.saveErr
	}
	h.w.saved[h.id] = m
	return nil
}

func (h handle) Close() error {
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	h.w.held[h.id] = false
	return nil
}

func (w *world) Open(id string) (Handle, state.Migration, error) {
	if w.opening != nil {
		<-w.opening
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	m, ok := w.saved[id]
	switch {
	case w.openErr != nil:
		return nil, m, w.openErr
	case !ok:
		return nil, m, state.ErrNotFound
	case w.held[id]:
		return nil, m, &state.HeldError{By: "another window"}
	case w.newer[id] != nil:
		return nil, m, w.newer[id]
	}
	w.held[id] = true
	return handle{w, id}, m, nil
}

func (w *world) Look(id string) (state.Migration, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	m, ok := w.saved[id]
	if !ok {
		return m, state.ErrNotFound
	}
	return m, nil
}

func (w *world) Create(m state.Migration) (Handle, error) {
	if errors.Is(w.openErr, state.ErrReadOnly) {
		return nil, w.openErr
	}
	h := handle{w, m.ID}
	w.mu.Lock()
	w.held[m.ID] = true
	w.mu.Unlock()
	return h, h.Save(m)
}

func (w *world) Restore(id string) (Handle, state.Migration, error) {
	w.mu.Lock()
	w.restored = append(w.restored, id)
	w.damaged = nil
	w.mu.Unlock()
	return w.Open(id)
}

func (w *world) Read(ctx context.Context, path string, asOf time.Time) (salesforce.Findings, error) {
	w.mu.Lock()
	w.reads++
	w.mu.Unlock()
	f, ok := w.files[path]
	if w.reading != nil {
		done := ctx.Done()
		if w.deaf {
			ctx, done = context.Background(), nil
		}
		select {
		case <-w.reading:
		case <-done:
		}
	}
	if w.fileErr != nil {
		return f, w.fileErr
	}
	if !ok {
		return f, fmt.Errorf("%s: no such file or folder", path)
	}
	f.Source.AsOf = asOf
	return f, ctx.Err()
}

// HasHistory says so of the paths in histories.
func (w *world) HasHistory(path string) (bool, error) {
	w.mu.Lock()
	w.looks++
	w.mu.Unlock()
	_, has := w.histories[path]
	if _, file := w.files[path]; !has && !file && w.fileErr == nil {
		return false, hintedError{path + ": no such file or folder", "check the spelling"}
	}
	return has, nil
}

func (w *world) History(ctx context.Context, path string, progress func(Searched)) (salesforce.Findings, error) {
	progress(Searched{Commits: 20_000, Compared: 12_800, Versions: 340})
	if w.reading != nil {
		select {
		case <-w.reading:
		case <-ctx.Done():
		}
	}
	return w.histories[path], ctx.Err()
}

// Answer reads one of the answers; it is held as Read is.
func (w *world) Answer(ctx context.Context, path string, now time.Time) (answer.Answer, error) {
	w.mu.Lock()
	w.reads++
	w.mu.Unlock()
	if w.reading != nil {
		done := ctx.Done()
		if w.deaf {
			done = nil
		}
		select {
		case <-w.reading:
		case <-done:
			return answer.Answer{}, ctx.Err()
		}
	}
	text, ok := w.answers[path]
	if !ok {
		return answer.Answer{}, hintedError{"there is no file " + path, "give the path of a saved mail (.eml) or a text"}
	}
	return answer.Read(strings.NewReader(text), now)
}

func (w *world) Complete(text string, ends ...string) []string {
	var out []string
	for _, f := range w.found {
		if strings.HasPrefix(f, text) && (len(ends) == 0 || strings.HasSuffix(f, "/") || slices.ContainsFunc(ends, func(end string) bool { return strings.HasSuffix(f, end) })) {
			out = append(out, f)
		}
	}
	return out
}

func (w *world) OpenURL(link string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.browser = append(w.browser, link)
	return w.browserErr
}

func (w *world) Copy(text string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clipboard = append(w.clipboard, text)
	return errors.New("there is no clipboard here")
}

func (w *world) SaveDraft(name string, data []byte) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.draftErr != nil {
		return "", w.draftErr
	}
	w.drafts[name] = string(data)
	return "/drafts/" + name, nil
}

func (w *world) NewText(text string) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.draftErr != nil {
		return "", w.draftErr
	}
	if w.edited == nil {
		w.edited = map[string]string{}
	}
	path := fmt.Sprintf("/tmp/sidestep-mail-%d/mail.txt", len(w.edited))
	w.edited[path] = text
	return path, nil
}

func (w *world) RemoveText(path string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.edited, path)
	return nil
}

// Edit is an editor that types what the test wants.
func (w *world) Edit(path string, _ io.Reader, out, _ io.Writer) ([]byte, error) {
	_, _ = io.WriteString(out, "the editor draws")
	text, err := w.editor(w.edited[path])
	w.edited[path] = text
	return []byte(text), err
}

func (w *world) SaveDrafts(ctx context.Context, folder string, drafts []DraftFile) (string, []string, error) {
	w.mu.Lock()
	hold := w.writing
	w.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return "", nil, ctx.Err()
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.draftErr != nil {
		return "", nil, w.draftErr
	}
	var paths []string
	for _, d := range drafts {
		w.drafts[folder+"/"+d.Name] = string(d.Data)
		paths = append(paths, "/drafts/"+folder+"/"+d.Name)
	}
	return "/drafts/" + folder, paths, nil
}
