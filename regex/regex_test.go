package regex

import (
	"slices"
	"sync"
	"testing"
)

func TestARegexIsCompiledAtItsFirstUse(t *testing.T) {
	bad := New(`(`) // would have panicked here
	defer func() {
		if recover() == nil {
			t.Error("a text that is no regular expression was taken")
		}
	}()
	if !slices.Contains(All(), bad) || bad.String() != "(" {
		t.Error("it is not among all of them")
	}
	bad.MatchString("(")
}

func TestARegexMatchesForSeveralAtATime(t *testing.T) {
	year := New(`(\d{4})-(\d\d)`)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if !year.MatchString("on 2026-02-23") || !slices.Equal(year.FindStringSubmatch("on 2026-02-23"), []string{"2026-02", "2026", "02"}) || !slices.Equal(year.FindStringIndex("on 2026-02-23"), []int{3, 10}) {
				t.Error("it does not match")
			}
		})
	}
	all.Wait()
	if got := year.FindAllStringSubmatchIndex("2026-02 2027-03", -1); len(got) != 2 || got[1][0] != 8 {
		t.Errorf("found %v", got)
	}
}
