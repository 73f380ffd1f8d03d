package sfcli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"time"

	"sidestep/regex"
)

const (
	// askLimit bounds one question. Node takes seconds to start, and a refresh
	// goes over the network.
	askLimit = 45 * time.Second
	// pipeLimit is how long a child of a killed sf may hold its output open.
	pipeLimit = time.Second
	// maxAnswer is far above a list of some hundred orgs.
	maxAnswer = 8 << 20
)

// answer is what sf prints with --json.
type answer struct {
	Status   int             `json:"status"`
	Result   json.RawMessage `json:"result"`
	Warnings []string        `json:"warnings"`
	Name     string          `json:"name"`
	Message  string          `json:"message"`
}

// Failed is sf's own no.
type Failed struct {
	// Name and Message are the CLI's words, without tokens. They are shown to
	// people only after cleaning.
	Name, Message string
}

func (f *Failed) Error() string {
	says := "says"
	if f.offline() {
		says = "could not reach the org"
	}
	return "the Salesforce CLI " + says + ": " + strings.Join(strings.Fields(f.Message), " ") + " (" + f.Name + ")"
}

// Is reports whether a new sign-in is what helps.
func (f *Failed) Is(target error) bool { return target == ErrSignedOut && !f.offline() }

// Hint says how to go on.
func (f *Failed) Hint() string {
	if f.offline() {
		return "check the network connection, the VPN and the proxy, then try again"
	}
	return "see what sf org list says, or sign in through the browser"
}

// noLine are Node's words for a line that can't be opened or broke (Node.js,
// "Common system errors").
var noLine = regex.New(`\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|socket hang up)\b`)

// offline: the CLI did not get as far as the org, which therefore refused nothing.
func (f *Failed) offline() bool { return noLine.MatchString(f.Name + " " + f.Message) }

// unknownCommand: plugin-not-found names no error of its own, its words are all
// there is.
func (f *Failed) unknownCommand() bool {
	says := strings.ToLower(f.Name + " " + f.Message)
	return strings.Contains(says, "command") && strings.Contains(says, "not found")
}

var errJunk error = &advised{
	text: "the Salesforce CLI did not answer in the way it is known to",
	hint: "update it with sf update, or sign in through the browser",
}

var errSilent error = &advised{
	text: fmt.Sprintf("the Salesforce CLI did not answer within %v", askLimit),
	hint: "try sf org list, or sign in through the browser",
}

// ask runs sf. What it prints is read as JSON and otherwise forgotten: it may
// hold a token.
func ask(ctx context.Context, args ...string) (answer, error) {
	return askWithin(ctx, askLimit, args...)
}

func askWithin(ctx context.Context, limit time.Duration, args ...string) (answer, error) {
	sf, err := exec.LookPath("sf")
	if err != nil {
		return answer{}, ErrNoCLI
	}
	limited, cancel := context.WithTimeoutCause(ctx, limit, errSilent)
	defer cancel()
	out, words := &bounded{left: maxAnswer}, &bounded{left: maxAnswer}
	cmd := exec.CommandContext(limited, sf, args...)
	cmd.Stdout, cmd.Stderr = out, words
	cmd.WaitDelay = pipeLimit
	cmd.Env = append(os.Environ(), "SF_DISABLE_TELEMETRY=true", "SF_SKIP_NEW_VERSION_CHECK=true", "NO_COLOR=1", "FORCE_COLOR=0")
	together(cmd)
	err = cmd.Run()
	switch {
	case ctx.Err() != nil:
		return answer{}, ctx.Err()
	case limited.Err() != nil:
		return answer{}, context.Cause(limited)
	case out.full:
		return answer{}, errJunk
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) && !errors.Is(err, exec.ErrWaitDelay) {
		return answer{}, fmt.Errorf("the Salesforce CLI could not be started: %w", err)
	}
	return read(err != nil, out.Bytes(), words.Bytes())
}

// read finds the JSON. A failure may be told on stderr, and not in JSON.
func read(failed bool, out, words []byte) (answer, error) {
	a, ok := parse(out)
	if !ok && failed {
		a, ok = parse(words)
	}
	switch {
	case !ok:
		return answer{}, errJunk
	case failed || a.Status != 0:
		return answer{}, &Failed{Name: hide(a.Name), Message: hide(a.Message)}
	case len(a.Result) == 0:
		return answer{}, errJunk
	}
	return a, nil
}

// parse reads the first JSON object; plugins may have printed lines before it.
func parse(text []byte) (a answer, ok bool) {
	for len(text) > 0 {
		if text[0] == '{' {
			return a, json.NewDecoder(bytes.NewReader(text)).Decode(&a) == nil
		}
		_, rest, found := bytes.Cut(text, []byte("\n"))
		if !found {
			return a, false
		}
		text = rest
	}
	return a, false
}

// A session id is the org id, an exclamation mark and the secret.
var session = regexp.MustCompile(`00D[0-9A-Za-z]{12,15}![^\s"']*`)

const maxWords = 500

func hide(text string) string {
	text = session.ReplaceAllString(text, "(hidden)")
	return text[:min(len(text), maxWords)]
}

// bounded keeps what fits and notes that there was more.
type bounded struct {
	bytes.Buffer
	left int
	full bool
}

func (b *bounded) Write(p []byte) (int, error) {
	if len(p) > b.left {
		b.full = true
		return len(p), nil
	}
	b.left -= len(p)
	return b.Buffer.Write(p)
}
