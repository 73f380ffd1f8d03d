package metadata

import (
	"bytes"
	"path"
	"slices"
	"strings"
)

// Several programs split components into files. The plugin sf-decomposer does it
// in a folder of the component's name: flows/Send/actionCalls/Notify.actionCalls-meta.xml
// for each element, or flows/Send/actionCalls.xml for all with a tag, and
// flows/Send/Send.flow-meta.xml for what is left. Each of them has the
// component's root. Instead of XML it writes other formats, too. sfparty splits
// workflows, into YAML or JSON without that root.

// format is how a file is written.
type format uint8

const (
	asXML format = iota
	// asYAML is also JSON and what the plugin makes of JSON5: YAML reads both.
	asYAML
	// asOther is TOML and INI, which are not read.
	asOther
)

// formatOf cuts the ending of a format off a file's name.
func formatOf(base string) (stem string, f format, ok bool) {
	dot := strings.LastIndexByte(base, '.')
	if dot <= 0 {
		return "", 0, false
	}
	switch ending := base[dot+1:]; {
	case strings.EqualFold(ending, "xml"):
		f = asXML
	case strings.EqualFold(ending, "yaml"), strings.EqualFold(ending, "json"), strings.EqualFold(ending, "json5"):
		f = asYAML
	case strings.EqualFold(ending, "toml"), strings.EqualFold(ending, "ini"):
		f = asOther
	default:
		return "", 0, false
	}
	return base[:dot], f, true
}

// parts are the elements that say what is fired and when, in small letters, with
// the root of the component that they are parts of.
var parts = map[string]string{
	"outboundmessages": "Workflow", "rules": "Workflow",
	"actioncalls": "Flow", "start": "Flow", "orchestratedstages": "Flow", "processmetadatavalues": "Flow",
	"initialsubmissionactions": "ApprovalProcess", "finalapprovalactions": "ApprovalProcess",
	"finalrejectionactions": "ApprovalProcess", "recallactions": "ApprovalProcess", "approvalstep": "ApprovalProcess",
	"milestones": "EntitlementProcess",
}

// componentFolders are the folders that hold components, in small letters, by
// their root.
var componentFolders = map[string]string{
	"Workflow": "workflows", "Flow": "flows", "ApprovalProcess": "approvalprocesses", "EntitlementProcess": "entitlementprocesses",
}

// partAt tells whether a path is that of a part of a component. Of a name
// without a folder nobody can tell yet, and it may be one.
func partAt(file, base string) (Document, bool) {
	stem, f, ok := formatOf(base)
	if !ok {
		return Document{}, false
	}
	dir := path.Dir(file)
	own := cutEnding(stem, "-meta")
	if apart := own != stem; apart {
		// An element of its own: actionCalls/Notify.actionCalls-meta.xml.
		dot := strings.LastIndexByte(own, '.')
		d, known := part(own[dot+1:], f)
		if !known || dot <= 0 || dir != "." && !strings.EqualFold(path.Base(dir), d.tag) {
			return Document{}, false
		}
		d.level = 2
		return d.named(path.Base(path.Dir(dir))), true
	}
	if d, known := part(own, f); known {
		// All with a tag: flows/Send/actionCalls.xml.
		if dir != "." && !d.isIn(path.Dir(dir)) {
			return Document{}, false
		}
		d.level, d.guessed = 1, true
		return d.named(path.Base(dir)), true
	}
	if f == asYAML && InPartFolder(dir) {
		// As sfparty does it: workflows/Account/outboundMessages/Send_order.yaml.
		d, _ := part(path.Base(dir), f)
		d.level, d.guessed = 2, true
		return d.named(path.Base(path.Dir(dir))), true
	}
	// What sf-decomposer was before it was one: workflows/Account.rules_Changed.xml.
	object, rest, _ := strings.Cut(own, ".")
	tag, _, cut := strings.Cut(rest, "_")
	d, known := part(tag, f)
	if !cut || !known || f != asXML || d.kind.root != "Workflow" || dir != "." && !d.isIn(dir) {
		return Document{}, false
	}
	d.level, d.guessed = 1, true
	return d.named(object), true
}

// InPartFolder reports whether a folder may hold parts of workflows under names
// that say nothing of it.
func InPartFolder(dir string) bool {
	d, known := part(path.Base(dir), asYAML)
	return known && d.kind.root == "Workflow" && d.isIn(path.Dir(path.Dir(dir)))
}

// part is a document with elements that have a tag.
func part(tag string, f format) (Document, bool) {
	if len(tag) > len("initialSubmissionActions") {
		return Document{}, false
	}
	root, known := parts[strings.ToLower(tag)]
	if !known {
		return Document{}, false
	}
	return Document{Name: tag, tag: tag, kind: kindOf(root), format: f}, true
}

// isIn reports whether a folder is the one that holds components of that type.
func (d Document) isIn(dir string) bool {
	return strings.EqualFold(path.Base(dir), componentFolders[d.kind.root])
}

// wrapped puts the component's root around a part that is written without it,
// on the same line.
func (d Document) wrapped(text []byte) []byte {
	if d.tag == "" {
		return text
	}
	s := scanner{data: text}
	for t := s.next(); t != startTag; t = s.next() {
		if t == atEnd {
			return text
		}
	}
	if !strings.EqualFold(string(s.name), d.tag) {
		return text
	}
	root := "Workflow"
	if !d.kind.inFolder {
		root = d.kind.root
	}
	// An XML declaration may only stand at the beginning.
	if at := bytes.Index(text, []byte("?>")); bytes.HasPrefix(bytes.TrimSpace(text), []byte("<?xml ")) && at >= 0 {
		text = slices.Concat(bytes.Repeat([]byte("\n"), bytes.Count(text[:at], []byte("\n"))), text[at+2:])
	}
	return slices.Concat([]byte("<"+root+">"), text, []byte("</"+root+">"))
}

// named gives the document the name that a folder tells.
func (d Document) named(folder string) Document {
	if folder == "." || folder == "/" || strings.EqualFold(folder, componentFolders[d.kind.root]) {
		return d
	}
	d.Name = unescape(folder)
	switch d.kind.root {
	case "Workflow":
		d.Object = d.Name
	case "ApprovalProcess":
		d.Object, _, _ = strings.Cut(d.Name, ".")
	}
	return d
}

func kindOf(root string) *kind {
	return &kinds[slices.IndexFunc(kinds, func(k kind) bool { return k.root == root })]
}

// isRest reports whether a file lies in a folder of its own name, where
// sf-decomposer puts what it did not split.
func isRest(file, stem string) bool {
	return strings.EqualFold(path.Base(path.Dir(file)), stem)
}
