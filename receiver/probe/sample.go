package probe

import (
	"cmp"
	"crypto/rand"
	"math/big"
	"strings"
	"time"

	"sidestep/salesforce"
)

// marker stands in every id that is made up, so that nobody takes one for real
// and logs can be searched for it.
const marker = "Sidestep"

// newID makes a new notification id. It must be a new one each time: a receiver
// drops what it has seen. Four characters of chance follow the marker.
func newID(now time.Time) string {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	const chance = 62 * 62 * 62 * 62
	n := now.UnixNano() % chance
	if random, err := rand.Int(rand.Reader, big.NewInt(chance)); err == nil {
		n = random.Int64()
	}
	tail := make([]byte, 4)
	for i := range tail {
		tail[i] = digits[n%62]
		n /= 62
	}
	return salesforce.ID18("04l" + marker + string(tail))
}

// id makes an id with a prefix that belongs to this notification.
func (n Notification) id(prefix string) string {
	return salesforce.ID18(prefix + marker + n.ID[11:15])
}

// prefixes are the first three characters of the ids of standard objects (Object
// Reference, "ID Field Type"). Custom objects have others in every org.
var prefixes = map[string]string{
	"Account": "001", "Contact": "003", "Lead": "00Q", "Opportunity": "006", "Case": "500", "Order": "801", "Quote": "0Q0",
	"Contract": "800", "Campaign": "701", "Product2": "01t", "Asset": "02i", "Task": "00T", "Event": "00U", "User": "005",
}

func prefixOf(object string) string { return cmp.Or(prefixes[object], "a00") }

// text is the value of text fields.
const text = "Sidestep test"

// texts are standard fields that hold a text, other than those of an address.
var texts = words("Name FirstName LastName Title Subject Description Company Department Industry Type Status StageName Rating " +
	"LeadSource AccountNumber CaseNumber OrderNumber QuoteNumber ContractNumber ProductCode Family NextStep Reason Origin Priority Site")

// numbers are standard fields that hold one.
var numbers = words("Amount AnnualRevenue ExpectedRevenue Probability TotalAmount GrandTotal Subtotal Discount Quantity UnitPrice TotalPrice")

// times and days are standard fields that hold a point in time, or a day.
var (
	times = words("CreatedDate LastModifiedDate SystemModstamp LastViewedDate LastReferencedDate ClosedDate ActivatedDate StartDateTime EndDateTime")
	days  = words("CloseDate Birthdate LastActivityDate ActivityDate ConvertedDate EffectiveDate ExpirationDate EndDate StartDate")
)

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// sample is a value that fits a standard field's type, "" when the type is not
// known: a wrong one would break receivers that real messages do not break.
func (n Notification) sample(field string, now time.Time) string {
	switch {
	case strings.Contains(field, "__"):
		return ""
	case texts[field], isAddress(field):
		return text
	case numbers[field]:
		return "0.0"
	case field == "NumberOfEmployees":
		return "0"
	case times[field]:
		return now.UTC().Format("2006-01-02T15:04:05.000Z")
	case days[field]:
		return now.UTC().Format("2006-01-02")
	case field == "Email":
		return "sidestep-test@example.invalid"
	case strings.HasSuffix(field, "Phone") || field == "Fax":
		return "+1 555 0100"
	case field == "Website":
		return "https://sidestep-test.example.invalid"
	case strings.HasPrefix(field, "Is") || strings.HasPrefix(field, "Has"):
		return "false"
	case strings.HasSuffix(field, "Id"):
		return n.idOf(strings.TrimSuffix(field, "Id"))
	}
	return ""
}

// isAddress reports whether a field is a part of an address, like BillingCity.
func isAddress(field string) bool {
	for _, part := range []string{"Street", "City", "State", "PostalCode", "Country"} {
		if rest, ok := strings.CutSuffix(field, part); ok {
			switch rest {
			case "", "Billing", "Shipping", "Mailing", "Other", "QuoteTo":
				return true
			}
		}
	}
	return false
}

// idOf is the id of a record that a standard field like OwnerId refers to, ""
// where the object can't be told from the name.
func (n Notification) idOf(what string) string {
	switch what {
	case "Owner", "CreatedBy", "LastModifiedBy", "Manager":
		return n.id(prefixes["User"])
	case "Parent", "ReportsTo":
		return n.id(prefixOf(n.Object))
	}
	if prefix, ok := prefixes[what]; ok {
		return n.id(prefix)
	}
	return ""
}
