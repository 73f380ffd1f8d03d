package salesforce

import "testing"

func TestID18(t *testing.T) {
	for short, long := range map[string]string{
		"00Dxx0000001gPF": "00Dxx0000001gPFEAY",
		"04k5g000000XyZa": "04k5g000000XyZaAAK",
		"0055g00000AbCdE": "0055g00000AbCdEAAV",
	} {
		if got := ID18(short); got != long {
			t.Errorf("ID18(%q) = %q, want %q", short, got, long)
		}
		if ID18(long) != long {
			t.Errorf("%q changes", long)
		}
	}
	for _, no := range []string{"", "00Dxx0000001gP", "00Dxx0000001gPFE"} {
		if ID18(no) != no {
			t.Errorf("%q is taken for an id", no)
		}
	}
}
