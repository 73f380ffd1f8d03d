package app

import (
	"slices"
	"testing"

	"sidestep/salesforce"
	"sidestep/salesforce/demoorg"
	"sidestep/salesforce/signin"
)

// TestCountedRecordsAreFoundInTheirOrg: each line says where, also of an org that was
// only just connected to.
func TestCountedRecordsAreFoundInTheirOrg(t *testing.T) {
	s, err := demoorg.Start(t.Context(), demoorg.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	o, err := Connect(t.Context(), signin.Token{Access: s.Token(), InstanceURL: s.URL(), OrgID: demoorg.OrgID}, signin.Options{Host: s.URL()})
	if err != nil {
		t.Fatal(err)
	}
	c, err := o.CountLost(t.Context(), "Account", salesforce.Cutoff)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"List: " + s.URL() + "/lightning/o/Account/list", "Reports: " + s.URL() + "/lightning/o/Report/home"} {
		if !slices.Contains(c.Details, want) {
			t.Errorf("no line %q in %q", want, c.Details)
		}
	}
}
