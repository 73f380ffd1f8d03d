package demoorg

import (
	"cmp"
	"encoding/base64"
	"slices"
	"strings"
	"sync"
)

// retrieveCall asks for a zip of metadata files. The WSDL calls the parameter
// retrieveRequest; jsforce, and with it the Salesforce CLI, says request, which
// Salesforce takes.
type retrieveCall struct {
	Request      *retrieveRequest `xml:"retrieveRequest"`
	ShortRequest *retrieveRequest `xml:"request"`
}

// retrieveRequest has a singlePackage, too, which changes nothing here: the
// files always lie below unpackaged/.
type retrieveRequest struct {
	PackageNames []string        `xml:"packageNames"`
	Unpackaged   retrievePackage `xml:"unpackaged"`
}

// retrievePackage is a package.xml.
type retrievePackage struct {
	Types   []packageType `xml:"types"`
	Version string        `xml:"version"`
}

type packageType struct {
	Members []string `xml:"members"`
	Name    string   `xml:"name"`
}

type checkRetrieveStatus struct {
	ID         string `xml:"asyncProcessId"`
	IncludeZip *bool  `xml:"includeZip"`
}

// retrieves are the jobs that were asked for.
type retrieves struct {
	mu   sync.Mutex
	made int
	jobs map[string]*retrieveJob
	ids  []string
}

// retrieveJob is built when it is asked for the second time: the first poll
// finds every job still at work.
type retrieveJob struct {
	want    retrieveRequest
	polls   int
	fetched bool
}

// maxJobs bounds the jobs that are remembered; the oldest are forgotten.
const maxJobs = 50

// add remembers a job and names it.
func (r *retrieves) add(want retrieveRequest) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.jobs == nil {
		r.jobs = map[string]*retrieveJob{}
	}
	if len(r.ids) == maxJobs {
		delete(r.jobs, r.ids[0])
		r.ids = r.ids[1:]
	}
	r.made++
	id := newID("09S", 300+r.made)
	r.jobs[id] = &retrieveJob{want: want}
	r.ids = append(r.ids, id)
	return id
}

type asyncResult struct {
	Done  bool   `xml:"done"`
	ID    string `xml:"id"`
	State string `xml:"state"`
}

func (s *Server) retrieve(c *retrieveCall) ([]byte, error) {
	want := cmp.Or(c.Request, c.ShortRequest, &retrieveRequest{})
	if len(want.Unpackaged.Types) == 0 && len(want.PackageNames) == 0 {
		return nil, &fault{"INVALID_CROSS_REFERENCE_KEY", "No package or unpackaged specified"}
	}
	var answer struct {
		Result asyncResult `xml:"result"`
	}
	answer.Result = asyncResult{ID: s.retrieves.add(*want), State: "Queued"}
	return write("retrieveResponse", answer)
}

type retrieveMessage struct {
	FileName string `xml:"fileName"`
	Problem  string `xml:"problem"`
}

// retrieveResult is in the order of the WSDL, which wants a zipFile even while
// there is none.
type retrieveResult struct {
	Done           bool              `xml:"done"`
	FileProperties []fileProperties  `xml:"fileProperties"`
	ID             string            `xml:"id"`
	Messages       []retrieveMessage `xml:"messages"`
	Status         string            `xml:"status"`
	Success        bool              `xml:"success"`
	ZipFile        string            `xml:"zipFile"`
}

// poll looks a job up and counts. The first look finds it still running. With
// fetch a finished job gives its result away and is gone.
func (r *retrieves) poll(id string, fetch bool) (want retrieveRequest, running bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	job := r.jobs[strings.TrimSpace(id)]
	switch {
	case job == nil:
		return want, false, &fault{"INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id"}
	case job.fetched:
		return want, false, &fault{"INVALID_LOCATOR", "Retrieve result has been deleted."}
	}
	job.polls++
	running = job.polls == 1
	job.fetched = fetch && !running
	return job.want, running, nil
}

// checkStatus is the older way to wait for a job, which jsforce still goes.
func (s *Server) checkStatus(c *checkRetrieveStatus) ([]byte, error) {
	_, running, err := s.retrieves.poll(c.ID, false)
	if err != nil {
		return nil, err
	}
	var answer struct {
		Result asyncResult `xml:"result"`
	}
	answer.Result = asyncResult{Done: !running, ID: c.ID, State: "InProgress"}
	if !running {
		answer.Result.State = "Completed"
	}
	return write("checkStatusResponse", answer)
}

