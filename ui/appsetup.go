package ui

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// appSetup leads through making an External Client App (Salesforce DX Developer
// Guide, "Create an External Client App in Your Org"), and takes its consumer key.
type appSetup struct {
	s      *session
	scroll scroll
	// entering is true while host and key are typed.
	entering bool
	focus    int
	host     input
	client   input
	wrong    string
}

// setupPath is the page on which apps are made.
const setupPath = "/lightning/setup/ManageExternalClientApplication/home"

func newAppSetup(s *session) *appSetup {
	return &appSetup{s: s,
		host:   newInput(s.theme, "acme, acme.my.salesforce.com, test, or any page of your org"),
		client: newInput(s.theme, "3MVG9…")}
}

func (a *appSetup) Init() tea.Cmd { return nil }
func (a *appSetup) Crumb() string { return "your own app" }
func (a *appSetup) Typing() bool  { return a.entering }

func (a *appSetup) Update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		if a.entering {
			a.typed(msg)
		}
	case tea.KeyPressMsg:
		if a.entering {
			return a, a.edit(msg)
		}
		return a, a.press(msg)
	}
	return a, nil
}

func (a *appSetup) press(msg tea.KeyPressMsg) tea.Cmd {
	switch k := a.s.keys; {
	case key.Matches(msg, k.back):
		return a.s.pop()
	case key.Matches(msg, k.enter):
		a.entering, a.focus = true, 0
		a.refocus()
	case key.Matches(msg, k.copy):
		return copyText(a.s, strings.Join(a.s.deps.Orgs.Callbacks(), "\n"), "The callback addresses are on the clipboard, one on each line.")
	case key.Matches(msg, k.page):
		return a.openSetup()
	default:
		a.scroll.press(k, msg)
	}
	return nil
}

// openSetup shows the page on which apps are made: of the org at hand, or of the
// host that was typed before.
func (a *appSetup) openSetup() tea.Cmd {
	if a.s.m.Org.Instance != "" {
		return openPage(a.s, setupPath)
	}
	base, err := a.s.deps.Orgs.Base(strings.TrimSpace(a.host.Value()))
	if err != nil || a.host.Value() == "" {
		return say("Open Setup in your browser and search for External Client App Manager. With your org's address (enter) this key opens it.")
	}
	return openLink(a.s, base+setupPath)
}

func (a *appSetup) edit(msg tea.KeyPressMsg) tea.Cmd {
	a.wrong = ""
	switch msg.String() {
	case "esc":
		a.entering = false
		return nil
	case "tab", "shift+tab", "up", "down":
		a.focus = 1 - a.focus
		a.refocus()
		return nil
	case "enter":
		return a.accept()
	}
	a.typed(msg)
	return nil
}

func (a *appSetup) accept() tea.Cmd {
	host, client := strings.TrimSpace(a.host.Value()), strings.TrimSpace(a.client.Value())
	if err := a.s.deps.Orgs.Accepts(host); err != nil {
		a.wrong, a.focus = inWords(err), 0
		a.refocus()
		return nil
	}
	if client == "" {
		if a.focus == 1 {
			a.wrong = "please enter the consumer key of the app"
		}
		a.focus = 1
		a.refocus()
		return nil
	}
	return a.s.push(newSignInAgain(a.s, KnownOrg{Host: host, Client: client}))
}

func (a *appSetup) typed(msg tea.Msg) {
	if a.focus == 0 {
		a.host.take(msg)
		return
	}
	a.client.take(msg)
}

func (a *appSetup) refocus() {
	a.host.Blur()
	a.client.Blur()
	if a.focus == 0 {
		a.host.Focus()
	} else {
		a.client.Focus()
	}
}

func (a *appSetup) Keys() []key.Binding {
	k := a.s.keys
	if a.entering {
		return []key.Binding{as(k.enter, "sign in"), as(k.tab, "next field"), k.back}
	}
	keys := append([]key.Binding{as(k.enter, "go on")}, a.scroll.keys(k)...)
	return append(keys, as(k.copy, "copy the addresses"), k.page, k.back)
}

// appSteps are what to do in Setup, in the words that stand there.
var appSteps = []string{
	"Setup → Quick Find → External Client App Manager → New External Client App (p opens the page).",
	"Basic information: any name, its API name, your e-mail. Distribution State: Local.",
	"API (Enable OAuth Settings): tick Enable OAuth. Callback URL: the addresses below, one on each line. Scopes: “Manage user data via APIs (api)” and “Perform requests at any time (refresh_token, offline_access)”.",
	"Security: untick “Require secret for Web Server Flow” and “Require secret for Refresh Token Flow”. Keep “Require Proof Key for Code Exchange (PKCE)”. Do not tick “Issue JWT-based access tokens for named users”: the Metadata API refuses such tokens.",
	"Create. Then Policies → Edit: who may use it, how long a sign-in lasts.",
	"Settings → OAuth Settings → Consumer Key and Secret: Salesforce mails you a code first. Copy the consumer key. The secret is not needed.",
	"A new app can take some minutes until every server knows it. An “invalid client id” right after creating it means: wait and try again.",
}

func (a *appSetup) View(s size) string {
	th := a.s.theme
	w := min(s.w-4, 96)
	if a.entering {
		return a.viewEntering(w, s)
	}
	lines := []string{"", th.title.Render("An External Client App of your own"), ""}
	for i, step := range appSteps {
		lines = append(lines, hang(th.accent.Render(fmt.Sprintf("%d. ", i+1)), step, w)...)
	}
	lines = append(lines, "", th.muted.Render("Callback URL – register these, exactly so (c copies them):"))
	for _, c := range a.s.deps.Orgs.Callbacks() {
		lines = append(lines, "   "+c)
	}
	lines = append(lines, "", th.muted.Render("The consumer key is remembered for this org; it is no secret. enter goes on with it."))
	return fill(indent(a.scroll.window(lines, s.h), 2), s)
}

func (a *appSetup) viewEntering(w int, s size) string {
	th := a.s.theme
	a.host.fit(w - 18)
	a.client.fit(w - 18)
	mark := func(i int, label string) string {
		if i == a.focus {
			return th.cursor.Render("› " + fit(label, 14))
		}
		return th.muted.Render("  " + fit(label, 14))
	}
	lines := []string{"", th.title.Render("Your org and its app"), "", mark(0, "Org") + a.host.View(), mark(1, "Consumer key") + a.client.View()}
	if a.wrong != "" {
		lines = append(lines, "")
		for _, l := range wrap(clean(a.wrong), w) {
			lines = append(lines, th.danger.Render(l))
		}
	}
	return fill(indent(lines, 2), s)
}
