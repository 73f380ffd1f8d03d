package ui

import (
	"strings"
	"testing"
	"time"

	"sidestep/state"
)

// onAnswer is an interface that asks for the vendor's answer.
func onAnswer(t *testing.T, w *world) *bench {
	t.Helper()
	answerAtHand(w)
	b := newBench(t, w, 100, 30)
	b.keys("enter", "m", "v")
	b.sees("What did Parcelwise answer?")
	return b
}

// parcelwise is the vendor as it was saved.
func (b *bench) parcelwise() state.Vendor {
	b.world.mu.Lock()
	defer b.world.mu.Unlock()
	v, _ := b.world.saved[northwind.ID].VendorNamed("Parcelwise")
	return v
}

func TestAnAnswerFromAFileIsKeptWithTheDayThatItNames(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onAnswer(t, newWorld())
		b.text("answer.eml")
		b.keys("enter")
		b.sees("Ida Lund <ida@parcelwise.example>, 20 November 2026", "Re: Session ids", "we call back with the session id", "What they quote of your mail is left out")
		b.lacks("30 November 2026")
		b.under("15 January 2027")
		b.sees("10 December 2026, perhaps", "by early December")
		b.resize(60, 15)
		if l := b.line("› 15 January 2027"); !strings.Contains(l, "…") || strings.Count(l, "15 January 2027") != 2 {
			t.Fatalf("the words of the day are not shown: %s", l)
		}
		b.resize(100, 30)
		b.keys("enter")
		b.sees("The answer of Parcelwise is kept: repair promised by 15 January 2027.", "first mail to the vendor")
		v := b.parcelwise()
		if len(v.Answers) != 1 || v.Promised.Format(time.DateOnly) != "2027-01-15" {
			t.Fatalf("saved: %+v", v)
		}
		b.keys("K", "down", "enter")
		b.sees("reminder", "You named 15 January 2027 as the day of the repair.")
		b.lacks("I have not seen an answer")
		a := v.Answers[0]
		if a.From != "Ida Lund <ida@parcelwise.example>" || a.Subject != "Re: Session ids" || a.At.UTC().Format(time.DateTime) != "2026-11-20 09:00:00" ||
			!strings.HasPrefix(a.Text, "Hello Ann,") || strings.Contains(a.Text, "Please answer") || !a.Promised.Equal(v.Promised) || a.By != "Ann Admin" {
			t.Fatalf("saved: %+v", a)
		}
		b.keys("u")
		b.sees("Undone: the answer")
		if v := b.parcelwise(); len(v.Answers) > 0 || !v.Promised.IsZero() {
			t.Fatalf("one undo leaves %+v", v)
		}
	})
}

func TestAPastedAnswerIsReadAtOnce(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onAnswer(t, newWorld())
		b.paste("Hello,\r\rwe are looking into it.\rIda\r")
		b.sees("the text does not say who wrote it", "we are looking into it.")
		b.under("none")
		b.keys("enter")
		b.sees("is kept, without a promised day")
		if v := b.parcelwise(); len(v.Answers) != 1 || !v.Promised.IsZero() || !v.Answers[0].At.Equal(b.world.now()) || v.Answers[0].From != "" || v.Answers[0].Text != "Hello,\n\nwe are looking into it.\nIda" {
			t.Fatalf("saved: %+v", v)
		}
	})
}

// TestAnAnswerIsTypedLineByLine: some terminals type what is pasted.
func TestAnAnswerIsTypedLineByLine(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onAnswer(t, newWorld())
		b.keys("tab")
		b.text("Done")
		b.keys("enter")
		b.text("by 15.01.2027")
		b.paste(" or\nearlier")
		b.keys("tab")
		b.under("15 January 2027")
		b.keys("enter")
		if v := b.parcelwise(); len(v.Answers) != 1 || v.Answers[0].Text != "Done\nby 15.01.2027 or\nearlier" {
			t.Fatalf("saved: %+v", v)
		}
	})
}

func TestAnotherDayThanThoseOfTheAnswerCanBeChosen(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onAnswer(t, newWorld())
		b.text("answer.eml")
		b.keys("enter", "G", "enter")
		b.sees("Which day do they promise?")
		b.keys("enter")
		b.sees("please enter a day")
		b.text("soon")
		b.keys("enter")
		b.sees("this is not a date")
		b.fill("2027-02-01")
		b.keys("enter")
		b.sees("repair promised by 1 February 2027", "first mail to the vendor")
		if v := b.parcelwise(); v.Promised.Format(time.DateOnly) != "2027-02-01" || len(v.Answers) != 1 {
			t.Fatalf("saved: %+v", v)
		}
	})
}

func TestAnAnswerIsKeptOnlyWithEnter(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onAnswer(t, newWorld())
		b.text("answer.eml")
		b.keys("enter", "esc")
		b.sees("What did Parcelwise answer?", "answer.eml")
		b.keys("esc")
		b.sees("first mail to the vendor")
		if v := b.parcelwise(); len(v.Answers) > 0 {
			t.Fatalf("saved: %+v", v)
		}
	})
}

