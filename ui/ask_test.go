package ui

import "testing"

// TestTheSameAnswerAgainChangesNothing: there is nothing to undo then, and no line in
// the history.
func TestTheSameAnswerAgainChangesNothing(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 100, 30)
		b.keys("c", "enter", "down", "enter")
		b.sees("acknowledges before it calls back")
		before, undo := b.work().Seq, len(b.root().s.undo)
		b.keys("r", "enter")
		b.keys("c", "enter", "enter")
		b.lacks("╭")
		if b.work().Seq != before || len(b.root().s.undo) != undo {
			t.Errorf("%d changes, %d to undo", b.work().Seq-before, len(b.root().s.undo)-undo)
		}
	})
}

// TestAQuestionSaysWhatEnterDoes in each of its lines, and that a line says more than
// it has room for.
func TestAQuestionSaysWhatEnterDoes(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, minWidth, minHeight)
		b.keys("w", "enter")
		b.sees("enter next field", "a manual, a ticket,…")
		b.lacks("enter accept")
		b.resize(100, 30)
		b.sees("enter next field")
		b.text("I saw it in the manual of the year before last")
		b.sees("I saw it in the manual of the year before last")
		b.resize(minWidth, minHeight)
		b.sees("year before last") // the end, where the cursor is
		b.keys("enter", "enter")
		b.sees("enter accept")
		b.resize(100, 30)
		b.sees("a manual, a ticket, a screenshot; may stay empty", "tab first field")
	})
}
