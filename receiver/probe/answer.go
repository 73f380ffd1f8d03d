package probe

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"

	"sidestep/regex"
	"sidestep/visible"
)

const (
	soap11   = "http://schemas.xmlsoap.org/soap/envelope/"
	soap12   = "http://www.w3.org/2003/05/soap-envelope"
	outbound = "http://soap.sforce.com/2005/09/outbound"

	// maxDepth is far more than an acknowledgement or a fault nests.
	maxDepth = 64
	// maxWord is how many bytes of a name or a text of the answer are repeated.
	maxWord = 300
)

// Fault is a SOAP fault of the receiver.
type Fault struct{ Code, Text string }

// answer is what a body says.
type answer struct {
	// ack is the acknowledgement, nil where the body holds none as the WSDL has it.
	ack   *bool
	fault *Fault
	// page is true for a web page, with its title.
	page  bool
	title string
	// why says what stands in place of an acknowledgement.
	why string
}

// read reads a body as strictly as the WSDL is written: a SOAP 1.1 envelope whose
// body holds notificationsResponse with one Ack, all in their namespaces. What is
// nearly one is no acknowledgement, and the answer says what it has instead.
func read(body []byte) answer {
	text, decoded, err := plain(body)
	if err != nil {
		return answer{why: err.Error()}
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return answer{why: "the answer is empty"}
	}
	if isPage(text) {
		return answer{page: true, title: titleOf(text), why: "the answer is a web page"}
	}
	if bytes.TrimSpace(text)[0] != '<' {
		return answer{why: "the answer is no XML"}
	}
	w := &walker{dec: xml.NewDecoder(bytes.NewReader(text))}
	w.dec.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		if decoded {
			return in, nil
		}
		enc, err := htmlindex.Get(label)
		if err != nil {
			return nil, fmt.Errorf("its encoding %q is not known", cut(label))
		}
		if name, _ := htmlindex.Name(enc); strings.HasPrefix(name, "utf-16") {
			// .NET declares it for what it writes as UTF-8.
			return in, nil
		}
		return enc.NewDecoder().Reader(in), nil
	}
	root, err := w.walk()
	if err != nil {
		return answer{why: "the answer is not well-formed: " + cut(err.Error())}
	}
	return root.answer()
}

// plain removes a byte order mark and turns UTF-16 into UTF-8; decoded says that
// the declared encoding is history then.
func plain(body []byte) (text []byte, decoded bool, err error) {
	switch {
	case bytes.HasPrefix(body, []byte("\xef\xbb\xbf")):
		return body[3:], false, nil
	case bytes.HasPrefix(body, []byte("\xff\xfe")), bytes.HasPrefix(body, []byte("\xfe\xff")):
		text, err = unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder().Bytes(body)
		if err != nil {
			err = errors.New("the answer can't be read as UTF-16")
		}
		return text, true, err
	}
	return body, false, nil
}

var (
	pageStart = regex.New(`(?i)^\s*(<\?xml[^>]*>\s*)?(<!--.{0,500}?-->\s*)?<(!doctype\s+html|html)[\s>]`)
	pageTitle = regex.New(`(?is)<title[^>]*>(.{0,500}?)</title`)
)

func isPage(text []byte) bool { return pageStart.Compiled().Match(text[:min(len(text), 2048)]) }

func titleOf(text []byte) string {
	m := pageTitle.Compiled().FindSubmatch(text[:min(len(text), 64<<10)])
	if m == nil {
		return ""
	}
	return cut(strings.Join(strings.Fields(string(m[1])), " "))
}

// element is an element of the answer, with what is worth keeping of it.
type element struct {
	xml.Name
	text     string
	children []*element
	simple   bool // it holds no element
}

// walker turns a document into elements, within limits.
type walker struct {
	dec *xml.Decoder
}

var (
	errDoctype = errors.New("it holds a document type, which SOAP forbids")
	errDeep    = errors.New("it is nested too deeply")
	errSecond  = errors.New("something stands behind its end")
)

