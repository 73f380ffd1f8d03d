package demoorg

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
)

// describedSObject is the part of an object's description that says what the user
// who asks may do with it (REST guide, "sObject Describe").
type describedSObject struct {
	Name       string           `json:"name"`
	Label      string           `json:"label"`
	KeyPrefix  string           `json:"keyPrefix"`
	Custom     bool             `json:"custom"`
	Queryable  bool             `json:"queryable"`
	Retrieves  bool             `json:"retrieveable"`
	Createable bool             `json:"createable"`
	Updateable bool             `json:"updateable"`
	Deletable  bool             `json:"deletable"`
	Fields     []describedField `json:"fields"`
}

type describedField struct {
	Name       string   `json:"name"`
	Label      string   `json:"label"`
	Type       string   `json:"type"`
	Custom     bool     `json:"custom"`
	Calculated bool     `json:"calculated"`
	Createable bool     `json:"createable"`
	Updateable bool     `json:"updateable"`
	Nillable   bool     `json:"nillable"`
	Filterable bool     `json:"filterable"`
	References []string `json:"referenceTo"`
}

// describeObject describes a business object as its user sees it: what the user
// may not see is not there at all.
func (s *Server) describeObject(c call, name string) reply {
	t := s.objects.as(c.user, name)
	if t == nil || t.entity == nil {
		return notFound()
	}
	a, _ := s.rightsOn(c.user, t.name)
	d := describedSObject{
		Name: t.name, Label: t.entity.Label, KeyPrefix: t.entity.KeyPrefix, Custom: strings.HasSuffix(t.name, "__c"),
		Queryable: true, Retrieves: true, Createable: a.edit, Updateable: a.edit, Fields: []describedField{},
	}
	for _, f := range t.fields {
		if !a.sees(f.Name) {
			continue
		}
		writes := !f.computed && a.writes(f.Name)
		described := describedField{
			Name: f.Name, Label: f.Name, Type: f.Type, Custom: strings.HasSuffix(f.Name, "__c"), Createable: writes, Updateable: writes,
			Nillable: !slices.Contains(systemFields, f.Name), Filterable: f.Type != "textarea", References: []string{},
		}
		if f.reference != "" {
			described.References = append(described.References, f.reference)
		}
		d.Fields = append(d.Fields, described)
	}
	return reply{http.StatusOK, d}
}

// saveError is why a record was not changed.
type saveError struct {
	code, message string
	fields        []string
}

// update changes a record as a user, all of it or nothing.
func (s *Server) update(u *user, object, id string, values map[string]any) *saveError {
	t := s.objects.as(u, object)
	if t == nil || t.entity == nil {
		return &saveError{"INVALID_TYPE", fmt.Sprintf("sObject type '%s' is not supported.", object), nil}
	}
	if t.byID(id) == nil {
		return &saveError{"INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", nil}
	}
	a, _ := s.rightsOn(u, t.name)
	if !a.edit {
		return &saveError{"INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id", nil}
	}
	clean := map[string]any{}
	for name, v := range values {
		i := slices.IndexFunc(t.fields, func(f fieldDef) bool { return strings.EqualFold(f.Name, name) && a.sees(f.Name) })
		if i < 0 {
			return &saveError{"INVALID_FIELD", fmt.Sprintf("No such column '%s' on sobject of type %s", name, t.name), nil}
		}
		f := t.fields[i]
		if f.computed || !a.writes(f.Name) {
			return &saveError{"INVALID_FIELD_FOR_INSERT_UPDATE", "Unable to create/update fields: " + f.Name + ". Please check the security settings of this field and verify that it is read/write for your profile or permission set.", []string{f.Name}}
		}
		value, ok := f.takes(v)
		if !ok {
			return &saveError{"JSON_PARSER_ERROR", "Cannot deserialize the value of " + f.Name + " from its text", []string{f.Name}}
		}
		clean[f.Name] = value
	}
	s.records.write(s, t.entity, id, clean, u)
	return nil
}

// takes fits a value of JSON, or the text of XML, to the field's type.
func (f fieldDef) takes(v any) (any, bool) {
	if v == nil {
		return nil, true
	}
	switch f.Type {
	case "boolean":
		if text, ok := v.(string); ok {
			return text == "true" || text == "1", text == "true" || text == "false" || text == "1" || text == "0"
		}
		_, ok := v.(bool)
		return v, ok
	case "double":
		if text, ok := v.(string); ok {
			var n float64
			_, err := fmt.Sscan(text, &n)
			return n, err == nil
		}
		_, ok := v.(float64)
		return v, ok
	}
	text, ok := v.(string)
	return text, ok && len(text) <= 32_000
}

// patch is PATCH …/sobjects/Object/Id, which answers with nothing when it worked.
func (s *Server) patch(c call, object, id string, body io.Reader) reply {
	var values map[string]any
	if err := json.NewDecoder(body).Decode(&values); err != nil {
		return refuse(http.StatusBadRequest, "JSON_PARSER_ERROR", err.Error())
	}
	if t := s.objects.as(c.user, object); t != nil && t.entity == nil {
		return refuse(http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "HTTP Method 'PATCH' not allowed. Allowed are GET")
	}
	switch e := s.update(c.user, object, id, values); {
	case e == nil:
		return reply{http.StatusNoContent, nil}
	case e.code == "INVALID_TYPE", e.code == "INVALID_CROSS_REFERENCE_KEY":
		return refuse(http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
	case e.code == "INSUFFICIENT_ACCESS_OR_READONLY":
		return refuse(http.StatusForbidden, e.code, e.message)
	default:
		return refuse(http.StatusBadRequest, e.code, e.message)
	}
}
