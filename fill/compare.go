package fill

import (
	"cmp"
	"errors"
	"reflect"
)

var errUnlike = errors.New("incompatible types for comparison")

// equalsAny is "eq": the first is one of the others.
func equalsAny(first reflect.Value, others ...reflect.Value) (bool, error) {
	if len(others) == 0 {
		return false, errors.New("it needs something to compare with")
	}
	first = indirectOnce(first)
	for _, o := range others {
		same, err := equals(first, indirectOnce(o))
		if err != nil || same {
			return same, err
		}
	}
	return false, nil
}

func differs(a, b reflect.Value) (bool, error) {
	same, err := equals(indirectOnce(a), indirectOnce(b))
	return !same, err
}

func equals(a, b reflect.Value) (bool, error) {
	switch {
	case !a.IsValid() || !b.IsValid():
		return a.IsValid() == b.IsValid(), nil
	case a.CanInt() && b.CanInt(), a.Kind() == reflect.String && b.Kind() == reflect.String:
		n, err := order(a, b)
		return n == 0, err
	case a.Kind() == reflect.Bool && b.Kind() == reflect.Bool:
		return a.Bool() == b.Bool(), nil
	case a.Type() == b.Type() && a.Comparable() && b.Comparable():
		return a.Equal(b), nil
	}
	return false, errUnlike
}

// order is negative where a comes before b.
func order(a, b reflect.Value) (int, error) {
	a, b = indirectOnce(a), indirectOnce(b)
	switch {
	case !a.IsValid() || !b.IsValid():
	case a.CanInt() && b.CanInt():
		return cmp.Compare(a.Int(), b.Int()), nil
	case a.Kind() == reflect.String && b.Kind() == reflect.String:
		return cmp.Compare(a.String(), b.String()), nil
	}
	return 0, errUnlike
}
