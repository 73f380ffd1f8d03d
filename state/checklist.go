package state

// SetupPage is a page of Salesforce Setup that a step leads to.
type SetupPage struct {
	// Label is the way to the page as Setup words it, e.g. "Setup → Outbound Messages".
	Label string `yaml:"label"`
	// Path is appended to the org's base URL.
	Path string `yaml:"path"`
}

// Step is one line of a checklist. The texts live in checklists/*.yaml.
type Step struct {
	ID    string `yaml:"id"`
	Title string `yaml:"title"`
	// Why says in a few sentences why the step matters.
	Why string `yaml:"why"`
	// Do is what to do, one action a line.
	Do    []string   `yaml:"do"`
	Setup *SetupPage `yaml:"setup"`
	// Done says how one recognises that the step is done.
	Done string `yaml:"done"`
	// Receivers limits the step to receiver classes; none means all of them.
	Receivers []Receiver `yaml:"receivers"`
	// Mail names the draft that belongs to the step ("first"), "" for none.
	Mail string `yaml:"mail"`
}

// Checklist returns the steps of a route for a receiver class, in order.
func Checklist(r Route, c Receiver) []Step {
	return nil
}
