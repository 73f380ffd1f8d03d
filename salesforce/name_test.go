package salesforce

import (
	"strings"
	"testing"
)

func TestAPINames(t *testing.T) {
	for _, good := range []string{"Account", "Invoice__c", "swft__Parcel__c", "Order", "LastModifiedDate", "A1"} {
		if !IsAPIName(good) {
			t.Errorf("%q is refused", good)
		}
	}
	for _, bad := range []string{"", "Account WHERE Id != null", "Account'", "Account--", "Account/../limits", "Account\n", "1st", "_x", "Ac\u200bcount", "Аccount", "Owner.Name", "Account;", strings.Repeat("A", 129)} {
		if IsAPIName(bad) {
			t.Errorf("%q is taken", bad)
		}
	}
}
