package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var monday = time.Date(2026, time.November, 23, 10, 0, 0, 0, time.UTC)

func TestAnAnswerIsReadFromItsFile(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, map[string]string{"Re_ Session ids.eml": "From: Ida Lund <ida@parcelwise.example>\r\nSubject: Re: Session ids\r\n\r\nDone by 15 January 2027.\r\n"})
	path := filepath.Join(dir, "Re_ Session ids.eml")
	ways := []string{path, "'" + path + "'", `"` + path + `"`}
	if os.PathSeparator != '\\' {
		ways = append(ways, strings.ReplaceAll(path, " ", `\ `))
	}
	for _, typed := range ways {
		a, err := Files{}.Answer(context.Background(), typed, monday)
		if err != nil || a.Email != "ida@parcelwise.example" || a.Text != "Done by 15 January 2027." || len(a.Dates) != 1 {
			t.Errorf("%s: %+v, %v", typed, a, err)
		}
	}
}

func TestAnAnswerThatCannotBeReadSaysWhy(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, map[string]string{"mail.msg": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00", "mail.eml": "From: a@b.example\n\nyes"})
	for name, want := range map[string]string{
		"mail.msg": "this is neither a saved mail (.eml) nor text",
		"none.eml": "there is no file ", "": " is no file",
	} {
		_, err := Files{}.Answer(context.Background(), filepath.Join(dir, name), monday)
		var a *Advice
		if err == nil || !strings.Contains(err.Error(), want) || !errors.As(err, &a) || a.Hint() == "" {
			t.Errorf("%q: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := (Files{}).Answer(ctx, filepath.Join(dir, "mail.eml"), monday); !errors.Is(err, context.Canceled) {
		t.Errorf("after a cancel: %v", err)
	}
}

// TestAHugeAnswerIsReadAtItsBeginning: 50 MB, as a mail with a film would be.
func TestAHugeAnswerIsReadAtItsBeginning(t *testing.T) {
	path := filepath.Join(t.TempDir(), "huge.eml")
	f, err := os.Create(path)
	if err == nil {
		_, err = f.WriteString("From: Ida Lund <ida@parcelwise.example>\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nDone by 15 January 2027.\n--b\nContent-Type: video/mp4\n\n")
		err = errors.Join(err, f.Truncate(50<<20), f.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	a, err := Files{}.Answer(context.Background(), path, monday)
	if err != nil || a.Text != "Done by 15 January 2027." || !strings.Contains(strings.Join(a.Notices, " "), "larger than 8 MB") {
		t.Errorf("%q, %q, %v", a.Text, a.Notices, err)
	}
}