func TestAnAnswerThatCannotBeReadSaysWhy(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onAnswer(t, newWorld())
		b.text("nowhere.eml")
		b.keys("enter")
		b.sees("there is no file nowhere.eml", "give the path of a saved mail")
		b.fill("answer.eml")
		b.lacks("there is no file")
		b.keys("tab")
		b.paste(" \n \n")
		b.keys("tab")
		b.sees("there is no text in this answer")
	})
}

// TestAnAnswerIsTakenInInTheSmallestWindow: the text has room there, and so has what
// was wrong with a file.
func TestAnAnswerIsTakenInInTheSmallestWindow(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onAnswer(t, newWorld())
		b.resize(minWidth, minHeight)
		b.sees("› File", "Text    or paste the answer here")
		b.text("nowhere.eml")
		b.keys("enter")
		b.sees("there is no file nowhere.eml", "Text ")
	})
}

// TestAnAnswerThatIsStoppedIsNotTakenIn: what comes after Esc is too late, also
// from a disk that does not notice it.
func TestAnAnswerThatIsStoppedIsNotTakenIn(t *testing.T) {
	for _, deaf := range []bool{false, true} {
		play(t, func(t *testing.T) {
			w := newWorld()
			w.reading, w.deaf = make(chan struct{}), deaf
			b := onAnswer(t, w)
			b.text("answer.eml")
			b.keys("enter")
			b.sees("Reading the answer…")
			b.keys("q", "enter")
			b.keys("esc")
			b.sees("What did Parcelwise answer?", "answer.eml")
			b.lacks("Reading")
			close(w.reading)
			b.settle()
			b.lacks("Ida Lund", "canceled")
		})
	}
}

// TestALateAnswerDoesNotReachAnotherVendorsScreen leaves while it is read, and asks
// anew.
func TestALateAnswerDoesNotReachAnotherScreen(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		w.reading, w.deaf = make(chan struct{}), true
		b := onAnswer(t, w)
		b.text("answer.eml")
		b.keys("enter", "esc", "esc", "v")
		b.text("none.txt")
		b.keys("enter")
		close(w.reading)
		b.settle()
		b.sees("We are looking into it.")
		b.lacks("Ida Lund")
	})
}

// TestAnAnswerOf50MBIsReadAtItsBeginning: it is said, and the screen stays whole.
func TestAnAnswerOf50MBIsReadAtItsBeginning(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onAnswer(t, newWorld())
		b.paste("We deliver on 15 January 2027.\n" + strings.Repeat("x", 50<<20))
		b.sees("! The answer is larger than 8 MB; only its beginning was read.", "We deliver on 15 January 2027.")
		fits(t, b)
		b.keys("enter")
		v := b.parcelwise()
		if len(v.Answers) != 1 || len(v.Answers[0].Text) > 300<<10 || v.Promised.Format(time.DateOnly) != "2027-01-15" {
			t.Fatalf("%d answers, promised %v", len(v.Answers), v.Promised)
		}
	})
}

// TestADayOfSendingThatIsStillToComeIsNotBelieved: what is due next counts from it.
func TestADayOfSendingThatIsStillToComeIsNotBelieved(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onAnswer(t, newWorld())
		b.paste("From: ida@parcelwise.example\nDate: Fri, 20 Nov 2099 10:00:00 +0100\n\nWe are looking into it.")
		b.lacks("2099")
		b.keys("enter")
		if a := b.parcelwise().Answers; len(a) != 1 || !a[0].At.Equal(b.world.now()) {
			t.Fatalf("saved: %+v", a)
		}
	})
}

func TestOnlyAVendorAnswers(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		w.keep(worked().ChooseRoute(vendorKey, state.InternalFix, act()).Stand(vendorKey, act()))
		b := newBench(t, w, 140, 30)
		b.keys("enter", "m")
		b.lacks("v answer")
		b.keys("v")
		b.lacks("What did")
	})
}

func TestThePathOfAnAnswerIsCompleted(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		w.found = []string{"mails/", "mails/antwort.eml", "mails/antwort-zwei.txt", "mails/antwort.zip", "mails/\x1b]0;x\a.eml"}
		b := onAnswer(t, w)
		b.text("m")
		b.keys("tab")
		b.sees("mails/")
		b.text("ant")
		b.keys("tab")
		b.sees("› File    mails/antwort", "mails/antwort.eml", "mails/antwort-zwei.txt")
		b.lacks("antwort.zip")
		b.text("-")
		b.lacks("mails/antwort.eml")
		b.keys("tab")
		b.sees("› File    mails/antwort-zwei.txt")
		b.keys("tab")
		b.sees("› Text")
		b.keys("tab") // nothing is typed there: back
		b.sees("› File    mails/antwort-zwei.txt")
		b.fill("mails/")
		b.keys("tab")
		b.sees("mails/antwort.eml")
		isClean(t, b.frame())
		b.fill("nowhere")
		b.keys("tab")
		b.sees("› Text")
	})
}
