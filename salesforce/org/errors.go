package org

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"sidestep/salesforce/signin"
	"sidestep/salesforce/trust"
)

// Fault is a SOAP fault of the Metadata API.
type Fault struct {
	// Code is the part of faultcode after the colon, like INVALID_SESSION_ID.
	Code string
	// Message is the org's own text.
	Message string
}

func (f *Fault) Error() string { return explain(f.Code, 0, f.Message).sentence }

// Hint says in an admin's words what to do.
func (f *Fault) Hint() string { return explain(f.Code, 0, f.Message).hint }

// APIError is an error answer of the REST and Tooling APIs, or an HTTP status
// without an answer.
type APIError struct {
	Status int
	// Code is errorCode, "" when the answer held none.
	Code string
	// Message is the org's own text.
	Message string

	retryAfter string
}

func (e *APIError) Error() string { return explain(e.Code, e.Status, e.Message).sentence }

// Hint says in an admin's words what to do.
func (e *APIError) Hint() string { return explain(e.Code, e.Status, e.Message).hint }

// hinted is an error of one line with a hint on how to go on.
type hinted struct {
	text, hint string
	err        error
}

func (e *hinted) Error() string { return e.text }
func (e *hinted) Hint() string  { return e.hint }
func (e *hinted) Unwrap() error { return e.err }

var (
	// ErrExpired means that the org no longer takes the sign-in, and that
	// renewing it did not help.
	ErrExpired error = &hinted{
		text: "the sign-in is no longer valid",
		hint: "sign in again; everything you entered is kept",
	}
	// ErrJWT means that the app issues tokens which the Metadata API does not take.
	ErrJWT error = &hinted{
		text: "the app issues JWT-based access tokens, which the Metadata API refuses",
		hint: "Setup → External Client App Manager → the app → Settings → OAuth Settings: untick Issue JWT-based access tokens for named users, then sign in again",
	}

	errIdle error = &hinted{text: "the org stopped answering for 30 seconds", hint: checkLine}
	errSlow error = &hinted{text: "the org's answer took longer than 2 minutes", hint: checkLine}
	errHuge error = &hinted{text: "the org's answer is larger than any real one, so it was not read", hint: wrongPlace}
	errPage error = &hinted{text: "the org answered with a web page instead of data", hint: wrongPlace}
)

const (
	checkLine  = "check the network connection, the VPN and the proxy, then try again; what was read is kept"
	wrongPlace = "a maintenance page, a proxy in between or a changed address looks like this; open the org in a browser, then try again"
)

// broken is an answer that cannot be read to its end.
func broken(err error) error {
	return &hinted{text: "the org's answer is incomplete or damaged: " + err.Error(), hint: "try again; if it stays, " + wrongPlace, err: err}
}

func redirected(base string) error {
	return &hinted{text: base + " sends us to another page instead of answering", hint: "sign in again: the session has ended, or the org's address has changed"}
}

// unreachable names the cause in one line.
func unreachable(base string, err error) error {
	var sent *url.Error
	if errors.As(err, &sent) {
		err = sent.Err
	}
	// A line that can't be opened in time is no end of our own waiting, though its
	// error claims to be that as well.
	if fault := trust.Explain(err); fault != nil {
		return &hinted{text: fmt.Sprintf("%s could not be reached: %s", base, fault.Words), hint: fault.Hint, err: err}
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	// net/http has no value for this error, only its words.
	if strings.Contains(err.Error(), "server response headers exceeded") {
		return errHuge
	}
	return &hinted{text: fmt.Sprintf("%s could not be reached: %v", base, err), hint: checkLine, err: err}
}

// codeOf is the org's error code, "" when there is none.
func codeOf(err error) string {
	var f *Fault
	var e *APIError
	switch {
	case errors.As(err, &f):
		return f.Code
	case errors.As(err, &e):
		return e.Code
	}
	return ""
}

// statusNoRoute is what Salesforce's edge answers for a host to which it knows no way
// (REST API guide, "Status Codes and Error Responses").
const statusNoRoute = 420

// refusesToken reports whether the org no longer takes the token.
func refusesToken(err error) bool {
	var e *APIError
	return codeOf(err) == "INVALID_SESSION_ID" || errors.As(err, &e) && e.Status == http.StatusUnauthorized
}

// passing reports whether asking again may help. A limit that was hit is never
// asked against.
func passing(err error) bool {
	switch codeOf(err) {
	case "REQUEST_LIMIT_EXCEEDED":
		return false
	case "UNABLE_TO_LOCK_ROW", "SERVER_UNAVAILABLE", "UNKNOWN_EXCEPTION":
		return true
	}
	var e *APIError
	if errors.As(err, &e) {
		switch e.Status {
		case statusNoRoute, http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable:
			return true
		}
		return false
	}
	var op *net.OpError
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.As(err, &op) && (op.Op == "read" || op.Op == "write") && !op.Timeout()
}

// hopeless reports whether the rest of a scan would fail in the same way.
func hopeless(err error) bool {
	if errors.Is(err, ErrExpired) || errors.Is(err, ErrJWT) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	var no *signin.Refused
	if errors.As(err, &no) {
		return true // each further call would ask for a renewal of its own
	}
	var dial *net.OpError
	if errors.As(err, &dial) && dial.Op == "dial" {
		return true
	}
	var e *APIError
	if errors.As(err, &e) && e.Status == http.StatusForbidden {
		return true
	}
	switch codeOf(err) {
	case "REQUEST_LIMIT_EXCEEDED", "INSUFFICIENT_ACCESS", "API_DISABLED_FOR_ORG", "API_CURRENTLY_DISABLED",
		"ORG_LOCKED", "TRIAL_EXPIRED", "UNSUPPORTED_API_VERSION", "CLIENT_NOT_ACCESSIBLE_FOR_USER":
		return true
	}
	return false
}
