package metadata

import (
	"bytes"
	"fmt"
	"net/url"
	"path"
	"strings"

	"sidestep/salesforce"
)

// Document is what a path tells about the file behind it.
type Document struct {
	// Object is the API name of the object that the file belongs to, "" for
	// flows and entitlement processes.
	Object string
	// Name is the file's name without its ending: the full name of the component
	// (in a workflow file, the object's).
	Name string

	kind *kind
	// format is how a part of a component is written.
	format format
	// tag is that of the elements in a part of a component.
	tag string
	// level is how many folders below the file its component's folder is, 0 where
	// the file is no part of one.
	level int
	// guessed is true where the path alone does not prove that the file is ours.
	guessed bool
}

// File is what a document holds.
type File struct {
	Messages []salesforce.Message
	Users    []salesforce.User
	// ActiveVersion is the version of the flow Document.Name that runs, 0 for
	// none. It is nil in all files but flow definitions.
	ActiveVersion *int
	// Problems are values that could not be read. The definitions that they
	// stand in are kept without them.
	Problems []SyntaxError
	// marked is true where a mark of a merge conflict may stand in a text.
	marked bool
	// stray is where an XML declaration stands that is not at the beginning.
	stray int
	// odd is true where the XML declaration is none by the rules.
	odd bool
	// context is what a part says of its component.
	context *context
}

// kind is one of the sorts of files that define messages or fire them
// (Metadata API guide, "Workflow", "ApprovalProcess", "Flow", "EntitlementProcess").
type kind struct {
	ending, root string
	read         func(*reader, Document, *File)
	// inFolder is true where a file holds one part of a workflow, and the object's
	// name comes from the folder.
	inFolder bool
}

// roots are the elements that such a document may begin with. The Salesforce CLI
// makes a part's type the root; the plugin sf-decomposer keeps the workflow
// around the part.
func (k *kind) roots() []string {
	if k.inFolder {
		return []string{k.root, "Workflow"}
	}
	return []string{k.root}
}

var kinds = []kind{
	{ending: ".workflow", root: "Workflow", read: (*reader).workflow},
	{ending: ".workflowoutboundmessage", root: "WorkflowOutboundMessage", read: (*reader).singleMessage, inFolder: true},
	{ending: ".workflowrule", root: "WorkflowRule", read: (*reader).singleRule, inFolder: true},
	{ending: ".approvalprocess", root: "ApprovalProcess", read: (*reader).approvalProcess},
	{ending: ".flow", root: "Flow", read: (*reader).flow},
	{ending: ".flowdefinition", root: "FlowDefinition", read: (*reader).flowDefinition},
	{ending: ".entitlementprocess", root: "EntitlementProcess", read: (*reader).entitlementProcess},
}

// At tells from a path with forward slashes whether the file may define outbound
// messages or fire them. Metadata API and source format differ by "-meta.xml";
// some programs that keep backups add ".xml" to both.
func At(file string) (Document, bool) {
	base := path.Base(file)
	// "._" files are what macOS adds to archives.
	if strings.HasPrefix(base, "._") {
		return Document{}, false
	}
	stem, format := cutEnding(base, ".xml"), asXML
	if s, f, ok := formatOf(base); ok && f != asXML {
		// Other programs have files of other formats; with -meta it is ours.
		if cutEnding(s, "-meta") == s {
			return partAt(file, base)
		}
		stem, format = s, f
	}
	stem = cutEnding(stem, "-meta")
	dot := strings.LastIndexByte(stem, '.')
	if dot <= 0 {
		return partAt(file, base)
	}
	for i := range kinds {
		k := &kinds[i]
		if !strings.EqualFold(stem[dot:], k.ending) {
			continue
		}
		if otherProgram(base) {
			return Document{}, false
		}
		d := Document{kind: k, Name: unescape(stem[:dot]), format: format}
		switch {
		case k.inFolder:
			d = d.inFolder(file)
		case k.root == "Workflow":
			d.Object = d.Name
		case k.root == "ApprovalProcess":
			d.Object, _, _ = strings.Cut(d.Name, ".")
		}
		if !k.inFolder && isRest(file, stem[:dot]) {
			d.level = 1
		}
		return d, true
	}
	return partAt(file, base)
}

// cutEnding cuts an ending off, in any case.
func cutEnding(name, ending string) string {
	if i := len(name) - len(ending); i >= 0 && strings.EqualFold(name[i:], ending) {
		return name[:i]
	}
	return name
}

// otherProgram tells files of other programs by their names: what GitHub ran before
// its actions were written in YAML, .github/main.workflow, and the types that
// JavaScript projects keep beside a script, index.js.flow.
func otherProgram(base string) bool {
	script, typed := strings.CutSuffix(base, ".flow")
	if !typed {
		return base == "main.workflow"
	}
	switch path.Ext(script) {
	case ".js", ".mjs", ".cjs", ".jsx":
		return true
	}
	return false
}

