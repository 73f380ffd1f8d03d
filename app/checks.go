package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sidestep/receiver/code"
	"sidestep/receiver/probe"
	"sidestep/receiver/recipes"
	"sidestep/salesforce/clientapp"
	"sidestep/salesforce/credentials"
	"sidestep/salesforce/signin"
	"sidestep/state"
	"sidestep/ui"
)

// Checks finds things out about an endpoint, for the interface.
type Checks struct {
	// Folder is where recipes and the files of apps are written.
	Folder string
}

func filesRead(n int) string {
	if n == 1 {
		return "the one file that was read"
	}
	return fmt.Sprintf("%d files", n)
}

// shownHits is how many lines of code are recorded with an endpoint.
const shownHits = 30

// Code looks at a receiver's source.
func (Checks) Code(ctx context.Context, path string) (ui.CodeFound, error) {
	r, err := code.Check(ctx, expand(path), code.Options{})
	if err != nil {
		return ui.CodeFound{}, err
	}
	found := ui.CodeFound{Check: state.Check{Summary: cmp.Or(r.Reason, "No receiver of outbound messages was found in "+filesRead(r.Files)+".")}}
	switch r.Class {
	case code.CallsBack:
		found.Receiver = state.CallsBack
	case code.ChecksSender:
		found.Receiver = state.ChecksSender
	case code.Ignores:
		found.Receiver = state.Ignores
	}
	switch r.Ack {
	case code.Before:
		found.Acks = state.AcksFirst
	case code.After:
		found.Acks = state.AcksLast
	}
	c := &found.Check
	if r.AckReason != "" {
		c.Details = append(c.Details, r.AckReason)
	}
	for _, p := range r.Problems {
		c.Details = append(c.Details, "Not read: "+p.File+": "+p.Message)
	}
	if !r.Complete {
		c.Details = append(c.Details, "Not everything could be read: there may be more.")
	}
	for i, h := range r.Hits {
		if i == shownHits {
			c.Details = append(c.Details, fmt.Sprintf("and %d more lines: run sidestep check code", len(r.Hits)-shownHits))
			break
		}
		c.Details = append(c.Details, fmt.Sprintf("%s:%d %s %s: %s", h.File, h.Line, h.Does.Label(), h.What, strings.TrimSpace(h.Excerpt)))
	}
	return found, nil
}

// Credentials tries a receiver's new credentials.
func (Checks) Credentials(ctx context.Context, in ui.Credentials) (state.Check, error) {
	host, err := signin.ParseHost(in.Host)
	if err != nil {
		return state.Check{}, err
	}
	r := credentials.Request{Flow: credentials.ClientCredentials, Host: host, ClientID: in.ClientID, Secret: in.Secret, OrgID: in.OrgID, Now: time.Now}
	if in.KeyFile != "" {
		r.Flow, r.Secret, r.User = credentials.JWTBearer, "", in.User
		data, err := readAtMost(expand(in.KeyFile), credentials.MaxKey+1)
		if err != nil {
			return state.Check{}, &Advice{fmt.Errorf("the key file can't be read: %w", err), "give the file with the receiver's private key"}
		}
		if r.Key, err = credentials.ParseKey(data); err != nil {
			return state.Check{}, err
		}
	}
	report, err := credentials.Prove(ctx, r, credentials.UsesOf(in.Messages, in.Writes))
	if err != nil {
		return state.Check{}, err
	}
	return proofOf(report), nil
}

func readAtMost(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, limit))
}

// proofOf is a report in the lines that are recorded with an endpoint.
func proofOf(r credentials.Report) state.Check {
	c := state.Check{Passed: r.OK()}
	for _, one := range r.Checks {
		sign := map[credentials.Outcome]string{credentials.Passed: "✓", credentials.Warned: "!", credentials.Failed: "✗"}[one.Outcome]
		c.Details = append(c.Details, cmp.Or(sign, "?")+" "+one.Text)
		if one.Hint != "" {
			c.Details = append(c.Details, "  "+one.Hint)
		}
		if one.Outcome == credentials.Failed && c.Summary == "" {
			c.Summary = one.Text
		}
	}
	if c.Passed {
		c.Summary = fmt.Sprintf("The credentials work: they give a token of %s.", cmp.Or(r.Username, r.UserID))
	}
	return c
}

