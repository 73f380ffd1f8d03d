package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"

	"sidestep/salesforce/demoorg"
)

// running holds the org of each script, by the script's working folder.
var running sync.Map

func orgOf(ts *testscript.TestScript) *demoorg.Server {
	s, ok := running.Load(ts.Getenv("WORK"))
	if !ok {
		ts.Fatalf("no org was started")
	}
	return s.(*demoorg.Server)
}

// linkThenRest copies words to out, and gives the first line that is a link to
// visit while it goes on.
func linkThenRest(words io.Reader, out io.Writer, visit func(link string)) error {
	visited := make(chan struct{})
	found := false
	lines := bufio.NewScanner(words)
	for lines.Scan() {
		line := lines.Text()
		fmt.Fprintln(out, line)
		if !found && strings.HasPrefix(line, "http") {
			found = true
			go func() {
				defer close(visited)
				visit(line)
			}()
		}
	}
	if !found {
		return fmt.Errorf("no link was printed")
	}
	<-visited
	return lines.Err()
}

// lookUp finds a value in JSON: steps are separated by slashes and are the name
// of a field, the number of an element, # for how many elements there are, or
// name=value for the first element with that field. Values are compared as JSON,
// texts without quotes.
func lookUp(text, path string) (string, error) {
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return "", fmt.Errorf("not JSON: %w", err)
	}
	for step := range strings.SplitSeq(path, "/") {
		next, err := enter(v, step)
		if err != nil {
			return "", fmt.Errorf("%s: %w", path, err)
		}
		v = next
	}
	if s, ok := v.(string); ok {
		return s, nil
	}
	out, err := json.Marshal(v)
	return string(out), err
}

func enter(v any, step string) (any, error) {
	switch v := v.(type) {
	case map[string]any:
		field, ok := v[step]
		if !ok {
			return nil, fmt.Errorf("there is no %q", step)
		}
		return field, nil
	case []any:
		if step == "count" {
			return len(v), nil
		}
		if name, want, ok := strings.Cut(step, "="); ok {
			for _, element := range v {
				if m, ok := element.(map[string]any); ok && m[name] == want {
					return element, nil
				}
			}
			return nil, fmt.Errorf("no element has %s", step)
		}
		i, err := strconv.Atoi(step)
		if err != nil || i < 0 || i >= len(v) {
			return nil, fmt.Errorf("no element %q of %d", step, len(v))
		}
		return v[i], nil
	}
	return nil, fmt.Errorf("%q: neither object nor list", step)
}
