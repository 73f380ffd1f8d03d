package ui

import (
	"strings"
	"testing"
)

func TestAReportIsWrittenFromTheBoard(t *testing.T) {
	for keys, ending := range map[string]string{"P enter": ".html", "P down enter": ".md", "P down down enter": ".csv"} {
		play(t, func(t *testing.T) {
			w := newWorld()
			w.keep(worked())
			b := newBench(t, w, 120, 40)
			b.keys(strings.Fields("enter " + keys)...)
			name := "northwind-traders-" + w.now().Format("2006-01-02") + ending
			b.sees("Saved as /drafts/" + name)
			if file := w.drafts[name]; !strings.Contains(file, "hooks.parcelwise.example") {
				t.Errorf("%s: the file reads\n%s", keys, file)
			}
		})
	}
}

func TestAReportThatCannotBeWrittenSaysSo(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		w.keep(worked())
		w.draftErr = errFull
		b := newBench(t, w, 120, 40)
		b.keys("enter", "P", "enter")
		b.sees("no space left on device")
	})
}
