package ui

import (
	"os"
	"testing"
)

func TestLook(t *testing.T) {
	b := onBoard(t, 120, 40)
	b.keys("down")
	os.WriteFile("/tmp/board.ansi", []byte(b.frame()), 0o644)
	b.keys("enter")
	os.WriteFile("/tmp/endpoint.ansi", []byte(b.frame()), 0o644)
	t.Log("\n" + b.screen())
}
