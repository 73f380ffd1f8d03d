package main

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

func TestTheMemoryLimitFollowsWhatIsInUse(t *testing.T) {
	before := debug.SetMemoryLimit(-1)
	defer debug.SetMemoryLimit(before)
	limitMemory()
	runtime.GC()
	if got := debug.SetMemoryLimit(-1); got != memoryLimit {
		t.Fatalf("with next to nothing in use the limit is %d MB", got>>20)
	}
	large := make([][]byte, 200)
	for i := range large {
		large[i] = make([]byte, 1<<20)
	}
	deadline := time.Now().Add(30 * time.Second)
	for debug.SetMemoryLimit(-1) < 240<<20 { // finalizers run when they get around to it
		if time.Now().After(deadline) {
			t.Fatalf("with 200 MB in use the limit is %d MB", debug.SetMemoryLimit(-1)>>20)
		}
		runtime.GC()
		runtime.Gosched()
	}
	runtime.KeepAlive(large)
}
