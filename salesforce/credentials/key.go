package credentials

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
)

// MaxKey is far above what a key file takes, also one that brings its certificates.
const MaxKey = 256 << 10

// keyError is a key file that can't be used.
type keyError struct{ text, hint string }

func (e *keyError) Error() string { return e.text }

// Hint says how to make one that can.
func (e *keyError) Hint() string { return e.hint }

const makeKey = "make a pair with: openssl req -x509 -newkey rsa:2048 -nodes -days 365 -keyout receiver.key -out receiver.crt"

// ParseKey reads the RSA private key of a file in PEM form, PKCS#1 or PKCS#8;
// other blocks, such as certificates, may stand beside it. The error says in one
// line what the file is instead, and has a hint. It never repeats what is in it.
func ParseKey(data []byte) (*rsa.PrivateKey, error) {
	if len(data) > MaxKey {
		return nil, &keyError{"the file is far too large for a private key", "give the file with the receiver's private key in PEM form"}
	}
	var last error
	for rest := data; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		key, err := parseBlock(block)
		if err == nil {
			return key, nil
		}
		// What is wrong with a private key tells more than what stands beside it.
		if last == nil || strings.Contains(block.Type, "PRIVATE KEY") {
			last = err
		}
	}
	if last != nil {
		return nil, last
	}
	return nil, &keyError{"the file holds no private key in PEM form", `such a file has a line "-----BEGIN PRIVATE KEY-----"; ` + makeKey}
}

func parseBlock(block *pem.Block) (*rsa.PrivateKey, error) {
	switch {
	case block.Type == "ENCRYPTED PRIVATE KEY", strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED"):
		return nil, &keyError{"the private key is encrypted with a passphrase", "make a copy without one for this check, and delete it afterwards: openssl pkey -in receiver.key -out plain.key"}
	case block.Type == "CERTIFICATE":
		return nil, &keyError{"the file holds a certificate, not the private key that belongs to it", "the certificate is uploaded to the app; give the key file that was made together with it"}
	case strings.HasSuffix(block.Type, "PUBLIC KEY"):
		return nil, &keyError{"the file holds a public key, not the private one", "give the private key that the receiver signs with"}
	case block.Type == "OPENSSH PRIVATE KEY":
		return nil, &keyError{"the key is in the form of OpenSSH", "the JWT bearer flow takes RSA keys in PEM form; " + makeKey}
	case block.Type == "RSA PRIVATE KEY":
		key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
		return checked(key, err)
	case block.Type == "PRIVATE KEY":
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			return nil, damagedKey
		}
		rsaKey, ok := key.(*rsa.PrivateKey)
		if !ok {
			return nil, notRSA
		}
		return checked(rsaKey, nil)
	case block.Type == "EC PRIVATE KEY":
		return nil, notRSA
	}
	return nil, &keyError{"the file holds something else than a private key", makeKey}
}

var (
	damagedKey = &keyError{"the private key is damaged", "take a fresh copy of the file from where the receiver keeps it"}
	notRSA     = &keyError{"the private key is not an RSA key", "the JWT bearer flow takes RSA keys only (RS256); " + makeKey}
)

func checked(key *rsa.PrivateKey, err error) (*rsa.PrivateKey, error) {
	if err != nil || key.Validate() != nil {
		return nil, damagedKey
	}
	return key, nil
}
