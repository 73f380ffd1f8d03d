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

// IsID reports whether id is a Salesforce id in either form, with the right check
// characters where it has them.
func IsID(id string) bool {
	for i := range len(id) {
		c := id[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9') {
			return false
		}
	}
	return len(id) == 15 || len(id) == 18 && ID18(id[:15]) == id
}
