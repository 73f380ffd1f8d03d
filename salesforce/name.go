package salesforce

import "regexp"

// apiName is the name of an object or a field, perhaps with its namespace and its
// suffix. Salesforce's own names are far shorter than the limit.
var apiName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,127}$`)

// IsAPIName reports whether a text can be the API name of an object or of a field.
// Only such a text may become a part of a query or of an address.
func IsAPIName(s string) bool { return apiName.MatchString(s) }
