package app

import (
	"context"
	"errors"
	"strings"

	"sidestep/salesforce/org"
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
// worn out is known before anything is begun with it.
func (a Again) Reconnect(ctx context.Context, k ui.KnownOrg) (ui.Org, error) {
	o, err := a.find(k)
	if err != nil {
		return nil, err
	}
	c, err := a.List.Resume(ctx, o)
	if err != nil {
		return nil, err
	}
	id, err := c.client.Identity(ctx)
	if err != nil {
		return nil, err
	}
	if id.OrgID != c.who.ID {
		return nil, errors.New("the kept sign-in is for another org")
	}
	c.KeptIn = o.keptIn()
	return c, nil
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
