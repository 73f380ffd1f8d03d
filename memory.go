package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// memoryLimit is where the collector begins to work harder: an org may send
// answers of any size, and the program promises to stay below 200 MB.
const memoryLimit = 120 << 20

// limitMemory sets that limit, and raises it where more than four fifths of it is in use
// for good: at the limit the collector would run all the time and free nothing, which
// makes work on a very large org unusable.
func limitMemory() {
	debug.SetMemoryLimit(memoryLimit)
	afterCollection(func() {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		if needed := int64(live[0].Value.Uint64()) * 5 / 4; needed > debug.SetMemoryLimit(-1) {
			debug.SetMemoryLimit(needed)
		}
	})
}

// afterCollection does something after each run of the collector. Only a finalizer is
// told of one.
func afterCollection(do func()) {
	runtime.SetFinalizer(&struct{ _ [16]byte }{}, func(any) {
		do()
		afterCollection(do)
	})
}
