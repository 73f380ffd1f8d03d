package app

import (
	"context"
	"errors"
	"strings"

	"sidestep/salesforce/org"
	"sidestep/salesforce/signin"
	"sidestep/ui"
)

// Again are the orgs that were signed in to before, as the interface asks for
// them.
type Again struct{ List Known }

// Known lists them, the one used last first. Kept is true for those whose
// sign-in can be gone on with.
func (a Again) Known() ([]ui.KnownOrg, error) {
	orgs, err := a.List.List()
	if err != nil {
		return nil, err
	}
	known := make([]ui.KnownOrg, 0, len(orgs))
	for _, o := range orgs {
		kept := o.Kept
		if !kept && a.List.Memory != nil {
			_, err := a.List.Memory.Get(o.secretName())
			kept = err == nil
		}
		known = append(known, ui.KnownOrg{ID: o.OrgID, Name: o.Name, Username: o.Username, Host: o.Host, Client: o.ClientID, Kept: kept})
	}
	return known, nil
}

// Reconnect uses a kept sign-in. It asks the org once, so that a sign-in which is
// worn out is known before anything is begun with it: then the error is a *Worn.
func (a Again) Reconnect(ctx context.Context, k ui.KnownOrg) (ui.Org, error) {
	o, err := a.find(k)
	if err != nil {
		return nil, wornOut(o, err)
	}
	c, err := a.List.Resume(ctx, o)
	if err != nil {
		return nil, wornOut(o, err)
	}
	id, err := c.client.Identity(ctx)
	if err != nil {
		return nil, wornOut(o, err)
	}
	if id.OrgID != c.who.ID {
		return nil, &Worn{error: errors.New("the kept sign-in is for another org")}
	}
	c.KeptIn = o.keptIn()
	return c, nil
}

// Worn is the error of a kept sign-in that nothing but a new one replaces.
type Worn struct {
	error
	host string
}

// Again is the host to sign in at, "" for the one of before.
func (w *Worn) Again() string { return w.host }

// Unwrap is the reason.
func (w *Worn) Unwrap() error { return w.error }

// wornOut makes a *Worn of what tells that the org, or the place where it was kept,
// no longer has the sign-in. What is the Salesforce CLI's is renewed there.
func wornOut(o KnownOrg, err error) error {
	moved, hasMoved := errors.AsType[*signin.Moved](err)
	switch {
	case o.keptIn() == InCLI:
		return err
	case hasMoved:
		return &Worn{err, moved.To}
	case errors.Is(err, org.ErrExpired), errors.Is(err, ErrNoSecret):
		return &Worn{error: err}
	}
	return err
}

// SignOut revokes a sign-in and deletes it here; see Known.Forget.
func (a Again) SignOut(ctx context.Context, k ui.KnownOrg) (notRevoked, err error) {
	o, err := a.find(k)
	if err != nil {
		return nil, err
	}
	return a.List.Forget(ctx, o)
}

// KeepInFile says yes to files: from now on sign-ins are kept in them, and the
// one that this run holds is moved there.
func (a Again) KeepInFile(ctx context.Context, k ui.KnownOrg) error {
	o, err := a.find(k)
	if err != nil {
		return err
	}
	if err := a.List.ChooseStore(ctx, InFile); err != nil {
		return err
	}
	release, err := a.List.hold(ctx)
	if err != nil {
		return err
	}
	defer release()
	kept, err := a.List.load(o)
	if err != nil {
		return err
	}
	moved := o
	moved.Kept, moved.KeptIn = true, InFile
	if err := a.List.store(moved, kept); err != nil {
		return err
	}
	if err := a.List.change(func(f *knownFile) { f.Orgs, _ = a.List.join(f.Orgs, moved) }); err != nil {
		return err
	}
	if a.List.Memory != nil {
		_ = a.List.Memory.Delete(o.secretName())
	}
	return nil
}

func (a Again) find(k ui.KnownOrg) (KnownOrg, error) {
	orgs, err := a.List.List()
	if err != nil {
		return KnownOrg{}, err
	}
	for _, o := range orgs {
		if o.OrgID == k.ID && strings.EqualFold(o.Username, k.Username) {
			return o, nil
		}
	}
	return KnownOrg{}, org.ErrExpired
}
