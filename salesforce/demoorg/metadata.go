package demoorg

import (
	"encoding/xml"
	"slices"
	"strings"
	"time"
)

// The limits of the calls (Metadata API guide, "listMetadata()" and "readMetadata()").
const (
	maxListQueries = 3
	maxReadNames   = 10
)

type listMetadata struct {
	Queries []struct {
		Type   string `xml:"type"`
		Folder string `xml:"folder"`
	} `xml:"queries"`
}

type readMetadata struct {
	Type  string   `xml:"type"`
	Names []string `xml:"fullNames"`
}

// fileProperties is one line of listMetadata, in the order of the WSDL.
type fileProperties struct {
	CreatedByID      string `xml:"createdById"`
	CreatedByName    string `xml:"createdByName"`
	CreatedDate      string `xml:"createdDate"`
	FileName         string `xml:"fileName"`
	FullName         string `xml:"fullName"`
	ID               string `xml:"id"`
	LastModifiedByID string `xml:"lastModifiedById"`
	LastModifiedName string `xml:"lastModifiedByName"`
	LastModifiedDate string `xml:"lastModifiedDate"`
	ManageableState  string `xml:"manageableState,omitempty"`
	NamespacePrefix  string `xml:"namespacePrefix,omitempty"`
	Type             string `xml:"type"`
}

func soapTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func properties(c *component, typ, fileName, fullName string) fileProperties {
	return fileProperties{
		CreatedByID: c.By.ID, CreatedByName: c.By.name(), CreatedDate: soapTime(c.Created),
		FileName: fileName, FullName: fullName, ID: c.ID,
		LastModifiedByID: c.By.ID, LastModifiedName: c.By.name(), LastModifiedDate: soapTime(c.Modified),
		ManageableState: c.manageableState(), NamespacePrefix: c.Namespace, Type: typ,
	}
}

// list answers a flat list over all queries, without end points: those need
// readMetadata.
func (s *Server) list(l *listMetadata) ([]byte, error) {
	switch {
	case len(l.Queries) == 0:
		return nil, badRequest("listMetadata needs at least one query")
	case len(l.Queries) > maxListQueries:
		// The limit is documented, the words of the refusal are not.
		return nil, &fault{"LIMIT_EXCEEDED", "listMetadata takes at most 3 queries per call"}
	}
	var answer struct {
		Result []fileProperties `xml:"result"`
	}
	for _, q := range l.Queries {
		found, ok := s.org.components(q.Type)
		if !ok {
			return nil, &fault{"INVALID_TYPE", "Unknown type:" + q.Type}
		}
		answer.Result = append(answer.Result, found...)
	}
	return write("listMetadataResponse", answer)
}

// components lists the org's components of a type, false for a type that the
// org does not know.
func (o *org) components(typ string) ([]fileProperties, bool) {
	if typ == "Workflow" {
		return o.workflowFiles(), true
	}
	if !knownType(typ) {
		return nil, false
	}
	c := o.choose(func(c *component, t, _ string) bool { return t == typ && o.present(c) })
	var list []fileProperties
	for _, m := range c.messages {
		list = append(list, properties(&m.component, typ, "workflows/"+m.Entity.Name+".workflow", m.fullName()))
	}
	for _, r := range c.rules {
		list = append(list, properties(&r.component, typ, "workflows/"+r.Entity.Name+".workflow", r.fullName()))
	}
	for _, f := range c.flows {
		list = append(list, properties(&f.component, typ, "flows/"+f.Name+".flow", f.Name))
	}
	for _, a := range c.approvals {
		list = append(list, properties(&a.component, typ, "approvalProcesses/"+a.fullName()+".approvalProcess", a.fullName()))
	}
	for _, e := range c.milestones {
		list = append(list, properties(&e.component, typ, "entitlementProcesses/"+e.Name+".entitlementProcess", e.Name))
	}
	return list, true
}

func knownType(typ string) bool {
	return slices.ContainsFunc(metadataTypes, func(t metadataType) bool {
		return t.name == typ || slices.Contains(t.children, typ)
	})
}

// workflowFiles lists the parents of messages and rules. They have neither an
// id nor dates of their own: Salesforce answers 1970 for such types.
func (o *org) workflowFiles() []fileProperties {
	c := o.choose(func(c *component, t, _ string) bool { return o.present(c) })
	objects, _ := workflows(c.messages, c.rules, o.definition)
	var list []fileProperties
	for _, object := range objects {
		never := component{ID: "000000000000000AAA", By: &o.users[0], Created: time.Unix(0, 0), Modified: time.Unix(0, 0)}
		list = append(list, properties(&never, "Workflow", "workflows/"+object+".workflow", object))
	}
	return list
}

