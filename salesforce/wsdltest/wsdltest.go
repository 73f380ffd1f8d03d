// Package wsdltest judges XML by the types of the Metadata API's WSDL, for tests.
// One run of xmllint judges any number of documents: reading the types takes it
// longer than all of them.
package wsdltest

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// Namespace is that of the Metadata API.
const Namespace = "http://soap.sforce.com/2006/04/metadata"

// types finds the schema within the WSDL.
var types = regexp.MustCompile(`(?s)<xsd:schema.*?</xsd:schema>`)

// Fit judges documents by name: the element that each begins with is declared by
// the WSDL, or has the name of one of its types. It gives what is wrong with those
// that don't fit. The test is skipped, with the reason, where the WSDL or xmllint
// is not there.
func Fit(t testing.TB, documents map[string][]byte) (wrong map[string]string) {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	wsdl, err := os.ReadFile(filepath.Join(filepath.Dir(here), "../../../shared/reference/wsdl/metadata-v66.wsdl"))
	if err != nil {
		t.Skipf("not checked against the WSDL: %v", err)
	}
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Skipf("not checked against the WSDL: %v", err)
	}
	schema := types.FindString(string(wsdl))
	schema = strings.Replace(schema, "<xsd:schema", `<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:tns="`+Namespace+`"`, 1)
	schema = strings.TrimSuffix(schema, "</xsd:schema>") + declarations(t, schema, documents) + "</xsd:schema>"
	dir := t.TempDir()
	write(t, filepath.Join(dir, "types.xsd"), []byte(schema))
	args := []string{"--noout", "--schema", filepath.Join(dir, "types.xsd")}
	names := slices.Sorted(maps.Keys(documents))
	files := map[string]string{}
	for i, name := range names {
		files[name] = filepath.Join(dir, fmt.Sprintf("%03d.xml", i))
		write(t, files[name], documents[name])
		args = append(args, files[name])
	}
	out, err := exec.CommandContext(t.Context(), "xmllint", args...).CombinedOutput()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	wrong = map[string]string{}
	for _, name := range names {
		if !bytes.Contains(out, []byte(files[name]+" validates\n")) {
			wrong[name] = wordsOn(files[name], string(out))
		}
	}
	return wrong
}

// declarations makes elements of the types that documents begin with and the WSDL
// has no element for: the files of a package are such.
func declarations(t testing.TB, schema string, documents map[string][]byte) string {
	t.Helper()
	var out []string
	for name, doc := range documents {
		root, err := Root(doc)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		element := `<xsd:element name="` + root + `" type="tns:` + root + `"/>`
		if strings.Contains(schema, `<xsd:complexType name="`+root+`"`) && !slices.Contains(out, element) {
			out = append(out, element)
		}
	}
	return strings.Join(out, "")
}

// wordsOn is what xmllint says on a file.
func wordsOn(file, out string) string {
	var words []string
	for line := range strings.Lines(out) {
		if rest, ok := strings.CutPrefix(line, file); ok {
			words = append(words, strings.TrimSpace(rest))
		}
	}
	if len(words) == 0 {
		return out
	}
	return strings.Join(words, "\n")
}

func write(t testing.TB, file string, data []byte) {
	t.Helper()
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Root is the local name of the element that a document begins with.
func Root(doc []byte) (string, error) {
	d := xml.NewDecoder(bytes.NewReader(doc))
	for {
		token, err := d.RawToken()
		if err != nil {
			return "", err
		}
		if start, ok := token.(xml.StartElement); ok {
			return start.Name.Local, nil
		}
	}
}

// Body is what the body of a SOAP envelope holds, as a document of its own: the
// prefixes that the envelope declares are declared in it. A Fault is a body too.
func Body(envelope []byte) ([]byte, error) {
	d := xml.NewDecoder(bytes.NewReader(envelope))
	prefixes := map[string]string{}
	inBody, depth, begin := false, 0, int64(0)
	var first xml.StartElement
	for {
		at := d.InputOffset()
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil, errors.New("no SOAP body")
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			switch {
			case inBody && depth == 0:
				first, begin, depth = token.Copy(), at, 1
			case inBody:
				depth++
			default:
				for _, a := range token.Attr {
					if name := a.Name.Space + ":" + a.Name.Local; strings.HasPrefix(name, "xmlns:") || name == ":xmlns" {
						prefixes[strings.TrimPrefix(name, ":")] = a.Value
					}
				}
				inBody = token.Name.Local == "Body"
			}
		case xml.EndElement:
			if depth == 1 {
				return declared(envelope[begin:d.InputOffset()], first, prefixes), nil
			}
			depth = max(0, depth-1)
		}
	}
}

// declared writes prefixes into the tag that an element begins with.
func declared(element []byte, start xml.StartElement, prefixes map[string]string) []byte {
	for _, a := range start.Attr {
		delete(prefixes, strings.TrimPrefix(a.Name.Space+":"+a.Name.Local, ":"))
	}
	name := start.Name.Local
	if start.Name.Space != "" {
		name = start.Name.Space + ":" + name
	}
	out := []byte("<" + name)
	for _, p := range slices.Sorted(maps.Keys(prefixes)) {
		out = fmt.Appendf(out, " %s=%q", p, prefixes[p])
	}
	return append(out, element[1+len(name):]...)
}
