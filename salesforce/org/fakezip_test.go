package org

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
)

// packing is how the fake org answers a retrieve. The zero value is an org that
// has its files ready at once, all of them.
type packing struct {
	looks    atomic.Int32 // how often it still says that it is at work
	status   string       // in place of Succeeded
	lacks    string       // the one message that the zip lacks
	adds     string       // a message that the list lacks
	warnings string       // XML
	zip      []byte       // in place of the zip
	refuses  string       // a fault code
}

// answer answers retrieve and checkRetrieveStatus.
func (p *packing) answer(w http.ResponseWriter, body string, names []string) bool {
	switch {
	case p.refuses != "" && strings.Contains(body, "etrieve"):
		fault(w, p.refuses, "the org's words")
	case strings.Contains(body, "<met:retrieve>"):
		fmt.Fprint(w, envelopeOf("<retrieveResponse><result><done>false</done><id>09S5g000000AbCd</id><state>Queued</state></result></retrieveResponse>"))
	case strings.Contains(body, "<met:checkRetrieveStatus>"):
		if p.looks.Add(-1) >= 0 {
			fmt.Fprint(w, checkAnswer(false, "InProgress", "", nil))
			return true
		}
		file := p.zip
		if file == nil {
			file = p.pack(names)
		}
		fmt.Fprint(w, checkAnswer(true, cmp.Or(p.status, "Succeeded"), p.warnings, file))
	default:
		return false
	}
	return true
}

func checkAnswer(done bool, status, warnings string, file []byte) string {
	return envelopeOf(fmt.Sprintf("<checkRetrieveStatusResponse><result><done>%v</done><id>09S5g000000AbCd</id>%s<status>%s</status><success>%v</success><zipFile>%s</zipFile></result></checkRetrieveStatusResponse>",
		done, warnings, status, done, base64.StdEncoding.EncodeToString(file)))
}

// pack makes a zip of the messages, each fired by an active rule of its name.
func (p *packing) pack(names []string) []byte {
	inside := map[string]string{}
	var objects []string
	if p.adds != "" {
		names = append(names[:len(names):len(names)], p.adds)
	}
	for _, name := range names {
		if name == p.lacks {
			continue
		}
		dot := strings.LastIndex(name, ".")
		object, bare := name[:dot], name[dot+1:]
		if inside[object] == "" {
			objects = append(objects, object)
		}
		message := strings.TrimSuffix(strings.TrimPrefix(record(bare, "60.0"), `<records xsi:type="WorkflowOutboundMessage">`), "</records>")
		inside[object] += "<outboundMessages>" + message + "</outboundMessages><rules><fullName>Rule of " + bare +
			"</fullName><actions><name>" + bare + "</name><type>OutboundMessage</type></actions><active>true</active></rules>"
	}
	files := map[string]string{"unpackaged/package.xml": "<Package/>"}
	for _, o := range objects {
		files["unpackaged/workflows/"+o+".workflow"] = `<?xml version="1.0" encoding="UTF-8"?><Workflow xmlns="http://soap.sforce.com/2006/04/metadata">` + inside[o] + "</Workflow>"
	}
	return zipOf(files)
}

func zipOf(files map[string]string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range files {
		f, err := z.Create(name)
		if err == nil {
			_, err = f.Write([]byte(text))
		}
		if err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}