// askAgain is an error after which a second yes sends all the same.
type askAgain struct{ error }

// AsksAgain says that it is one.
func (askAgain) AsksAgain() bool { return true }

// Probe sends one message without session id.
func (Checks) Probe(ctx context.Context, p ui.Probe) (state.Check, error) {
	target, err := probe.Parse(p.URL)
	if err != nil {
		return state.Check{}, err
	}
	n, err := probe.Plan{Message: p.Message, OrgID: p.OrgID, Instance: p.Instance, Now: time.Now()}.Notification()
	if err != nil {
		return state.Check{}, err
	}
	r, err := probe.Send(ctx, probe.Request{Target: target, Notification: n, AllowPrivate: p.Private})
	var inside *probe.PrivateError
	switch {
	case errors.As(err, &inside):
		return state.Check{}, askAgain{err}
	case err != nil:
		return state.Check{}, err
	}
	c := state.Check{Passed: r.Acknowledged(), Summary: fmt.Sprintf("%s: %s.", target, r.Why), Details: r.Notes}
	if hint := r.Hint(); hint != "" {
		c.Details = append(c.Details, hint)
	}
	if c.Passed {
		c.Details = append(c.Details, probe.AckProves)
	}
	c.Details = append(c.Details, fmt.Sprintf("Notification %s, %s.", n.ID, r.Took.Round(time.Millisecond)))
	return c, nil
}

// Recipes are the receivers that the program brings, each in both variants.
func (Checks) Recipes() []ui.Recipe {
	var all []ui.Recipe
	for _, r := range recipes.List() {
		for _, v := range recipes.Variants {
			about := "Run with " + r.RunWith + "."
			for _, more := range []string{r.Needs, r.Remark} {
				if more != "" {
					about += " " + strings.ToUpper(more[:1]) + strings.TrimSuffix(more[1:], ".") + "."
				}
			}
			all = append(all, ui.Recipe{Language: r.Name, Variant: strings.ToUpper(string(v)), About: about, FileName: r.File, Text: r.Text(v)})
		}
	}
	return all
}

// AppFiles are the metadata files of an app for one receiver.
func (Checks) AppFiles(a clientapp.App, certificate string) ([]clientapp.File, error) {
	if certificate != "" {
		data, err := readAtMost(expand(certificate), credentials.MaxKey+1)
		if err != nil {
			return nil, &Advice{fmt.Errorf("the certificate can't be read: %w", err), "give the file with the certificate, in PEM form"}
		}
		a.Certificate = data
	}
	return clientapp.Files(a)
}

// maxFolders is how often a name for a folder may be taken.
const maxFolders = 100

// SaveApp writes an app's files into a folder that was not there before. A name that
// is taken gets a number.
func (c Checks) SaveApp(name string, files []clientapp.File) (string, error) {
	if err := os.MkdirAll(c.Folder, 0o700); err != nil {
		return "", fmt.Errorf("make the folder for the app: %w", err)
	}
	for n := 1; n < maxFolders; n++ {
		folder := filepath.Join(c.Folder, name)
		if n > 1 {
			folder += fmt.Sprintf("-%d", n)
		}
		err := clientapp.Write(folder, files)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		return folder, err
	}
	return "", fmt.Errorf("there are too many folders named %s in %s", name, c.Folder)
}

// SaveRecipe writes a recipe without ever replacing a file.
func (c Checks) SaveRecipe(r ui.Recipe) (string, error) {
	return writeBeside(c.Folder, r.FileName, []byte(r.Text), "recipe")
}
