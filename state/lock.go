package state

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/gofrs/flock"
)

// hold is the right to change a migration. The operating system gives it, so the
// hold of a killed program is free at once. The lock file stays when nobody holds
// it: removing it would let two programs hold two files of the same name.
type hold struct {
	lock *flock.Flock
	note string
}

// holder is the note that a holder leaves for people. It lies beside the lock,
// since Windows lets nobody read a locked file.
type holder struct {
	PID   int       `json:"pid"`
	Host  string    `json:"host"`
	Since time.Time `json:"since"`
}

func (h holder) String() string {
	if h.PID == 0 {
		return "another program"
	}
	return fmt.Sprintf("process %d on %s, since %s", h.PID, h.Host, h.Since.Local().Format("2 Jan 15:04"))
}

// patience is how long taking a hold waits. It is no wait for another holder, but
// for those who only look whether there is one.
const patience = 200 * time.Millisecond

// takeHold takes the hold of the saved file at path, or returns a *HeldError.
func takeHold(path string) (*hold, error) {
	h := &hold{lock: flock.New(path + ".lock"), note: path + ".holder"}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	switch ok, err := h.lock.TryLockContext(ctx, 5*time.Millisecond); {
	case ok:
	case errors.Is(err, context.DeadlineExceeded):
		return nil, &HeldError{By: readHolder(h.note).String()}
	default:
		return nil, fmt.Errorf("lock saved work: %w", err)
	}
	host, _ := os.Hostname()
	note, err := json.Marshal(holder{PID: os.Getpid(), Host: host, Since: time.Now()})
	if err == nil {
		// A full disk must not keep anybody from reading their work.
		_ = os.WriteFile(h.note, note, 0o600)
	}
	return h, nil
}

// release gives the hold back.
func (h *hold) release() error {
	_ = os.Remove(h.note) // a note without a lock means nothing
	return h.lock.Close()
}

// heldBy says who holds the saved file at path, "" when nobody does.
func heldBy(path string) string {
	note := path + ".holder"
	if _, err := os.Stat(note); err != nil {
		return ""
	}
	lock := flock.New(path+".lock", flock.SetFlag(os.O_RDONLY))
	ok, err := lock.TryRLock()
	if ok || err != nil {
		_ = lock.Close()
		return ""
	}
	return readHolder(note).String()
}

func readHolder(note string) holder {
	var h holder
	data, err := os.ReadFile(note)
	if err != nil || json.Unmarshal(data, &h) != nil {
		return holder{}
	}
	return h
}
