package state

import (
	"bytes"
	"embed"
	"fmt"
	"slices"
	"sync"

	"go.yaml.in/yaml/v3"
)

// SetupPage is a page of Salesforce Setup that a step leads to.
type SetupPage struct {
	// Label is the way to the page as Setup words it, e.g. "Setup → Outbound Messages".
	Label string `yaml:"label"`
	// Path is appended to the org's base URL.
	Path string `yaml:"path"`
}

// Guide is help that a step has beside its text.
type Guide string

// The guides: questions that lead to an OAuth flow, the metadata files of an app, and
// receivers to begin with.
const (
	GuideFlow    Guide = "flow"
	GuideApp     Guide = "app"
	GuideRecipes Guide = "recipes"
)

// Entered is something that the admin enters and that a step waits for.
type Entered string

// The entries.
const (
	// EnterContact is the vendor with somebody to write to.
	EnterContact Entered = "contact"
	// EnterAnswer is the vendor's answer with the day that it promises.
	EnterAnswer Entered = "answer"
)

// SetupPages are the pages of a step, the most useful first. In YAML a single one
// needs no list.
type SetupPages []SetupPage

// UnmarshalYAML reads one page or a list of them.
func (p *SetupPages) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.MappingNode {
		var one SetupPage
		if err := node.Decode(&one); err != nil {
			return err
		}
		*p = SetupPages{one}
		return nil
	}
	var several []SetupPage
	if err := node.Decode(&several); err != nil {
		return err
	}
	*p = several
	return nil
}

// Step is one line of a checklist. The texts live in checklists/*.yaml.
type Step struct {
	ID    string `yaml:"id"`
	Title string `yaml:"title"`
	// Why says in a few sentences why the step matters.
	Why string `yaml:"why"`
	// Do is what to do, one action a line.
	Do    []string   `yaml:"do"`
	Setup SetupPages `yaml:"setup"`
	// Done says how one recognises that the step is done.
	Done string `yaml:"done"`
	// Receivers limits the step to receiver classes; none means all of them.
	Receivers []Receiver `yaml:"receivers"`
	// Acks limits the step to receivers that acknowledge in that order; none means
	// all of them.
	Acks []Acks `yaml:"acks"`
	// Guide names what the program can help with at this step, "" for nothing.
	Guide Guide `yaml:"guide"`
	// Check names what the program can check itself for this step, "" for nothing.
	Check CheckKind `yaml:"check"`
	// SettledBy names what settles the step when it is entered, "" for nothing.
	SettledBy Entered `yaml:"settled-by"`
	// Mail names the draft that belongs to the step ("first"), "" for none.
	Mail string `yaml:"mail"`
}

// SignOff is the id of the step that ends every checklist.
const SignOff = "sign-off"

//go:embed checklists/*.yaml
var checklistFiles embed.FS

type checklistKey struct {
	route    Route
	receiver Receiver
	acks     Acks
}

// checklists holds every checklist that exists. It is read when the first one is
// asked for, so that a command that needs none does not pay for it.
var checklists = sync.OnceValue(func() map[checklistKey][]Step {
	all := map[checklistKey][]Step{}
	for _, r := range Routes {
		steps, err := readChecklist(r)
		if err != nil {
			panic(err) // the files are part of the program, and a test reads them all
		}
		for _, c := range Receivers {
			for _, a := range AckOrders {
				all[checklistKey{r, c, a}] = stepsFor(steps, c, a)
			}
		}
	}
	return all
})

// Checklist returns the steps of a route for a receiver class of which nothing
// more is known, in order; none before a route is chosen. The steps are shared by
// all callers: read only.
func Checklist(r Route, c Receiver) []Step {
	return checklists()[checklistKey{r, c, AcksUnknown}]
}

// Checklist returns the steps of a route for this endpoint: the route that is
// chosen, or one that is proposed.
func (e Endpoint) Checklist(r Route) []Step {
	acks := e.Acks
	if e.Receiver != CallsBack {
		acks = AcksUnknown
	}
	return checklists()[checklistKey{r, e.Receiver, acks}]
}

func readChecklist(r Route) ([]Step, error) {
	name := "checklists/" + string(r) + ".yaml"
	text, err := checklistFiles.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var steps []Step
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(&steps); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return steps, nil
}

func stepsFor(steps []Step, c Receiver, a Acks) []Step {
	var out []Step
	for _, s := range steps {
		if (len(s.Receivers) == 0 || slices.Contains(s.Receivers, c)) && (len(s.Acks) == 0 || slices.Contains(s.Acks, a)) {
			out = append(out, s)
		}
	}
	return slices.Clip(out)
}