func (w *walker) walk() (*element, error) {
	var stack []*element
	var root *element
	for {
		tok, err := w.dec.Token()
		if errors.Is(err, io.EOF) && root != nil && len(stack) == 0 {
			return root, nil
		}
		if err != nil {
			return nil, err
		}
		switch t := tok.(type) {
		case xml.Directive:
			return nil, errDoctype
		case xml.StartElement:
			e := &element{Name: t.Name, simple: true}
			switch {
			case len(stack) == maxDepth:
				return nil, errDeep
			case len(stack) > 0:
				parent := stack[len(stack)-1]
				parent.children, parent.simple = append(parent.children, e), false
			case root != nil:
				return nil, errSecond
			default:
				root = e
			}
			stack = append(stack, e)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if len(stack) > 0 {
				e := stack[len(stack)-1]
				e.text += string(t[:min(len(t), maxText-min(maxText, len(e.text)))])
			} else if len(bytes.TrimSpace(t)) > 0 {
				return nil, errSecond
			}
		}
	}
}

// maxText is how many bytes of an element's text are kept.
const maxText = 4 << 10

// answer says what the document means.
func (root *element) answer() answer {
	switch {
	case root.Local != "Envelope":
		return answer{why: "the answer holds <" + cut(root.Local) + "> in place of a SOAP envelope"}
	case root.Space == soap12:
		a := answer{why: "the answer is SOAP 1.2, and Salesforce speaks 1.1"}
		a.fault = root.fault12()
		return a
	case root.Space != soap11:
		return answer{why: fmt.Sprintf("the answer's envelope is of the namespace %q, not that of SOAP 1.1", cut(root.Space))}
	}
	var bodies []*element
	for _, child := range root.children {
		if child.Name == (xml.Name{Space: soap11, Local: "Body"}) {
			bodies = append(bodies, child)
		}
	}
	if len(bodies) != 1 || len(bodies[0].children) == 0 {
		return answer{why: "the answer's envelope holds nothing"}
	}
	first := bodies[0].children[0]
	if first.Name == (xml.Name{Space: soap11, Local: "Fault"}) {
		f := &Fault{Code: first.child("faultcode"), Text: first.child("faultstring")}
		return answer{fault: f, why: "the answer is a SOAP fault"}
	}
	if len(bodies[0].children) > 1 {
		return answer{why: "the answer's body holds more than one element"}
	}
	return first.acknowledgement()
}

// acknowledgement reads notificationsResponse: one Ack, an xsd:boolean, in the
// namespace of outbound messages (notification WSDL; elementFormDefault is
// qualified there).
func (e *element) acknowledgement() answer {
	switch {
	case e.Local != "notificationsResponse":
		return answer{why: "the answer holds <" + cut(e.Local) + "> in place of <notificationsResponse>"}
	case e.Space != outbound:
		return answer{why: fmt.Sprintf("<notificationsResponse> is of the namespace %q, not %q", cut(e.Space), outbound)}
	case len(e.children) == 0:
		return answer{why: "<notificationsResponse> holds no <Ack>"}
	case len(e.children) > 1:
		return answer{why: "<notificationsResponse> holds more than one element"}
	}
	ack := e.children[0]
	value := strings.Trim(ack.text, " \t\r\n")
	switch {
	case ack.Local != "Ack":
		return answer{why: "<notificationsResponse> holds <" + cut(ack.Local) + "> in place of <Ack>"}
	case ack.Space != outbound:
		return answer{why: fmt.Sprintf("<Ack> (%q) is of the namespace %q, not %q", cut(value), cut(ack.Space), outbound)}
	case !ack.simple:
		return answer{why: "<Ack> holds elements"}
	}
	switch value {
	case "true", "1":
		return answer{ack: new(true)}
	case "false", "0":
		return answer{ack: new(false)}
	}
	return answer{why: fmt.Sprintf("<Ack> holds %q, which is neither true nor false", cut(value))}
}

// child is the text of the first child of that name: those of a fault have no
// namespace (SOAP 1.1, section 4.4), which not every receiver knows.
func (e *element) child(local string) string {
	for _, c := range e.children {
		if c.Local == local {
			return cut(strings.Join(strings.Fields(c.text), " "))
		}
	}
	return ""
}

// fault12 finds the fault of a SOAP 1.2 envelope (SOAP 1.2, section 5.4), nil when
// there is none.
func (root *element) fault12() *Fault {
	e := root
	for _, name := range []string{"Body", "Fault"} {
		if e = e.find(name); e == nil {
			return nil
		}
	}
	f := &Fault{}
	if code := e.find("Code"); code != nil {
		f.Code = code.child("Value")
	}
	if reason := e.find("Reason"); reason != nil {
		f.Text = reason.child("Text")
	}
	return f
}

func (e *element) find(local string) *element {
	for _, c := range e.children {
		if c.Local == local {
			return c
		}
	}
	return nil
}

// cut shortens what comes from the receiver.
func cut(s string) string { return visible.Cut(s, maxWord) }
