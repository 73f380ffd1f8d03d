package metadata

import (
	"bytes"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// notRead says of a file in TOML or INI how to go on.
const notRead = "sf-decomposer wrote it in a format that is not read: run sf decomposer recompose, and scan the folder again"

// maxYAML is how many bytes a file in YAML or JSON may have: its reader needs a
// hundred times that. They hold parts.
const maxYAML = 2 << 20

// toXML writes a document in another format as XML, each element on the line on
// which it stands. Attributes and comments are left out.
func (d Document) toXML(text []byte) ([]byte, *SyntaxError) {
	switch {
	case d.format == asOther:
		return nil, &SyntaxError{1, notRead}
	case d.format == asXML:
		return text, nil
	case len(text) > maxYAML:
		return nil, &SyntaxError{1, fmt.Sprintf("larger than %d MB", maxYAML>>20)}
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		said := strings.TrimPrefix(err.Error(), "yaml: ")
		line := 1
		if _, err := fmt.Sscanf(said, "line %d:", &line); err == nil {
			_, said, _ = strings.Cut(said, ": ")
		}
		return nil, &SyntaxError{max(line, 1), malformed + shorten(said)}
	}
	w := &xmlWriter{line: 1}
	if len(doc.Content) == 1 {
		w.content(doc.Content[0])
	}
	return w.out.Bytes(), w.fault
}

// xmlWriter writes the nodes of YAML as XML.
type xmlWriter struct {
	out   bytes.Buffer
	line  int
	fault *SyntaxError
}

// content writes what stands inside an element.
func (w *xmlWriter) content(n *yaml.Node) {
	switch n.Kind {
	case yaml.ScalarNode:
		if n.Tag != "!!null" {
			w.text(n.Value)
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			w.child(n.Content[i].Value, n.Content[i+1])
		}
	default:
		w.fail(n, "it is not laid out as sf-decomposer does it")
	}
}

// child writes what has a key: an element, several of them, or text that stands
// beside attributes.
func (w *xmlWriter) child(key string, value *yaml.Node) {
	switch {
	case w.fault != nil:
	case key == "#text", strings.Contains(key, "CDATA"):
		w.content(value)
	case strings.HasPrefix(key, "@"), strings.HasPrefix(key, "?"), strings.HasPrefix(key, "#"), strings.HasPrefix(key, "!"):
	case len(key) > maxQuote || !beginsName([]byte(key)) || strings.ContainsFunc(key, func(r rune) bool { return r >= 0x80 || r == ':' || !inName[r] }):
		w.fail(value, "there is no element "+shorten(key))
	case w.out.Len() > MaxSize:
		w.fail(value, fmt.Sprintf("larger than %d MB", MaxSize>>20))
	case value.Kind == yaml.SequenceNode:
		for _, one := range value.Content {
			w.element(key, one)
		}
	default:
		w.element(key, value)
	}
}

func (w *xmlWriter) element(key string, value *yaml.Node) {
	for ; w.line < value.Line; w.line++ {
		w.out.WriteByte('\n')
	}
	w.out.WriteString("<" + key + ">")
	w.content(value)
	w.out.WriteString("</" + key + ">")
}

// text writes a value. Its line feeds are none of the document.
func (w *xmlWriter) text(value string) {
	for _, r := range value {
		switch {
		case r == '<', r == '&', r == '>', r == '\n', r == '\r':
			fmt.Fprintf(&w.out, "&#%d;", r)
		case character(r):
			w.out.WriteRune(r)
		}
	}
}

func (w *xmlWriter) fail(n *yaml.Node, said string) {
	if w.fault == nil {
		w.fault = &SyntaxError{max(n.Line, 1), said}
	}
}
