package org

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"sidestep/salesforce"
	"sidestep/salesforce/metadata"
)

const (
	messageType = "WorkflowOutboundMessage"
	// maxNames is what readMetadata takes at once (Metadata API guide, "readMetadata()").
	maxNames = 10
	// maxSOAP is the largest SOAP message of the Metadata API.
	maxSOAP = 50 << 20
)

// component is an entry of listMetadata's answer (FileProperties).
type component struct {
	FullName         string `xml:"fullName"`
	FileName         string `xml:"fileName"`
	ID               string `xml:"id"`
	Type             string `xml:"type"`
	ManageableState  string `xml:"manageableState"`
	CreatedDate      string `xml:"createdDate"`
	CreatedBy        string `xml:"createdByName"`
	LastModifiedDate string `xml:"lastModifiedDate"`
	LastModifiedBy   string `xml:"lastModifiedByName"`
}

// complete adds to a definition what only the list tells of it.
func (c component) complete(m salesforce.Message) salesforce.Message {
	m.ID, m.File, m.ManageableState = id18(c.ID), c.FileName, c.ManageableState
	m.CreatedAt, m.ModifiedAt = date(c.CreatedDate), date(c.LastModifiedDate)
	m.CreatedBy, m.ModifiedBy = c.CreatedBy, c.LastModifiedBy
	return m
}

// date reads a date of the org. Some types carry 1970, which means nothing
// (Metadata API guide, "FileProperties").
func date(s string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05.000-0700"} {
		if t, err := time.Parse(layout, strings.TrimSpace(s)); err == nil && t.Year() > 1970 {
			return t.UTC()
		}
	}
	return time.Time{}
}

// list asks for all components of up to three types (Metadata API guide,
// "listMetadata()"), each once.
func (c *Client) list(ctx context.Context, version float64, types ...string) ([]component, error) {
	v := versionText(version)
	var found []component
	err := c.soap(ctx, v, listBody(v, types...), func(body io.Reader) error {
		fresh, err := decodeList(body, types...)
		found = fresh
		return err
	})
	return found, err
}

// read asks for up to ten definitions.
func (c *Client) read(ctx context.Context, version float64, names []string) (records, error) {
	var found records
	err := c.soap(ctx, versionText(version), readBody(names), func(body io.Reader) error {
		fresh, err := decodeRecords(body)
		found = fresh
		return err
	})
	return found, err
}

func (c *Client) soap(ctx context.Context, version, body string, decode func(io.Reader) error) error {
	if t := c.Token(); strings.HasPrefix(t.Access, "eyJ") {
		return ErrJWT
	}
	return c.ask(ctx, call{
		path:  "/services/Soap/m/" + version,
		limit: maxSOAP,
		body:  func(token string) []byte { return envelope(token, body) },
		read:  readSOAP(decode),
	})
}

// readSOAP reads an answer that is an envelope, or says what it is instead.
func readSOAP(decode func(io.Reader) error) func(*http.Response, io.Reader) error {
	return func(resp *http.Response, answer io.Reader) error {
		fine := resp.StatusCode == http.StatusOK
		kind := mediaType(resp)
		switch {
		case fine && isPage(kind):
			return errPage
		case !fine && !strings.HasSuffix(kind, "xml"):
			return apiError(resp, answer)
		}
		err := decode(answer)
		var fault *Fault
		if !fine && !errors.As(err, &fault) {
			return apiError(resp, strings.NewReader(""))
		}
		return err
	}
}

func envelope(token, body string) []byte {
	return fmt.Appendf(nil, `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:met="http://soap.sforce.com/2006/04/metadata">
<soapenv:Header><met:SessionHeader><met:sessionId>%s</met:sessionId></met:SessionHeader><met:CallOptions><met:client>sidestep</met:client></met:CallOptions></soapenv:Header>
<soapenv:Body>%s</soapenv:Body>
</soapenv:Envelope>`, escape(token), body)
}

func listBody(version string, types ...string) string {
	var b strings.Builder
	b.WriteString("<met:listMetadata>")
	for _, t := range types {
		b.WriteString("<met:queries><met:type>" + escape(t) + "</met:type></met:queries>")
	}
	b.WriteString("<met:asOfVersion>" + escape(version) + "</met:asOfVersion></met:listMetadata>")
	return b.String()
}

func readBody(names []string) string {
	var b strings.Builder
	b.WriteString("<met:readMetadata><met:type>" + messageType + "</met:type>")
	for _, n := range names {
		b.WriteString("<met:fullNames>" + escape(n) + "</met:fullNames>")
	}
	b.WriteString("</met:readMetadata>")
	return b.String()
}

func escape(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}

func decodeList(r io.Reader, types ...string) ([]component, error) {
	var found []component
	seen := map[string]bool{}
	err := decodeAnswer(r, "listMetadataResponse", func(a *answer, start xml.StartElement) error {
		var one component
		if err := a.DecodeElement(&one, &start); err != nil {
			return err
		}
		key := one.Type + " " + strings.ToLower(one.FullName)
		if slices.Contains(types, one.Type) && one.FullName != "" && !seen[key] {
			seen[key] = true
			found = append(found, one)
		}
		return nil
	})
	return found, err
}

// records is an answer of readMetadata.
type records struct {
	messages []metadata.OutboundMessage
	// unread says for a lower-case full name why its record could not be read.
	unread map[string]error
}

func decodeRecords(r io.Reader) (records, error) {
	found := records{unread: map[string]error{}}
	err := decodeAnswer(r, "readMetadataResponse", func(a *answer, _ xml.StartElement) error {
		return a.children(func(start xml.StartElement) error {
			depth := a.tokens.depth
			var one metadata.OutboundMessage
			err := a.DecodeElement(&one, &start)
			name := strings.TrimSpace(one.FullName)
			var syntax *xml.SyntaxError
			if errors.As(err, &syntax) {
				return err
			}
			if err != nil {
				// A value that makes no sense costs its own record only. What broke
				// the answer shows again here.
				if err := a.skipTo(depth - 1); err != nil {
					return err
				}
				found.unread[strings.ToLower(name)] = err
				return nil
			}
			if name != "" { // a name that the org does not know gives an empty record
				found.messages = append(found.messages, one)
			}
			return nil
		})
	})
	return found, err
}
