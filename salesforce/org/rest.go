package org

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// maxJSON is far above any answer that is asked for here.
const maxJSON = 4 << 20

// get asks the REST API.
func get[T any](ctx context.Context, c *Client, path string, anonymous bool) (T, error) {
	var answer T
	err := c.ask(ctx, call{path: path, anonymous: anonymous, limit: maxJSON, read: readJSON(&answer)})
	return answer, err
}

// readJSON reads an answer into the value at answer, all of it or nothing.
func readJSON[T any](answer *T) func(*http.Response, io.Reader) error {
	return func(resp *http.Response, body io.Reader) error {
		if resp.StatusCode != http.StatusOK {
			return apiError(resp, body)
		}
		if isPage(mediaType(resp)) {
			return errPage
		}
		data, err := io.ReadAll(body)
		if err != nil {
			return damaged(err)
		}
		var fresh T
		if err := json.Unmarshal(data, &fresh); err != nil {
			return broken(err)
		}
		*answer = fresh
		return nil
	}
}

// damaged keeps the errors that have words of their own.
func damaged(err error) error {
	var h *hinted
	if errors.As(err, &h) {
		return err
	}
	return broken(err)
}

func mediaType(resp *http.Response) string {
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	return kind
}

func isPage(kind string) bool { return kind == "text/html" || kind == "application/xhtml+xml" }

// apiError reads the JSON array of an error answer (REST API guide, "Status
// Codes and Error Responses"). What is no such array leaves the bare status.
func apiError(resp *http.Response, body io.Reader) error {
	e := &APIError{Status: resp.StatusCode, retryAfter: resp.Header.Get("Retry-After")}
	data, err := io.ReadAll(io.LimitReader(body, 64<<10))
	if err != nil {
		return e
	}
	e.take(data)
	return e
}

// errorOf is the error of a part of an answer.
func errorOf(status int, body []byte) error {
	e := &APIError{Status: status}
	e.take(body)
	return e
}

func (e *APIError) take(body []byte) {
	var list []struct{ Message, ErrorCode string }
	if json.Unmarshal(body, &list) == nil && len(list) > 0 {
		e.Code, e.Message = list[0].ErrorCode, list[0].Message
	}
}

// apiVersion is the newest version that both the org and we know. The list needs
// no token (REST API guide, "List Available REST API Versions").
func (c *Client) apiVersion(ctx context.Context) (float64, error) {
	c.mu.Lock()
	known := c.version
	c.mu.Unlock()
	if known != 0 {
		return known, nil
	}
	list, err := get[[]struct{ Version string }](ctx, c, "/services/data/", true)
	if err != nil {
		return 0, err
	}
	highest := 0.0
	for _, v := range list {
		if n, err := strconv.ParseFloat(v.Version, 64); err == nil {
			highest = max(highest, n)
		}
	}
	if highest == 0 {
		return 0, broken(errors.New("it lists no API version"))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.version = min(highest, newestVersion)
	return c.version, nil
}

func versionText(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

type rows[T any] struct {
	TotalSize int
	Done      bool
	// Next is the path of the next page while Done is false.
	Next    string `json:"nextRecordsUrl"`
	Records []T
}

// query asks for the first page of rows; api is "" for the REST API, "tooling/" for
// the Tooling API.
func query[T any](ctx context.Context, c *Client, api, soql string) (rows[T], error) {
	v, err := c.apiVersion(ctx)
	if err != nil {
		return rows[T]{}, err
	}
	return get[rows[T]](ctx, c, fmt.Sprintf("/services/data/v%s/%squery/?q=%s", versionText(v), api, url.QueryEscape(soql)), false)
}

// quote writes a SOQL string.
func quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}
