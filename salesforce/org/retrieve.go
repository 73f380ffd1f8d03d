package org

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

const (
	// retrieveLimit bounds the wait for a retrieve, which an org queues.
	retrieveLimit = time.Minute
	// firstLook and lastLook are the shortest and the longest pause between two
	// looks at a retrieve; each pause is 1.6 times the one before.
	firstLook = 80 * time.Millisecond
	lastLook  = 5 * time.Second
)

var errQueued error = &hinted{
	text: "the org had not packed its files after a minute",
	hint: "the org is busy, or has very many flows; try again later",
}

// retrieved is an answer of checkRetrieveStatus (Metadata API guide,
// "RetrieveResult").
type retrieved struct {
	Done    bool   `xml:"done"`
	Status  string `xml:"status"`
	Success bool   `xml:"success"`
	Code    string `xml:"errorStatusCode"`
	Message string `xml:"errorMessage"`
	// Warnings can come with success, too.
	Warnings []struct {
		FileName string `xml:"fileName"`
		Problem  string `xml:"problem"`
	} `xml:"messages"`
	Zip string `xml:"zipFile"`

	zip []byte
}

// retrieve asks for everything that defines or fires an outbound message in one
// zip, and waits for it.
func (c *Client) retrieve(ctx context.Context, version float64) (retrieved, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, retrieveLimit, errQueued)
	defer cancel()
	r, err := c.waitForZip(ctx, version)
	if errors.Is(err, context.DeadlineExceeded) {
		return r, context.Cause(ctx)
	}
	return r, err
}

func (c *Client) waitForZip(ctx context.Context, version float64) (retrieved, error) {
	v := versionText(version)
	id, err := c.startRetrieve(ctx, v)
	if err != nil {
		return retrieved{}, err
	}
	for pause := firstLook; ; pause = min(pause*8/5, lastLook) {
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return retrieved{}, ctx.Err()
		}
		r, err := c.checkRetrieve(ctx, v, id)
		switch {
		case err != nil:
			return retrieved{}, err
		case !r.Done && r.Status != "Failed":
			continue
		case r.Status != "Succeeded" || !r.Success:
			return r, r.failure()
		case len(r.zip) == 0:
			return r, broken(errors.New("it holds no zip"))
		}
		return r, nil
	}
}

// errPartial marks a retrieve of which the org itself says that it is not whole.
var errPartial = errors.New("the org packed only a part of its files")

func (r retrieved) failure() error {
	if strings.Contains(r.Status, "Partial") {
		return fmt.Errorf("%w (%s)", errPartial, r.Status)
	}
	if r.Code != "" || r.Message != "" {
		return &Fault{Code: r.Code, Message: r.Message}
	}
	return fmt.Errorf("the org could not pack its files (%.40s)", r.Status)
}

func (c *Client) startRetrieve(ctx context.Context, v string) (id string, err error) {
	err = c.soap(ctx, v, retrieveBody(v), func(body io.Reader) error {
		id = ""
		return decodeAnswer(body, "retrieveResponse", resultOf(func(a *answer, start xml.StartElement) error {
			if start.Name.Local != "id" {
				return a.Skip()
			}
			return a.DecodeElement(&id, &start)
		}))
	})
	if err == nil && id == "" {
		err = broken(errors.New("it does not name the retrieve"))
	}
	return strings.TrimSpace(id), err
}

func (c *Client) checkRetrieve(ctx context.Context, v, id string) (retrieved, error) {
	var found retrieved
	err := c.soap(ctx, v, checkBody(id), func(body io.Reader) error {
		fresh, err := decodeRetrieved(body)
		found = fresh
		return err
	})
	return found, err
}

func decodeRetrieved(body io.Reader) (retrieved, error) {
	var r retrieved
	apart := newZipApart(body)
	err := decodeAnswer(apart, "checkRetrieveStatusResponse", func(a *answer, start xml.StartElement) error {
		return a.DecodeElement(&r, &start)
	})
	if err != nil {
		return retrieved{}, err
	}
	r.zip = apart.zip.Bytes()
	if text := strings.TrimSpace(r.Zip); len(r.zip) == 0 && text != "" {
		if r.zip, err = io.ReadAll(base64.NewDecoder(base64.StdEncoding, strings.NewReader(text))); err != nil {
			return retrieved{}, broken(err)
		}
	}
	r.Zip = ""
	return r, nil
}

// resultOf calls each for every child of the element result.
func resultOf(each func(*answer, xml.StartElement) error) func(*answer, xml.StartElement) error {
	return func(a *answer, _ xml.StartElement) error {
		return a.children(func(start xml.StartElement) error { return each(a, start) })
	}
}

// retrievedTypes are the types whose files define outbound messages or fire them.
var retrievedTypes = []string{"Workflow", "ApprovalProcess", "Flow", "EntitlementProcess"}

func retrieveBody(version string) string {
	var b bytes.Buffer
	v := escape(version)
	b.WriteString("<met:retrieve><met:retrieveRequest><met:apiVersion>" + v + "</met:apiVersion><met:singlePackage>true</met:singlePackage><met:unpackaged>")
	for _, t := range retrievedTypes {
		b.WriteString("<met:types><met:members>*</met:members><met:name>" + t + "</met:name></met:types>")
	}
	b.WriteString("<met:version>" + v + "</met:version></met:unpackaged></met:retrieveRequest></met:retrieve>")
	return b.String()
}

func checkBody(id string) string {
	return "<met:checkRetrieveStatus><met:asyncProcessId>" + escape(id) + "</met:asyncProcessId><met:includeZip>true</met:includeZip></met:checkRetrieveStatus>"
}
