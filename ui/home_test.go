package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"sidestep/state"
)

func TestHomeListsSavedWorkFirst(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		w.keep(worked())
		b := newBench(t, w, 100, 30)
		b.sees("2/48")
		b.under("Northwind Traders")
		screen := b.screen()
		if strings.Index(screen, "Northwind Traders") > strings.Index(screen, "Sign in to an org") {
			t.Fatalf("saved work does not come first:\n%s", screen)
		}
	})
}

func TestHomeSaysWhenSavedWorkCannotBeListed(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		w.listErr = hintedError{"the folder cannot be read", "look at its rights"}
		newBench(t, w, 100, 30).sees("the folder cannot be read", "look at its rights", "Sign in to an org")
	})
}

func TestResumeStandsWhereItWas(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onBoard(t, worked(), 100, 30)
		b.keys("/")
		b.text("parcelwise")
		b.keys("enter", "enter")
		b.sees("‹Checklist 2/9›")
		b.close()

		again := newBench(t, b.world, 100, 30)
		again.keys("enter")
		again.sees("‹Checklist 2/9›", "hooks.parcelwise.example/salesforce/shipments")
		again.under("Get an answer and a promised date") // the first step to do
		again.keys("esc")
		again.under("/salesforce/shipments")
	})
}

func TestResumeStandsOnTheBoardWhenTheEndpointWasLeft(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onBoard(t, worked().Stand(vendorKey, act()), 100, 30)
		b.keys("esc")
		b.close()
		again := newBench(t, b.world, 100, 30)
		again.keys("enter")
		again.sees("0 of 6 endpoints finished")
	})
}

func TestHomeLetsGoOfTheWorkForAnotherProgram(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onBoard(t, worked(), 100, 30)
		if !b.world.held[northwind.ID] {
			t.Fatal("the migration on screen is not held")
		}
		b.keys("esc")
		b.sees("Sign in to an org")
		if b.world.held[northwind.ID] {
			t.Fatal("the migration is still held at home")
		}
		b.keys("enter")
		b.sees("0 of 6 endpoints finished")
	})
}

func TestWorkThatSomebodyElseHoldsIsNotOpened(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		w.keep(worked())
		w.held[northwind.ID] = true
		b := newBench(t, w, 100, 30)
		b.keys("enter")
		b.sees("This work is open in another window", "› Leave it")
		b.keys("enter")
		b.sees("› Northwind Traders", "Sign in to an org")
	})
}

func TestDamagedWorkIsOnlyReplacedAfterAQuestion(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		damaged(w)
		b := newBench(t, w, 100, 30)
		b.keys("down", "enter")
		b.sees("This file is damaged", "unexpected end of file", "the damaged file is kept beside it")
		b.under("Leave it as it is")
		b.keys("enter")
		if len(w.restored) > 0 {
			t.Fatal("the good copy was taken without being asked for")
		}
		w.saved["00D000000000002"] = state.New(state.Org{ID: "00D000000000002", Name: "Tailspin Toys"}, act())
		b.keys("enter", "down", "enter")
		b.sees("Tailspin Toys", "0 messages on 0 endpoints")
		if len(w.restored) != 1 {
			t.Fatalf("restored: %v", w.restored)
		}
	})
}

func TestDamagedWorkWithoutACopyIsOnlyExplained(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		damaged(w)
		w.damaged[0].Restorable = false
		b := newBench(t, w, 100, 30)
		b.keys("down", "enter")
		b.sees("The saved file is damaged: unexpected end of file")
		b.lacks("Use the good copy")
	})
}

func TestOpeningFailsWithWordsAndStaysAtHome(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		w.keep(worked())
		w.openErr = errors.New("the disk does not answer")
		b := newBench(t, w, 100, 30)
		b.keys("enter")
		b.sees("the disk does not answer", "Sign in to an org")
		b.lacks("Opening Northwind")
	})
}

func TestHomeQuits(t *testing.T) {
	play(t, func(t *testing.T) {
		b := newBench(t, newWorld(), 100, 30)
		b.keys("G", "enter")
		if !b.quit {
			t.Fatalf("Quit does not quit:\n%s", b.screen())
		}
	})
}

func TestALongListOfSavedWorkIsScrolled(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		for i := range 100 {
			id := fmt.Sprintf("00D%012d", i)
			w.keep(state.New(state.Org{ID: id, Name: fmt.Sprintf("Org %03d", i)}, act()))
		}
		b := newBench(t, w, 80, 24)
		for i := range 100 {
			b.under(fmt.Sprintf("Org %03d", i))
			b.keys("down")
		}
		b.under("Sign in to an org")
		b.keys("G")
		b.under("Quit")
		b.keys("g")
		b.under("Org 000")
		b.sees("Find the outbound messages")
		b.keys("up", "up", "up", "up", "up", "enter")
		b.sees("0 messages on 0 endpoints")
		b.sees("Org 099")
	})
}

func TestTheDemoStartsFromHomeAndKeepsItsWorkApart(t *testing.T) {
	play(t, func(t *testing.T) {
		w, apart := newWorld(), newWorld()
		w.keep(worked())
		inDemo(w)
		demo := w.demo
		w.demo = nil
		w.startDemo = func(context.Context) (Demo, Work, error) { return demo, apart, nil }
		b := newBench(t, w, 100, 30)
		b.keys("G", "up", "up")
		b.under("Try the demo")
		b.keys("enter")
		b.under("Sign in to the demo org")
		b.lacks("Northwind Traders", "Starting the demo")
		b.keys("enter", "enter")
		b.sees("7 messages on 6 endpoints", "press a to add it")
		if _, there := apart.saved[northwind.ID]; !there || w.saved[northwind.ID].Seq != worked().Seq {
			t.Fatal("the demo's work is not kept apart")
		}
	})
}

func TestADemoThatDoesNotStartSaysSo(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		w.startDemo = func(context.Context) (Demo, Work, error) { return nil, nil, errors.New("no port is free") }
		b := newBench(t, w, 100, 30)
		b.keys("down", "down", "enter")
		b.sees("no port is free", "Sign in to an org")
		b.lacks("Starting the demo")
	})
}

func TestAnImpatientSecondEnterOpensNothingTwice(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		w.keep(worked())
		b := newBench(t, w, 100, 30)
		_, first := b.model.Update(keyPress("enter"))
		_, second := b.model.Update(keyPress("enter"))
		b.run(second)
		b.run(first)
		b.sees("0 of 6 endpoints finished")
		b.lacks("this work is open in")
	})
}
