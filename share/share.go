// Package share gives work out to all processors.
package share

import "golang.org/x/sync/errgroup"

// Out calls do for every index below n, for so many neighbours in one go: one alone
// is often too little to be worth handing over. It returns when all are done. What do
// changes may belong to its own index only.
func Out(n, neighbours int, do func(i int)) {
	if n <= neighbours {
		each(0, n, do)
		return
	}
	var group errgroup.Group
	for from := 0; from < n; from += neighbours {
		group.Go(func() error {
			each(from, min(from+neighbours, n), do)
			return nil
		})
	}
	_ = group.Wait() // none of them fails
}

func each(from, to int, do func(i int)) {
	for i := from; i < to; i++ {
		do(i)
	}
}
