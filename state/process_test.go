package state

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// helperEnv makes the test binary play another Sidestep: its value is the part.
const helperEnv = "SIDESTEP_STATE_HELPER"

func TestMain(m *testing.M) {
	part, dir, _ := strings.Cut(os.Getenv(helperEnv), ":")
	var err error
	switch part {
	case "":
		os.Exit(m.Run())
	case "save":
		err = saveForEver(dir)
	case "note":
		err = addOneNote(dir)
	case "hold":
		err = holdUntilEnd(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// helper starts another process that plays a part in a folder.
func helper(t *testing.T, part, dir string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), helperEnv+"="+part+":"+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cmd.StdinPipe(); err != nil { // left open: its end is the end of the test
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

func openForHelper(dir string) (*File, Migration, error) {
	s, err := OpenStore(dir)
	if err != nil {
		return nil, Migration{}, err
	}
	for {
		f, m, err := s.Open(northwind.ID)
		var held *HeldError
		if !errors.As(err, &held) {
			return f, m, err
		}
	}
}

// saveForEver adds notes and tells the sequence number of each save that returned.
func saveForEver(dir string) error {
	f, m, err := openForHelper(dir)
	if err != nil {
		return err
	}
	for {
		m = m.AddNote(ordersKey, strings.Repeat("x", 1000), by(1))
		if err := f.Save(m); err != nil {
			return err
		}
		fmt.Println(m.Seq)
	}
}

func addOneNote(dir string) error {
	f, m, err := openForHelper(dir)
	if err != nil {
		return err
	}
	if err := f.Save(m.AddNote(ordersKey, strconv.Itoa(os.Getpid()), by(1))); err != nil {
		return err
	}
	return f.Close()
}

func holdUntilEnd(dir string) error {
	_, _, err := openForHelper(dir)
	if err != nil {
		return err
	}
	fmt.Println("held")
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

func TestAKilledSaveLeavesOneOfTheVersions(t *testing.T) {
	dir := t.TempDir()
	m := worked(t)
	closeFile(t, create(t, openStore(t, dir), m))
	seq := m.Seq
	for round := range 25 {
		cmd, out := helper(t, "save", dir)
		for range round%4 + 1 {
			if !out.Scan() {
				t.Fatal("the helper stopped by itself")
			}
			n, err := strconv.ParseUint(out.Text(), 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			seq = n
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for out.Scan() { // what it said before it died counts
			if n, err := strconv.ParseUint(out.Text(), 10, 64); err == nil {
				seq = n
			}
		}
		_ = cmd.Wait() // it was killed

		f, got, err := openStore(t, dir).Open(m.ID)
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if got.Seq != seq && got.Seq != seq+1 {
			t.Fatalf("round %d: version %d is there, %d was saved last", round, got.Seq, seq)
		}
		if n := uint64(len(got.Endpoints[ordersKey].Notes)); n-1 != got.Seq-m.Seq {
			t.Fatalf("round %d: version %d has %d notes", round, got.Seq, n)
		}
		noLeftovers(t, dir)
		closeFile(t, f)
	}
}

func TestManyWritersLoseNothing(t *testing.T) {
	const writers = 20
	dir := t.TempDir()
	closeFile(t, create(t, openStore(t, dir), worked(t)))
	want := map[string]bool{}
	var commands []*exec.Cmd
	for range writers {
		cmd, _ := helper(t, "note", dir)
		commands = append(commands, cmd)
		want[strconv.Itoa(cmd.Process.Pid)] = true
	}
	for _, cmd := range commands {
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
	m, err := openStore(t, dir).Peek(northwind.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range m.Endpoints[ordersKey].Notes {
		delete(want, n.Text)
	}
	if len(want) > 0 || m.Seq != worked(t).Seq+writers {
		t.Errorf("lost the notes of %d processes; version %d", len(want), m.Seq)
	}
}

func TestASecondProgramIsToldWhoHoldsTheWork(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	closeFile(t, create(t, s, worked(t)))
	cmd, out := helper(t, "hold", dir)
	if !out.Scan() || out.Text() != "held" {
		t.Fatal("the helper does not hold it")
	}
	pid := strconv.Itoa(cmd.Process.Pid)
	var held *HeldError
	if _, _, err := s.Open(northwind.ID); !errors.As(err, &held) || !strings.Contains(held.By, "process "+pid+" on ") {
		t.Fatalf("opening it gives %v", err)
	}
	if entries, err := s.List(); err != nil || !strings.Contains(entries[0].HeldBy, pid) || entries[0].Err != nil {
		t.Fatalf("listed as %+v, %v", entries, err)
	}
	if _, err := s.Peek(northwind.ID); err != nil {
		t.Errorf("it cannot even be looked at: %v", err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	if entries, err := s.List(); err != nil || entries[0].HeldBy != "" {
		t.Errorf("the dead one still holds it: %+v, %v", entries, err)
	}
	f, _, err := s.Open(northwind.ID)
	if err != nil {
		t.Fatalf("the dead one was not replaced: %v", err)
	}
	closeFile(t, f)
}

func TestTwoStoresInOneProcessExcludeEachOther(t *testing.T) {
	dir := t.TempDir()
	f := create(t, openStore(t, dir), worked(t))
	var held *HeldError
	if _, _, err := openStore(t, dir).Open(northwind.ID); !errors.As(err, &held) {
		t.Fatal(err)
	}
	closeFile(t, f)
	f, _, err := openStore(t, dir).Open(northwind.ID)
	if err != nil {
		t.Fatal(err)
	}
	closeFile(t, f)
}

func TestListingDisturbsNobody(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	closeFile(t, create(t, s, worked(t)))
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if _, err := s.List(); err != nil {
					t.Error(err)
					return
				}
				if m, err := s.Peek(northwind.ID); err != nil || m.ID != northwind.ID {
					t.Error(m.ID, err)
					return
				}
			}
		})
	}
	for range 50 {
		f, m, err := s.Open(northwind.ID)
		if err != nil {
			t.Error(err)
			break
		}
		if err := f.Save(m.AddNote(ordersKey, "x", by(9))); err != nil {
			t.Error(err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	readers.Wait()
}

func TestSavesInTheBackgroundEndWithTheNewest(t *testing.T) {
	s := openStore(t, t.TempDir())
	m := worked(t)
	f := create(t, s, m)
	var saves sync.WaitGroup
	for range 30 {
		m = m.AddNote(ordersKey, "x", by(9))
		version := m
		saves.Go(func() {
			var stale *StaleError
			if err := f.Save(version); err != nil && !errors.As(err, &stale) {
				t.Error(err)
			}
		})
	}
	saves.Wait()
	got, err := s.Peek(m.ID)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, got, m)
}

func TestAnUnfinishedSaveOfTheLivingIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	f := create(t, s, worked(t))
	under := s.path(northwind.ID) + saving + "1"
	dead := s.path("another") + saving + "2"
	for _, path := range []string{under, dead} {
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	openStore(t, dir)
	if _, err := os.Stat(under); err != nil {
		t.Error("the save that is under way was removed")
	}
	if _, err := os.Stat(dead); err == nil {
		t.Error("what a killed save left is still there")
	}
	closeFile(t, f)
	openStore(t, dir)
	noLeftovers(t, dir)
}
