package demoorg

import (
	"net/http"
	"slices"
)

// queryColumns describes what a statement selects, without running it: the
// answer to columns=true. Salesforce does not document the parameter; the
// Salesforce CLI asks with it after every query and takes the names from it.
type queryColumns struct {
	Columns    []queryColumn `json:"columnMetadata"`
	Entity     string        `json:"entityName"`
	GroupBy    bool          `json:"groupBy"`
	IDSelected bool          `json:"idSelected"`
	KeyPrefix  *string       `json:"keyPrefix"`
}

type queryColumn struct {
	Aggregate  bool          `json:"aggregate"`
	ApexType   string        `json:"apexType"`
	Boolean    bool          `json:"booleanType"`
	Name       string        `json:"columnName"`
	Custom     bool          `json:"custom"`
	Display    string        `json:"displayName"`
	ForeignKey *string       `json:"foreignKeyName"`
	Insertable bool          `json:"insertable"`
	Join       []queryColumn `json:"joinColumns"`
	Number     bool          `json:"numberType"`
	Text       bool          `json:"textType"`
	Updatable  bool          `json:"updatable"`
}

func (r result) described() reply {
	d := queryColumns{Columns: describeColumns(r.fields), Entity: r.table.name}
	d.IDSelected = slices.ContainsFunc(r.fields, func(s steps) bool { return len(s) == 1 && s[0].name == "Id" })
	return reply{http.StatusOK, d}
}

// describeColumns nests what is selected from one parent below that parent.
func describeColumns(fields []steps) []queryColumn {
	list := []queryColumn{}
	parents := map[string]bool{}
	for _, f := range fields {
		c := f[0]
		if len(f) == 1 {
			list = append(list, queryColumn{
				ApexType: apexTypes[c.kind], Boolean: c.kind == kindTruth, Name: c.name, Display: c.name,
				Join: []queryColumn{}, Number: c.kind == kindNumber, Text: c.kind == kindText || c.kind == kindID,
			})
			continue
		}
		if parents[c.name] {
			continue
		}
		parents[c.name] = true
		var below []steps
		for _, g := range fields {
			if len(g) > 1 && g[0] == c {
				below = append(below, g[1:])
			}
		}
		list = append(list, queryColumn{ApexType: c.to.name, Name: c.name, Display: c.name, Join: describeColumns(below)})
	}
	return list
}

var apexTypes = map[columnKind]string{
	kindText: "String", kindID: "Id", kindNumber: "Double", kindTruth: "Boolean", kindTime: "Datetime", kindDocument: "complexvalue",
}
