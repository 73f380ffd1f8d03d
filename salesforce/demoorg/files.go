package demoorg

import (
	"archive/zip"
	"bytes"
	"slices"
	"strings"
	"time"
)

// file is one metadata file, with the path below its package or source folder.
type file struct {
	path string
	body []byte
}

// pack writes files into a zip; every entry carries the time at.
func pack(files []file, at time.Time) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.path, Method: zip.Deflate, Modified: at})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(f.body); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// workflows collects messages and rules into one definition for each object,
// sorted by object.
func workflows(messages []*message, rules []*rule, define func(*message) outboundMessage) (objects []string, byObject map[string]*workflow) {
	byObject = map[string]*workflow{}
	of := func(e *entity) *workflow {
		w := byObject[e.Name]
		if w == nil {
			w = &workflow{}
			byObject[e.Name] = w
			objects = append(objects, e.Name)
		}
		return w
	}
	for _, m := range messages {
		w := of(m.Entity)
		w.OutboundMessages = append(w.OutboundMessages, define(m))
	}
	for _, r := range rules {
		w := of(r.Entity)
		w.Rules = append(w.Rules, r.Def)
	}
	slices.Sort(objects)
	for _, w := range byObject {
		slices.SortFunc(w.OutboundMessages, func(a, b outboundMessage) int { return strings.Compare(a.FullName, b.FullName) })
		slices.SortFunc(w.Rules, func(a, b workflowRule) int { return strings.Compare(a.FullName, b.FullName) })
	}
	return objects, byObject
}

// metadataType is a type of which the org holds components that live in files.
type metadataType struct {
	name, folder, suffix string
	children             []string
}

var metadataTypes = []metadataType{
	{"ApprovalProcess", "approvalProcesses", "approvalProcess", nil},
	{"EntitlementProcess", "entitlementProcesses", "entitlementProcess", nil},
	{"Flow", "flows", "flow", nil},
	{"Workflow", "workflows", "workflow", []string{"WorkflowFieldUpdate", "WorkflowKnowledgePublish", "WorkflowTask", "WorkflowAlert", "WorkflowSend", "WorkflowOutboundMessage", "WorkflowRule"}},
}

// contents is a choice of components to be written as files.
type contents struct {
	messages   []*message
	rules      []*rule
	flows      []*flowVersion
	approvals  []*approval
	milestones []*entitlement
}

// choose picks the components that pass.
func (o *org) choose(pass func(c *component, typ, name string) bool) contents {
	var c contents
	for i := range o.messages {
		if m := &o.messages[i]; pass(&m.component, "WorkflowOutboundMessage", m.fullName()) {
			c.messages = append(c.messages, m)
		}
	}
	for i := range o.rules {
		if r := &o.rules[i]; pass(&r.component, "WorkflowRule", r.fullName()) {
			c.rules = append(c.rules, r)
		}
	}
	for i := range o.flows {
		if f := &o.flows[i]; pass(&f.component, "Flow", f.Name) {
			c.flows = append(c.flows, f)
		}
	}
	for i := range o.approvals {
		if a := &o.approvals[i]; pass(&a.component, "ApprovalProcess", a.fullName()) {
			c.approvals = append(c.approvals, a)
		}
	}
	for i := range o.milestones {
		if e := &o.milestones[i]; pass(&e.component, "EntitlementProcess", e.Name) {
			c.milestones = append(c.milestones, e)
		}
	}
	return c
}

// files writes the chosen components, sorted by path. The suffix is what the
// layout adds to every name: "-meta.xml" in source format.
func (c contents) files(suffix string, define func(*message) outboundMessage) ([]file, error) {
	var files []file
	var failed error
	add := func(typ int, name string, v any) {
		t := metadataTypes[typ]
		body, err := writeXML(t.name, v)
		if err != nil {
			failed = err
		}
		files = append(files, file{t.folder + "/" + name + "." + t.suffix + suffix, body})
	}
	for _, a := range c.approvals {
		add(0, a.fullName(), a.Def)
	}
	for _, e := range c.milestones {
		add(1, e.Name, e.Def)
	}
	for _, f := range c.flows {
		add(2, f.Name, f.Def)
	}
	objects, byObject := workflows(c.messages, c.rules, define)
	for _, object := range objects {
		add(3, object, byObject[object])
	}
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.path, b.path) })
	return files, failed
}
