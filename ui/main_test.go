package ui

import (
	"os"
	"testing"
	"time"
)

// TestMain gives every machine the same clock: the history shows local time.
func TestMain(m *testing.M) {
	time.Local = time.UTC
	os.Exit(m.Run())
}
