package history

import "time"

// Progress is how far the reading of a history is.
type Progress struct {
	// Commits is how many are known so far, Compared how many of them were compared
	// with what was before.
	Commits, Compared int
	// Versions is how many versions of workflow files were read.
	Versions int
}

// often is how often progress is told.
const often = 100 * time.Millisecond

// report tells the progress until the function that it returns is called.
func (r *reading) report(tell func(Progress)) (end func()) {
	if tell == nil {
		return func() {}
	}
	done, told := make(chan struct{}), make(chan struct{})
	now := func() Progress {
		return Progress{int(r.listed.Load()), int(r.compared.Load()), int(r.parsed.Load())}
	}
	go func() {
		defer close(told)
		tick := time.NewTicker(often)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				tell(now())
			case <-done:
				tell(now())
				return
			}
		}
	}()
	return func() { close(done); <-told }
}
