package metadata

import (
	"strings"
	"testing"
)

// An & by itself stands in the addresses of messages that somebody wrote by hand.
func TestAnAmpersandByItself(t *testing.T) {
	by := func(amp, where string) string {
		return workflow(where + "\n" + strings.Replace(strings.Replace(sendOrder, "Send_order", "A", 1), "</endpointUrl>", amp+"</endpointUrl>", 1) + message("B", "false"))
	}
	for name, c := range map[string]struct {
		data, ending string
		line         int
	}{
		"in an address":      {by("?a=1&b=2&c=&amp;d", ""), "?a=1&b=2&c=&d", 7},
		"a name of HTML":     {by("&nbsp;", ""), "&nbsp;", 7},
		"at the end":         {by("&", ""), "&", 7},
		"somewhere else":     {by("", "<alerts>R & D</alerts>"), "", 2},
		"in an attribute":    {by("", `<alerts x="R & D"/>`), "", 2},
		"not in a section":   {by("<![CDATA[&amp;]]>&<!-- & -->", ""), "&amp;&", 7},
		"no character":       {by("&#0;", ""), "&#0;", 7},
		"without a last one": {by("&amp", ""), "&amp", 7},
		"several":            {by("&", "<alerts>&</alerts><rules>&</rules>"), "&", 2},
		"before a comment":   {by("", "<rules>&<!-- "+message("Hidden", "true")+" --><![CDATA["+message("Hidden", "true")+"]]></rules>"), "", 2},
	} {
		f, err := read(t, account, c.data)
		if err != nil || keys(f) != "A yes, B no" || !strings.HasSuffix(f.Messages[0].EndpointURL, c.ending) {
			t.Errorf("%s: %v, %+v", name, err, f.Messages)
		}
		if len(f.Problems) != 1 || f.Problems[0].Line != c.line || !strings.Contains(f.Problems[0].Msg, "&amp; should stand") || len(f.Problems[0].Msg) > 200 {
			t.Errorf("%s: problems %+v", name, f.Problems)
		}
	}
	// What follows may be a secret.
	for amp, said := range map[string]string{"&nbsp;": " &nbsp;,", "&key=SECRET": " &,", "&SECRET": " &,", "&": " &,"} {
		if f, _ := read(t, account, by(amp, "")); len(f.Problems) != 1 || !strings.Contains(f.Problems[0].Msg, said) || strings.Contains(f.Problems[0].Msg, "SEC") {
			t.Errorf("%s: %+v", amp, f.Problems)
		}
	}
	// Behind a fault too, and beside what is wrong there.
	f, err := read(t, account, by("&", "<alerts>\x01</alerts>"))
	if err == nil || keys(f) != "A yes, B no" || len(f.Problems) != 1 || f.Problems[0].Line != 7 || err.(*SyntaxError).Line != 2 {
		t.Errorf("behind a fault: %v, %s, %+v", err, keys(f), f.Problems)
	}
	// What else is wrong with the document is told as always.
	f, err = read(t, account, by("&", "")[:len(by("&", ""))-len("</Workflow>")-1])
	if err == nil || keys(f) != "A yes, B no" || len(f.Problems) != 1 {
		t.Errorf("cut: %v, %+v", err, f)
	}
}
