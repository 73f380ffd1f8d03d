package org

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"sidestep/salesforce"
)

// The questions of this file are asked about the token itself: what the org says
// of it is the answer, so that a refusal leads to no renewal and comes back with
// the org's own words, as an *APIError or a *Fault.

// direct asks with the token that there is.
func (c *Client) direct(ctx context.Context, q call) error {
	t, _ := c.current()
	return c.try(ctx, q, t)
}

// AcceptsREST asks for the list of resources (REST guide, "Resources by Version"),
// which needs no right but API Enabled; nil is yes.
func (c *Client) AcceptsREST(ctx context.Context) error {
	v, err := c.apiVersion(ctx)
	if err != nil {
		return err
	}
	var resources map[string]any
	return c.direct(ctx, call{path: "/services/data/v" + versionText(v) + "/", limit: maxJSON, read: readJSON(&resources)})
}

// AcceptsSOAP calls getUserInfo of the partner API, which needs no right but API
// Enabled; nil is yes. The error is ErrJWT, without a call, for a token in JWT
// format: SOAP takes none.
func (c *Client) AcceptsSOAP(ctx context.Context) error {
	if strings.HasPrefix(c.Token().Access, "eyJ") {
		return ErrJWT
	}
	v, err := c.apiVersion(ctx)
	if err != nil {
		return err
	}
	return c.direct(ctx, call{
		path: "/services/Soap/u/" + versionText(v), limit: maxJSON, body: userInfoCall,
		read: readSOAP(func(r io.Reader) error {
			return decodeAnswer(r, "getUserInfoResponse", func(a *answer, _ xml.StartElement) error { return a.Skip() })
		}),
	})
}

func userInfoCall(token string) []byte {
	return fmt.Appendf(nil, `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:urn="urn:partner.soap.sforce.com">
<soapenv:Header><urn:SessionHeader><urn:sessionId>%s</urn:sessionId></urn:SessionHeader></soapenv:Header>
<soapenv:Body><urn:getUserInfo/></soapenv:Body>
</soapenv:Envelope>`, escape(token))
}

// ObjectRights is what the user may do with an object.
type ObjectRights struct {
	// Reads, Creates and Updates are about the object as a whole.
	Reads, Creates, Updates bool
	// Fields has those that the user sees, by lower-case name.
	Fields map[string]FieldRights
}

// FieldRights is what the user may do with a field.
type FieldRights struct {
	// Name is the field's own spelling.
	Name string
	// Updates is false for everybody where the org computes the field.
	Updates bool
}

// maxDescribe is far above what an object of 900 fields takes.
const maxDescribe = 32 << 20

// ErrBadName is a text that can be no name of an object or a field. It is never
// sent to an org.
var ErrBadName = errors.New("this is no API name")

// Rights asks what the user may do with an object (REST guide, "sObject
// Describe"). An object that the user does not see is unknown to the org: the
// error is an *APIError with the status 404.
func (c *Client) Rights(ctx context.Context, object string) (ObjectRights, error) {
	if !salesforce.IsAPIName(object) {
		return ObjectRights{}, fmt.Errorf("%w: %.80q", ErrBadName, object)
	}
	v, err := c.apiVersion(ctx)
	if err != nil {
		return ObjectRights{}, err
	}
	var d struct {
		Name                              string
		Queryable, Createable, Updateable bool
		Fields                            []struct {
			Name       string
			Updateable bool
		}
	}
	path := "/services/data/v" + versionText(v) + "/sobjects/" + object + "/describe"
	if err := c.direct(ctx, call{path: path, limit: maxDescribe, read: readJSON(&d)}); err != nil {
		return ObjectRights{}, err
	}
	if !strings.EqualFold(d.Name, object) {
		return ObjectRights{}, broken(errors.New("it describes another object"))
	}
	rights := ObjectRights{Reads: d.Queryable, Creates: d.Createable, Updates: d.Updateable, Fields: map[string]FieldRights{}}
	for _, f := range d.Fields {
		rights.Fields[strings.ToLower(f.Name)] = FieldRights{Name: f.Name, Updates: f.Updateable}
	}
	return rights, nil
}

// ErrHidden means that the org does not show what was asked for to this user, so
// that nothing is known.
var ErrHidden = errors.New("the org does not show this to the user")

// SendsMessages reports whether the user has the permission Send Outbound
// Messages. by names what gives it, where the org tells. It costs one or two calls;
// the error is ErrHidden where the user may not read about permissions.
func (c *Client) SendsMessages(ctx context.Context) (sends bool, by string, err error) {
	type row struct {
		PermissionSet struct {
			Name                           string
			Label                          string
			PermissionsEnableNotifications *bool
		}
	}
	// The question is about all assignments: each user has the one of the profile,
	// so that no row at all means that none is shown.
	found, err := whole[row](ctx, c, "SELECT PermissionSet.Name, PermissionSet.Label, PermissionSet.PermissionsEnableNotifications FROM PermissionSetAssignment WHERE AssigneeId = "+quote(id18(c.Token().UserID)))
	if err == nil && len(found) > 0 {
		for _, r := range found {
			if has := r.PermissionSet.PermissionsEnableNotifications; has != nil && *has {
				return true, r.PermissionSet.Name, nil
			}
		}
		return false, "", nil
	}
	if err != nil && !hides(err) {
		return false, "", err
	}
	// What everybody may read is what they have themselves (Object Reference,
	// "UserPermissionAccess").
	own, err := whole[struct{ PermissionsEnableNotifications *bool }](ctx, c, "SELECT PermissionsEnableNotifications FROM UserPermissionAccess LIMIT 1")
	switch {
	case err == nil && len(own) == 1 && own[0].PermissionsEnableNotifications != nil:
		return *own[0].PermissionsEnableNotifications, "", nil
	case err == nil || hides(err):
		return false, "", ErrHidden
	}
	return false, "", err
}

// hides reports whether an error says that the user may not see an object or a
// field, which looks as if it did not exist (REST guide, "Status Codes").
func hides(err error) bool {
	switch codeOf(err) {
	case "INVALID_TYPE", "INVALID_FIELD", "INSUFFICIENT_ACCESS", "NOT_FOUND":
		return true
	}
	return false
}
