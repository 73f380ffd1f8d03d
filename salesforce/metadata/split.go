package metadata

import (
	"path"
	"slices"
	"strings"
)

// The plugin sf-decomposer splits a component into files, in a folder of its
// name: flows/Send/actionCalls/Notify.actionCalls-meta.xml for each element, or
// flows/Send/actionCalls.xml for all with a tag, and
// flows/Send/Send.flow-meta.xml for what is left. Each of them has the
// component's root. Instead of XML it writes other formats, too.

// format is how sf-decomposer wrote a file.
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
	// An element of its own, Notify.actionCalls-meta.xml, or all with a tag.
	own := cutEnding(stem, "-meta")
	apart := own != stem
	tag := own
	if apart {
		tag = own[strings.LastIndexByte(own, '.')+1:]
	}
	if len(tag) > len("initialsubmissionactions") {
		return Document{}, false
	}
	root, found := parts[strings.ToLower(tag)]
	if !found || apart && len(own) < len(tag)+2 {
		return Document{}, false
	}
	d := Document{Name: unescape(tag), kind: kindOf(root), format: f}
	dir := path.Dir(file)
	if apart {
		if d.level = 2; dir != "." && !strings.EqualFold(path.Base(dir), tag) {
			return Document{}, false
		}
		dir = path.Dir(dir)
	} else {
		d.level, d.guessed = 1, true
		if path.Dir(file) != "." && !strings.EqualFold(path.Base(path.Dir(dir)), componentFolders[root]) {
			return Document{}, false
		}
	}
	return d.named(path.Base(dir)), true
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

// component is the folder of the component that a file is a part of.
func (d Document) component(file string) string {
	for range d.level {
		file = path.Dir(file)
	}
	return strings.ToLower(file)
}
