// Package trust is about the line to an org: how long an address may stay
// silent, whose certificates are taken, and what is wrong when there is no line.
// Proxies are those of HTTPS_PROXY and NO_PROXY. There is no switch to skip the
// checks.
package trust

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
)

// FileVariable is the environment variable that names a file of certificates, in
// PEM form, which are taken beside the system's: those of a proxy that reads along.
const FileVariable = "SIDESTEP_CA_FILE"

// maxFile is far above what all authorities of the world take.
const maxFile = 16 << 20

// Transport makes a transport of its own, which adjust may change. Where the file
// of certificates is of no use every request fails with a *Fault that says so.
func Transport(adjust func(*http.Transport)) http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DialContext = dial
	if name := os.Getenv(FileVariable); name != "" {
		pool, err := poolWith(name)
		if err != nil {
			return refusing{&Fault{
				Words: fmt.Sprintf("the certificates in %s can't be used: %v", FileVariable, err),
				Hint:  "set " + FileVariable + " to a file with the certificate of your company's authority in PEM form, or unset it",
				err:   err,
			}}
		}
		t.TLSClientConfig = &tls.Config{RootCAs: pool}
	}
	adjust(t)
	return lines{t}
}

func poolWith(name string) (*x509.CertPool, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile))
	if err != nil {
		return nil, err
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(data) {
		return nil, fmt.Errorf("%s holds no certificate in PEM form", name)
	}
	return pool, nil
}

type refusing struct{ fault *Fault }

func (r refusing) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
	return nil, r.fault
}

// Fault is what is wrong with the line, a certificate or a proxy, in words.
type Fault struct {
	// Words is one line that names the cause, Hint what to do about it.
	Words, Hint string
	err         error
}

func (f *Fault) Error() string { return f.Words }
func (f *Fault) Unwrap() error { return f.err }

// Explain names the fault of the line, a certificate or a proxy behind an error of
// a request; nil when it is another error. It never repeats a proxy's password.
func Explain(err error) *Fault {
	if known, ok := errors.AsType[*Fault](err); ok {
		return known
	}
	if unknown, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return &Fault{
			Words: "its certificate is signed by an authority that this computer does not know" + issuer(unknown.Cert),
			Hint:  "a proxy that reads along looks like this: name its certificate in " + FileVariable + ", or install it on this computer",
			err:   err,
		}
	}
	if name, ok := errors.AsType[x509.HostnameError](err); ok {
		return &Fault{Words: "its certificate is for another name than " + name.Host, Hint: betweenUs, err: err}
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok {
		if invalid.Reason == x509.Expired {
			return &Fault{Words: "its certificate has expired or is not yet valid", Hint: "check this computer's clock; " + betweenUs, err: err}
		}
		return &Fault{Words: "its certificate may not be used for this: " + invalid.Error(), Hint: betweenUs, err: err}
	}
	if fault := explainProxy(err); fault != nil {
		return fault
	}
	return explainDial(err)
}

const betweenUs = "check the address; something in between may be answering for the org"

func explainProxy(err error) *Fault {
	op, ok := errors.AsType[*net.OpError](err)
	switch {
	case strings.Contains(err.Error(), http.StatusText(http.StatusProxyAuthRequired)):
		return &Fault{Words: "the proxy wants a name and a password (407)", Hint: "set HTTPS_PROXY=http://name:password@proxy:port", err: err}
	case ok && op.Op == "proxyconnect":
		return &Fault{Words: fmt.Sprintf("the proxy does not answer: %v", op.Err), Hint: "check the address in HTTPS_PROXY; hosts in NO_PROXY are reached without it", err: err}
	}
	return nil
}

func issuer(c *x509.Certificate) string {
	if c == nil || c.Issuer.CommonName == "" {
		return ""
	}
	return fmt.Sprintf(" (%.80s)", c.Issuer.CommonName)
}
