package wsdltest

import (
	"strings"
	"testing"
)

func TestBodyIsADocumentOfItsOwn(t *testing.T) {
	for envelope, want := range map[string]string{
		`<?xml version="1.0"?><s:Envelope xmlns:s="x" xmlns:m="y"><s:Header><m:h/></s:Header><s:Body> <m:list a="1"><m:q/></m:list></s:Body></s:Envelope>`: `<m:list xmlns:m="y" xmlns:s="x" a="1"><m:q/></m:list>`,
		`<Envelope xmlns="x"><Body><list xmlns="y"><a><list/></a></list></Body></Envelope>`:                                                                `<list xmlns="y"><a><list/></a></list>`,
		`<Envelope xmlns="x"><Body xmlns:t="z"><list/></Body></Envelope>`:                                                                                  `<list xmlns="x" xmlns:t="z"/>`,
	} {
		if got, err := Body([]byte(envelope)); err != nil || string(got) != want {
			t.Errorf("%s, %v, want %s", got, err, want)
		}
	}
	for _, none := range []string{"", "<a/>", "<s:Body xmlns:s='x'></s:Body>", "<a"} {
		if got, err := Body([]byte(none)); err == nil {
			t.Errorf("%q has a body: %s", none, got)
		}
	}
}

// The judge judges: what the types don't have is refused, and nothing else is.
func TestFit(t *testing.T) {
	wrong := Fit(t, map[string][]byte{
		"request": []byte(`<m:readMetadata xmlns:m="` + Namespace + `"><m:type>Flow</m:type><m:fullNames>A</m:fullNames></m:readMetadata>`),
		"file":    []byte(`<Workflow xmlns="` + Namespace + `"><rules><fullName>a</fullName><active>true</active><triggerType>onAllChanges</triggerType></rules></Workflow>`),
		"spoilt":  []byte(`<m:readMetadata xmlns:m="` + Namespace + `"><m:madeUp>Flow</m:madeUp></m:readMetadata>`),
		"unknown": []byte(`<m:sing xmlns:m="` + Namespace + `"/>`),
		"broken":  []byte(`<m:readMetadata xmlns:m="` + Namespace + `">`),
	})
	if len(wrong) != 3 || !strings.Contains(wrong["spoilt"], "madeUp") || !strings.Contains(wrong["unknown"], "sing") || wrong["broken"] == "" {
		t.Errorf("wrong: %q", wrong)
	}
}