// metadataRecord is one record of readMetadata: a definition under its type, or
// nothing for a name that the org does not know.
type metadataRecord struct {
	typ string
	def any
}

// MarshalXML writes an unknown name as an empty record: the WSDL allows that,
// and no nil. Clients must look at fullName before they use a record.
func (r metadataRecord) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	if r.def == nil {
		return e.EncodeElement(struct{}{}, start)
	}
	start.Attr = append(start.Attr, xml.Attr{Name: xml.Name{Local: "xsi:type"}, Value: r.typ})
	return e.EncodeElement(r.def, start)
}

func (s *Server) read(r *readMetadata) ([]byte, error) {
	if len(r.Names) > maxReadNames {
		return nil, &fault{"EXCEEDED_ID_LIMIT", "record limit reached. cannot submit more than 10 records in this operation"}
	}
	var answer struct {
		Result struct {
			Records []metadataRecord `xml:"records"`
		} `xml:"result"`
	}
	find, ok := s.org.finder(r.Type)
	if !ok {
		return nil, &fault{"INVALID_TYPE", "Unknown type:" + r.Type}
	}
	for _, name := range r.Names {
		answer.Result.Records = append(answer.Result.Records, metadataRecord{r.Type, find(name)})
	}
	return write("readMetadataResponse", answer)
}

// finder looks names of one type up. A definition that is not there is nil.
func (o *org) finder(typ string) (find func(name string) any, ok bool) {
	switch typ {
	case "WorkflowOutboundMessage":
		return o.findMessage, true
	case "WorkflowRule", "ApprovalProcess", "Flow", "EntitlementProcess":
		return func(name string) any { return o.findOther(typ, name) }, true
	case "Workflow":
		return o.findWorkflow, true
	}
	// The org has no alerts, tasks and so on.
	return func(string) any { return nil }, knownType(typ)
}

func (o *org) findMessage(name string) any {
	m := o.messageByName[lower(name)]
	if m == nil {
		return nil
	}
	def := o.definition(m)
	def.FullName = m.fullName()
	return def
}

func (o *org) findOther(typ, name string) any {
	c := o.choose(func(c *component, t, n string) bool {
		return t == typ && strings.EqualFold(n, name) && o.present(c)
	})
	switch {
	case len(c.rules) > 0:
		def := c.rules[0].Def
		def.FullName = c.rules[0].fullName()
		return def
	case len(c.approvals) > 0:
		def := c.approvals[0].Def
		def.FullName = c.approvals[0].fullName()
		return def
	case len(c.flows) > 0:
		def := c.flows[0].Def
		def.FullName = c.flows[0].Name
		return def
	case len(c.milestones) > 0:
		def := c.milestones[0].Def
		def.FullName = c.milestones[0].Name
		return def
	}
	return nil
}

func (o *org) findWorkflow(object string) any {
	c := o.choose(func(c *component, _, name string) bool {
		of, _, _ := strings.Cut(name, ".")
		return strings.EqualFold(of, object) && o.present(c)
	})
	objects, byObject := workflows(c.messages, c.rules, o.definition)
	if len(objects) == 0 {
		return nil
	}
	def := *byObject[objects[0]]
	def.FullName = objects[0]
	return def
}

// describeResult is the answer of describeMetadata: the types of which the org
// holds something.
type describeResult struct {
	Result struct {
		Objects []describedObject `xml:"metadataObjects"`
		// An org without a namespace of its own.
		Namespace   string `xml:"organizationNamespace"`
		PartialSave bool   `xml:"partialSaveAllowed"`
		TestsNeeded bool   `xml:"testRequired"`
	} `xml:"result"`
}

type describedObject struct {
	Children  []string `xml:"childXmlNames"`
	Directory string   `xml:"directoryName"`
	InFolder  bool     `xml:"inFolder"`
	MetaFile  bool     `xml:"metaFile"`
	Suffix    string   `xml:"suffix"`
	Name      string   `xml:"xmlName"`
}

func describe() describeResult {
	var d describeResult
	for _, t := range metadataTypes {
		d.Result.Objects = append(d.Result.Objects, describedObject{Children: t.children, Directory: t.folder, Suffix: t.suffix, Name: t.name})
	}
	d.Result.TestsNeeded = true
	return d
}
