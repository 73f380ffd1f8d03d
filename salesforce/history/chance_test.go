package history

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"sidestep/salesforce"
)

// grown is a commit of a repository that chance grew: what its files say.
type grown struct {
	parents []int
	at      time.Time
	// flags are those of the messages, by "path name"; what is not there does not exist.
	flags map[string]bool
}

var chancePaths = []string{account, accountAPI, "pkg/workflows/Account.workflow", "force-app/workflows/Case.workflow"}

// grow makes a repository with branches, merges, moves and deletions.
func grow(r *repo, dice *rand.Rand) []grown {
	var all []grown
	var stream strings.Builder
	for i := range 40 {
		c := grown{at: salesforce.Cutoff.AddDate(0, 0, dice.IntN(500)-400), flags: map[string]bool{}}
		if i > 0 {
			c.parents = []int{max(0, i-1-dice.IntN(4))}
			for dice.IntN(3) == 0 && len(c.parents) < 3 {
				if p := dice.IntN(i); !slices.Contains(c.parents, p) {
					c.parents = append(c.parents, p)
				}
			}
			// A merge takes one of its parents, and then perhaps something else.
			for k, v := range all[c.parents[dice.IntN(len(c.parents))]].flags {
				c.flags[k] = v
			}
		}
		for range dice.IntN(3) {
			switch key := chancePaths[dice.IntN(len(chancePaths))] + " " + string(rune('A'+dice.IntN(3))); dice.IntN(4) {
			case 0:
				delete(c.flags, key)
			default:
				c.flags[key] = dice.IntN(2) == 0
			}
		}
		all = append(all, c)
		fmt.Fprintf(&stream, "commit refs/heads/b%d\nmark :%d\ncommitter Ann <ann@acme.example> %d +0000\ndata 0\n", i, i+1, c.at.Unix())
		for n, p := range c.parents {
			fmt.Fprintf(&stream, "%s :%d\n", map[bool]string{true: "from", false: "merge"}[n == 0], p+1)
		}
		stream.WriteString("deleteall\n")
		for _, path := range chancePaths {
			if text, ok := c.file(path); ok {
				fmt.Fprintf(&stream, "M 100644 inline %s\ndata %d\n%s\n", path, len(text), text)
			}
		}
	}
	fmt.Fprintf(&stream, "reset refs/heads/main\nfrom :%d\n", len(all))
	r.feed(stream.String(), "fast-import", "--quiet", "--force")
	return all
}

func (c grown) file(path string) (text string, ok bool) {
	var parts []string
	for _, name := range []string{"A", "B", "C"} {
		if flag, there := c.flags[path+" "+name]; there {
			parts = append(parts, message(name, fmt.Sprint(flag), url))
		}
	}
	return workflow(parts...), len(parts) > 0
}

// deciding is what the newest commit from before the cut-off that touched a
// message's file says of it; found out by looking at every commit.
func deciding(all []grown, object, name string) (at time.Time, flag, found bool) {
	for _, c := range all {
		for _, path := range chancePaths {
			flagHere, there := c.flags[path+" "+name]
			text, _ := c.file(path)
			inherited := slices.ContainsFunc(c.parents, func(p int) bool { before, _ := all[p].file(path); return before == text })
			if !there || inherited || !strings.Contains(path, "/"+object+".") || !c.at.Before(salesforce.Cutoff) {
				continue
			}
			if !found || c.at.After(at) || c.at.Equal(at) && flagHere {
				at, flag, found = c.at, flagHere, true
			}
		}
	}
	return at, flag, found
}

// However a history grew, what decides is the newest word from before the cut-off.
func TestChance(t *testing.T) {
	for seed := range uint64(12) {
		r := newRepo(t)
		all := grow(r, rand.New(rand.NewPCG(seed, 7)))
		f := read1(t, r.dir)
		for _, object := range []string{"Account", "Case"} {
			for _, name := range []string{"A", "B", "C"} {
				at, flag, found := deciding(all, object, name)
				var old []salesforce.Message
				for _, m := range f.Messages {
					if m.Key() == object+"."+name && m.At.Before(salesforce.Cutoff) {
						old = append(old, m)
					}
				}
				slices.SortFunc(old, func(a, b salesforce.Message) int {
					return cmp.Or(b.At.Compare(a.At), cmp.Compare(flagWord(b.IncludeSessionID), flagWord(a.IncludeSessionID)))
				})
				switch {
				case found != (len(old) > 0):
					t.Errorf("seed %d: %s.%s found %v, should be %v", seed, object, name, len(old) > 0, found)
				case found && (!old[0].At.Equal(at) || *old[0].IncludeSessionID != flag):
					t.Errorf("seed %d: %s.%s decided by %s %s, should be %s %v", seed, object, name, old[0].At, flagWord(old[0].IncludeSessionID), at, flag)
				}
			}
		}
	}
}
