package salesforce

// ID18 brings a Salesforce id into its 18-character form, in which ids can be
// compared: each group of five characters gets a check character that tells which
// of them are upper case (Salesforce Help, id conversion). What is no id of 15
// characters is returned as it is.
func ID18(id string) string {
	if len(id) != 15 {
		return id
	}
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
	for group := range 3 {
		bits := 0
		for i := range 5 {
			if c := id[group*5+i]; c >= 'A' && c <= 'Z' {
				bits |= 1 << i
			}
		}
		id += digits[bits : bits+1]
	}
	return id
}
