package vendors

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"sidestep/visible"
)

// Limits of a file of the user's.
const (
	maxFile    = 256 << 10
	maxEntries = 2000
)

// Problem is an entry of a file that cannot be used. The others stand.
type Problem struct {
	File    string
	Line    int
	Message string
}

func (p Problem) Error() string {
	if p.Line == 0 {
		return p.File + ": " + p.Message
	}
	return p.File + ":" + strconv.Itoa(p.Line) + ": " + p.Message
}

// With is the directory with the entries of a file of the user's before its own.
// An entry with a known name takes that one's place. Of such an entry no source is
// asked: the user knows it. name is how problems call the file.
func (d Directory) With(name string, r io.Reader) (Directory, []Problem) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return d, []Problem{{File: name, Message: visible.Line(err.Error())}}
	}
	if len(data) > maxFile {
		return d, []Problem{{File: name, Message: fmt.Sprintf("it is larger than %d KB", maxFile>>10)}}
	}
	own, problems := parse(name, data)
	for i := range own {
		own[i].Own = true
	}
	for _, v := range d.vendors {
		if !slices.ContainsFunc(own, func(o Vendor) bool { return strings.EqualFold(o.Name, v.Name) }) {
			own = append(own, v)
		}
	}
	return Directory{own}, problems
}

var yamlLine = regexp.MustCompile(`line (\d+): ?`)

// parse reads and checks entries one by one, so that a wrong one does not take the
// others with it.
func parse(name string, data []byte) ([]Vendor, []Problem) {
	if !utf8.Valid(data) {
		return nil, []Problem{{File: name, Message: "save it as UTF-8"}}
	}
	var nodes []yaml.Node
	if err := yaml.Unmarshal(data, &nodes); err != nil {
		return nil, []Problem{problemOf(name, 0, err)}
	}
	if len(nodes) > maxEntries {
		return nil, []Problem{{File: name, Message: fmt.Sprintf("it has more than %d entries", maxEntries)}}
	}
	var out []Vendor
	var problems []Problem
	for i := range nodes {
		v, err := decode(&nodes[i])
		if err == nil {
			err = v.check()
		}
		if err == nil && slices.ContainsFunc(out, func(o Vendor) bool { return strings.EqualFold(o.Name, v.Name) }) {
			err = fmt.Errorf("%s stands here twice", v.Name)
		}
		if err != nil {
			problems = append(problems, problemOf(name, nodes[i].Line, err))
			continue
		}
		out = append(out, v)
	}
	return out, problems
}

// decode reads an entry strictly: an unknown field is a mistyped one.
func decode(n *yaml.Node) (Vendor, error) {
	var v Vendor
	if n.Kind != yaml.MappingNode {
		return v, errors.New("this is no entry: it begins with name")
	}
	// A node decodes leniently; its text does not. Aliases would multiply there.
	if hasAlias(n) {
		return v, errors.New("references (& and *) are not read here")
	}
	text, err := yaml.Marshal(n)
	if err != nil {
		return v, err
	}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(&v); err != nil {
		return v, errors.New(yamlLine.ReplaceAllString(err.Error(), ""))
	}
	v.clean()
	return v, nil
}

func hasAlias(n *yaml.Node) bool {
	return n.Kind == yaml.AliasNode || slices.ContainsFunc(n.Content, hasAlias)
}

func problemOf(name string, line int, err error) Problem {
	text := strings.Join(strings.Fields(strings.ReplaceAll(err.Error(), "yaml: unmarshal errors:", "")), " ")
	text = strings.TrimPrefix(text, "yaml: ")
	if m := yamlLine.FindStringSubmatch(text); m != nil && line == 0 {
		line, _ = strconv.Atoi(m[1])
		text = strings.Replace(text, m[0], "", 1)
	}
	text = strings.ReplaceAll(text, " in type vendors.Vendor", "")
	return Problem{File: name, Line: line, Message: visible.Line(text)}
}

// clean makes all text safe to show and hosts comparable.
func (v *Vendor) clean() {
	v.Name = visible.Line(strings.TrimSpace(v.Name))
	for _, list := range [][]string{v.Packages, v.Names, v.Made, v.Facts, v.Steps, v.Sources} {
		for i, s := range list {
			list[i] = visible.Line(strings.TrimSpace(s))
		}
	}
	for i, h := range v.Hosts {
		v.Hosts[i] = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(h), "*."))
	}
	if v.Serves == "" {
		v.Serves = One
	}
}

func (v Vendor) check() error {
	if v.Name == "" {
		return errors.New("it has no name")
	}
	if v.Serves != One && v.Serves != Many {
		return fmt.Errorf("serves is one or many, not %q", string(v.Serves))
	}
	if len(v.Hosts)+len(v.Packages)+len(v.Names)+len(v.Made) == 0 {
		return fmt.Errorf("%s can be told by nothing: give hosts, packages, names or made", v.Name)
	}
	for _, h := range v.Hosts {
		if !validHost(h, true) {
			return fmt.Errorf("%q is no domain of at least two labels, such as vendor.example", visible.Line(h))
		}
	}
	for _, s := range v.Sources {
		if u, err := url.Parse(s); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return fmt.Errorf("the source %q is no web address", s)
		}
	}
	for _, list := range [][]string{v.Packages, v.Names, v.Made, v.Facts, v.Steps} {
		if slices.Contains(list, "") {
			return errors.New("it has an empty line in a list")
		}
	}
	return nil
}

// validHost reports whether s is a host name of at least two labels. In a pattern
// a label may be "*", but not the last two: that would be half of the internet.
func validHost(s string, pattern bool) bool {
	labels := strings.Split(s, ".")
	if len(labels) < 2 || len(s) > 253 {
		return false
	}
	for i, l := range labels {
		if pattern && l == "*" && i < len(labels)-2 {
			continue
		}
		if l == "" || len(l) > 63 || strings.Trim(l, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return false
		}
	}
	return true
}
