package org

import (
	"context"
	"errors"
	"net/http"
)

// Identity is who is signed in where.
type Identity struct {
	// OrgID and UserID have 18 characters.
	OrgID, UserID         string
	Username, DisplayName string
	// OrganizationName is the company name of Setup's Company Information, ""
	// when the user may not read it.
	OrganizationName string
}

// Identity asks who is signed in. It costs two to four calls.
func (c *Client) Identity(ctx context.Context) (Identity, error) {
	id, err := c.userinfo(ctx)
	var no *APIError
	if errors.As(err, &no) && (no.Status == http.StatusForbidden || no.Status == http.StatusNotFound) {
		// The app may grant the APIs without the right to ask who one is.
		id, err = c.userRecord(ctx)
	}
	if err != nil {
		return Identity{}, err
	}
	if org := id18(c.Token().OrgID); org != "" && id.OrgID != org {
		return Identity{}, errors.New("the org that answers is not the one that was signed in to")
	}
	found, err := query[struct{ Name string }](ctx, c, "", "SELECT Name FROM Organization LIMIT 1")
	switch {
	case err == nil && len(found.Records) > 0:
		id.OrganizationName = found.Records[0].Name
	case ctx.Err() != nil:
		return Identity{}, ctx.Err()
	}
	return id, nil
}

func (c *Client) userinfo(ctx context.Context) (Identity, error) {
	type answer struct {
		OrganizationID    string `json:"organization_id"`
		UserID            string `json:"user_id"`
		PreferredUsername string `json:"preferred_username"`
		Name              string `json:"name"`
	}
	a, err := get[answer](ctx, c, "/services/oauth2/userinfo", false)
	if err != nil {
		return Identity{}, err
	}
	if a.OrganizationID == "" || a.UserID == "" || a.PreferredUsername == "" {
		return Identity{}, broken(errors.New("it does not say who is signed in"))
	}
	return Identity{OrgID: id18(a.OrganizationID), UserID: id18(a.UserID), Username: a.PreferredUsername, DisplayName: a.Name}, nil
}

func (c *Client) userRecord(ctx context.Context) (Identity, error) {
	t := c.Token()
	found, err := query[struct{ Username, Name string }](ctx, c, "", "SELECT Username, Name FROM User WHERE Id = "+quote(t.UserID))
	if err != nil {
		return Identity{}, err
	}
	if len(found.Records) != 1 {
		return Identity{}, broken(errors.New("it does not say who is signed in"))
	}
	u := found.Records[0]
	return Identity{OrgID: id18(t.OrgID), UserID: id18(t.UserID), Username: u.Username, DisplayName: u.Name}, nil
}