// Defines reports whether such a file can define outbound messages. The others
// can only fire them.
func (d Document) Defines() bool {
	return d.kind != nil && (d.kind.root == "Workflow" || d.kind.root == "WorkflowOutboundMessage")
}

// What is said of documents that XML takes for broken ones, and of which nothing
// is hidden.
const (
	strayDeclaration = malformed + "the XML declaration does not stand at the very beginning; the file was read all the same"
	oddDeclaration   = malformed + "the XML declaration is not one by the rules; the file was read all the same"
)

// Read reads the document. Its error is always a *SyntaxError; the File then
// holds what could be read all the same. It keeps nothing of data.
func (d Document) Read(data []byte) (File, error) {
	if len(data) > MaxSize {
		return File{}, &SyntaxError{1, fmt.Sprintf("larger than %d MB", MaxSize>>20)}
	}
	if d.guessed && !bytes.Contains(data, []byte("soap.sforce.com")) && !bytes.Contains(data, []byte("utboundMessage")) {
		return File{}, nil
	}
	text, problems, err := plainText(data)
	if err != nil {
		return File{}, &SyntaxError{1, err.Error()}
	}
	text, unread := d.toXML(text)
	if unread != nil {
		return File{}, unread
	}
	text = d.wrapped(text)
	f, bad := d.read(text)
	if bad != nil && conflicted(text, bad.Line) {
		bad.Msg = d.readConflict(text, &f)
	} else if bad != nil {
		d.readFirstSide(text, &f, bad)
	} else {
		if f.stray > 0 {
			f.Problems = append(f.Problems, SyntaxError{lineOf(text, f.stray), strayDeclaration})
		}
		if f.odd && len(problems) == 0 {
			f.Problems = append(f.Problems, SyntaxError{1, oddDeclaration})
		}
		d.readLeftovers(text, &f)
	}
	f.Problems = append(f.Problems, problems...)
	if bad != nil {
		return f, bad
	}
	return f, nil
}

// read reads a document that is UTF-8.
func (d Document) read(text []byte) (File, *SyntaxError) {
	r := newReader(text)
	defer r.rest()
	var f File
	rooted := false
	r.document(d.kind.roots(), func(root string) {
		rooted = true
		if root == "Workflow" {
			r.workflow(d, &f)
		} else {
			d.kind.read(r, d, &f)
		}
	})
	r.setAside()
	bad := r.first
	f.Problems, f.marked, f.stray, f.odd = r.problems, r.scan.marked, r.scan.stray, r.scan.odd
	if behind := r.scan.bare; behind > 0 {
		f.tellAmpersand(text, behind-1)
	}
	if !rooted && bad != nil {
		if other := instead(text); other != "" {
			bad = &SyntaxError{1, other}
		}
	}
	return f, bad
}

// instead recognises what lies in the place of a file that something else was to
// fetch, "" where nothing is recognised.
func instead(text []byte) string {
	head := strings.ToLower(string(bytes.TrimSpace(text[:min(len(text), 1024)])))
	switch {
	case strings.HasPrefix(head, "version https://git-lfs.github.com/spec/"):
		return "it is only a pointer of Git LFS: fetch the file itself with git lfs pull"
	case strings.HasPrefix(head, "<!doctype html"), strings.HasPrefix(head, "<html"):
		return "it is a web page, as servers send with an error or to log in, and no metadata"
	}
	return ""
}

// inFolder gives a decomposed file its object: from its folder, or from a full
// name as listMetadata spells it, Account.Send_order. The name of a message has no
// dot in it, that of a rule may.
func (d Document) inFolder(file string) Document {
	d.tag = map[string]string{"WorkflowOutboundMessage": "outboundMessages", "WorkflowRule": "rules"}[d.kind.root]
	d.Object = folderObject(file)
	if dot := strings.LastIndexByte(d.Name, '.'); dot > 0 && d.kind.root == "WorkflowOutboundMessage" {
		d.Object, d.Name = d.Name[:dot], d.Name[dot+1:]
	}
	return d
}

// folderObject finds the object of a decomposed file, whose path ends in
// workflows/Account/workflowOutboundMessages/name (Salesforce DX, preset
// decomposeWorkflowBeta) or workflows/Account/outboundMessages/name (the plugin
// sf-decomposer).
func folderObject(file string) string {
	dir := path.Dir(file)
	switch strings.ToLower(path.Base(dir)) {
	case "workflowoutboundmessages", "workflowrules", "outboundmessages", "rules":
		dir = path.Dir(dir)
	}
	base := path.Base(dir)
	if base == "." || base == "/" || strings.EqualFold(base, "workflows") {
		return ""
	}
	return unescape(base)
}

// unescape turns a component's name as files spell it into the one that Setup
// shows: "Order%20changed" is "Order changed".
func unescape(name string) string {
	if plain, err := url.PathUnescape(name); err == nil {
		return plain
	}
	return name
}