// check answers one poll. A zip that was fetched is deleted at once, as in
// Salesforce; so is the right to ask again.
func (s *Server) check(c *checkRetrieveStatus) ([]byte, error) {
	withZip := c.IncludeZip == nil || *c.IncludeZip
	want, running, err := s.retrieves.poll(c.ID, withZip)
	if err != nil {
		return nil, err
	}
	var answer struct {
		Result retrieveResult `xml:"result"`
	}
	answer.Result = retrieveResult{ID: c.ID, Status: "InProgress"}
	if !running {
		if err := s.finish(want, withZip, &answer.Result); err != nil {
			return nil, err
		}
	}
	return write("checkRetrieveStatusResponse", answer)
}

// finish fills in what the job found. Below unpackaged/ lies package.xml and
// the files in Metadata API layout.
func (s *Server) finish(want retrieveRequest, withZip bool, r *retrieveResult) error {
	r.Done, r.Success, r.Status = true, true, "Succeeded"
	for _, name := range want.PackageNames {
		r.Messages = append(r.Messages, retrieveMessage{"package.xml", "No package named '" + name + "' found"})
	}
	chosen, problems := s.org.wanted(want.Unpackaged.Types)
	for _, p := range problems {
		r.Messages = append(r.Messages, retrieveMessage{"unpackaged/package.xml", p})
	}
	files, err := chosen.files("", s.org.definition)
	if err != nil {
		return err
	}
	manifest, err := writeXML("Package", want.Unpackaged)
	if err != nil {
		return err
	}
	files = append(files, file{"package.xml", manifest})
	for i := range files {
		files[i].path = "unpackaged/" + files[i].path
		r.FileProperties = append(r.FileProperties, s.fileProperties(files[i].path))
	}
	if !withZip {
		return nil
	}
	body, err := pack(files, s.o.Now().UTC())
	if err != nil {
		return err
	}
	r.ZipFile = base64.StdEncoding.EncodeToString(body)
	return nil
}

// fileProperties describes a file of the zip, which is a whole and has no
// author but who asked for it.
func (s *Server) fileProperties(path string) fileProperties {
	folder, name, _ := strings.Cut(strings.TrimPrefix(path, "unpackaged/"), "/")
	c := component{By: s.admin(), Created: s.o.Now(), Modified: s.o.Now()}
	for _, t := range metadataTypes {
		if t.folder == folder {
			return properties(&c, t.name, path, strings.TrimSuffix(name, "."+t.suffix))
		}
	}
	return properties(&c, "Package", path, path)
}

// wanted picks what a package.xml names, and says what it names in vain.
func (o *org) wanted(types []packageType) (contents, []string) {
	var problems []string
	ask := map[string]map[string]bool{} // type, lower-case name: found
	for _, t := range types {
		name := strings.TrimSpace(t.Name)
		if !knownType(name) {
			problems = append(problems, "Unknown type name '"+name+"' specified in package.xml")
			continue
		}
		if ask[name] == nil {
			ask[name] = map[string]bool{}
		}
		for _, m := range t.Members {
			ask[name][lower(strings.TrimSpace(m))] = false
		}
	}
	hit := func(typ, name string) bool {
		names := ask[typ]
		found := false
		for _, n := range []string{lower(name), "*"} {
			if _, asked := names[n]; asked {
				names[n], found = true, true
			}
		}
		return found
	}
	c := o.choose(func(c *component, typ, name string) bool {
		if !o.present(c) {
			return false
		}
		found := hit(typ, name)
		if typ == "WorkflowOutboundMessage" || typ == "WorkflowRule" {
			object := name[:strings.IndexByte(name, '.')]
			found = hit("Workflow", object) || found
		}
		return found
	})
	for typ, names := range ask {
		for name, found := range names {
			if !found && name != "*" {
				problems = append(problems, "Entity of type '"+typ+"' named '"+name+"' cannot be found")
			}
		}
	}
	slices.Sort(problems)
	return c, problems
}
