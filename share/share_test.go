package share

import "testing"

func TestEachIndexIsDoneOnce(t *testing.T) {
	for _, n := range []int{0, 1, 3, 4, 5, 4000} {
		done := make([]int, n)
		Out(n, 4, func(i int) { done[i]++ })
		for i, times := range done {
			if times != 1 {
				t.Fatalf("of %d, index %d was done %d times", n, i, times)
			}
		}
	}
}
