package org

import "sidestep/salesforce"

// id18 is the form in which ids are compared.
func id18(id string) string { return salesforce.ID18(id) }
