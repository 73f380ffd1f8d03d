package credentials

import (
	"strings"
	"testing"
)

func TestThreeQuestionsLeadToAFlow(t *testing.T) {
	for _, many := range []bool{false, true} {
		for _, forbidden := range []bool{false, true} {
			for _, keeps := range []bool{false, true} {
				a := Answers{ManyCustomers: many, NoSharedSecret: forbidden, KeepsKeys: keeps}
				want := ClientCredentials
				switch {
				case many:
					want = WebServer
				case forbidden:
					want = JWTBearer
				}
				c := Choose(a)
				if c.Flow != want || c.Reason == "" || len(c.Needs) < 3 {
					t.Errorf("%+v: %+v", a, c)
				}
				if (c.Warning != "") != (want == JWTBearer && !keeps) {
					t.Errorf("%+v warns %q", a, c.Warning)
				}
				all := strings.ToLower(c.Reason + strings.Join(c.Needs, " ") + c.Warning)
				if strings.Contains(all, "password") || strings.Contains(all, "login()") {
					t.Errorf("%+v advises what is being retired: %s", a, all)
				}
			}
		}
	}
}

func TestQuestionsThatNoLongerMatterAreNotAsked(t *testing.T) {
	for _, q := range Questions() {
		needed := Answers{}.Needed(q.ID)
		if want := q.ID != "key"; needed != want || q.Text == "" || q.Why == "" {
			t.Errorf("%s needed: %t", q.ID, needed)
		}
		if (Answers{ManyCustomers: true}).Needed(q.ID) != (q.ID == "customers") {
			t.Errorf("%s after many customers", q.ID)
		}
	}
	if !(Answers{NoSharedSecret: true}).Needed("key") {
		t.Error("the key matters where no secret may be shared")
	}
	if len(Questions()) != 3 {
		t.Error("there are not three questions")
	}
}
