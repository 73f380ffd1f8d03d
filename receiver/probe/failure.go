package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
)

// Failure says why there is no answer to judge.
type Failure struct {
	Outcome Outcome
	// Words is one line that names the cause.
	Words string
	err   error
}

func (f *Failure) Error() string { return f.Words }
func (f *Failure) Unwrap() error { return f.err }

// stage is how far a request has come.
type stage int32

const (
	stageName stage = iota
	stageConnect
	stageTLS
	stageSend
	stageAnswer
	stageBody
)

// during says what went on at a stage.
func (s stage) during() string {
	return [...]string{"looking up the host name", "connecting", "agreeing on encryption", "sending", "waiting for the answer", "reading the answer"}[s]
}

// explain names the cause of an error of a request. Whoever wants a certificate
// and gets none hangs up in one of many ways.
func (l *line) explain(ctx context.Context, err error) *Failure {
	f := explain(ctx, err, l.at)
	if l.wanted && (f.Outcome == TLSFailed || f.Outcome == Broken) {
		f.Outcome = WantsCertificate
		f.Words = "the endpoint lets in only who shows a certificate, as Salesforce does and this program can't"
	}
	return f
}

// explain names the cause of an error.
func explain(ctx context.Context, err error, at stage) *Failure {
	if errors.Is(context.Cause(ctx), errSlow) {
		return &Failure{Timeout, "no complete answer in time; it was " + at.during(), err}
	}
	if f := explainTLS(err, at); f != nil {
		return f
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok || err == nil {
		words := "the host name is not known"
		if ok && !dns.IsNotFound {
			words = "the host name can't be looked up: " + dns.Err
		}
		return &Failure{NameNotFound, words, err}
	}
	switch {
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, windowsRefused):
		return &Failure{ConnectionRefused, "the connection is refused: nothing listens at that port", err}
	case errors.Is(err, errHead):
		return &Failure{TooLarge, "the head of the answer is larger than any real one", err}
	case at <= stageConnect:
		return &Failure{Unreachable, "the host can't be reached: " + cut(bare(err)), err}
	case strings.Contains(err.Error(), "malformed "):
		return &Failure{Broken, "what answers there does not speak HTTP as it is written: " + cut(err.Error()), err}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, windowsReset):
		return &Failure{Broken, "the connection was cut; it was " + at.during(), err}
	}
	return &Failure{Broken, "the exchange broke off: " + cut(bare(err)), err}
}

// What Windows says (Windows Sockets, error codes); nowhere else have errors these
// numbers.
const windowsRefused, windowsReset = syscall.Errno(10061), syscall.Errno(10054)

// bare is the innermost part of a network error: the outer ones repeat addresses.
func bare(err error) string {
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Err != nil {
		return op.Err.Error()
	}
	return err.Error()
}

// explainTLS names what is wrong with the encryption; nil when that is not it.
func explainTLS(err error, at stage) *Failure {
	if unknown, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		words := "the certificate is signed by an authority that this computer does not know" + issuer(unknown.Cert)
		if c := unknown.Cert; c != nil && c.Issuer.String() == c.Subject.String() {
			words = "the certificate is signed by nobody but itself"
		}
		return &Failure{TLSFailed, words, err}
	}
	if name, ok := errors.AsType[x509.HostnameError](err); ok {
		return &Failure{TLSFailed, fmt.Sprintf("the certificate is for another name than %s: %s", cut(name.Host), names(name.Certificate)), err}
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok {
		if invalid.Reason != x509.Expired || invalid.Cert == nil {
			return &Failure{TLSFailed, "the certificate may not be used for this: " + cut(invalid.Error()), err}
		}
		return &Failure{TLSFailed, fmt.Sprintf("the certificate is valid from %s to %s only", day(invalid.Cert.NotBefore), day(invalid.Cert.NotAfter)), err}
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "remote error" {
		return &Failure{TLSFailed, "the endpoint breaks off the encryption: " + op.Err.Error(), err}
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return &Failure{TLSFailed, "what answers there does not speak TLS: the address may need http in place of https", err}
	}
	if at == stageTLS && err != nil {
		return &Failure{TLSFailed, "no encryption could be agreed on: " + cut(bare(err)), err}
	}
	return nil
}

func issuer(c *x509.Certificate) string {
	if c == nil || c.Issuer.CommonName == "" {
		return ""
	}
	return " (" + cut(c.Issuer.CommonName) + ")"
}

// names are those that a certificate is for.
func names(c *x509.Certificate) string {
	const enough = 3
	if c == nil || len(c.DNSNames) == 0 {
		return "it names no host"
	}
	list := c.DNSNames[:min(enough, len(c.DNSNames))]
	text := cut(strings.Join(list, ", "))
	if more := len(c.DNSNames) - len(list); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return "it names " + text
}
