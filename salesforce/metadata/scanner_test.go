package metadata

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// events are what a document says, whoever reads it: "<name", ">" or a text.
// Neighbouring texts are one.
type events []string

func (e *events) text(s []byte) {
	if len(s) == 0 {
		return
	}
	if last := len(*e) - 1; last >= 0 && strings.HasPrefix((*e)[last], "=") {
		(*e)[last] += string(s)
		return
	}
	*e = append(*e, "="+string(s))
}

// scanned reads a document with the scanner, quickly where it can.
func scanned(data []byte, quickly bool) (said events, fault string) {
	s := scanner{data: data}
	for {
		t, rest := atEnd, data[s.pos:]
		if quickly {
			t = s.step()
		}
		if t == atEnd {
			t = s.next()
		} else if margin, _, _ := bytes.Cut(rest, []byte("<")); len(margin) > 0 {
			said.text(plain(margin))
		}
		switch t {
		case startTag, leaf:
			name := s.name
			if i := bytes.IndexByte(name, ':'); i > 0 && i < len(name)-1 {
				name = name[i+1:]
			}
			said = append(said, "<"+string(name))
			if t == leaf {
				said.say(&s)
				said = append(said, ">")
			}
		case endTag:
			said = append(said, ">")
		case charData:
			said.say(&s)
		case atEnd:
			if s.fault == "" && s.bare > 0 {
				return said, "an & that begins no reference" // the reader tells it
			}
			return said, s.fault
		}
	}
}

// say adds the text on which a scanner stands.
func (e *events) say(s *scanner) {
	if s.escaped {
		e.text(plain(s.text))
	} else {
		e.text(s.text)
	}
}

// decoded reads it with encoding/xml.
func decoded(data []byte) (said events, err error) {
	dec := xml.NewDecoder(bytes.NewReader(data))
	dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	for {
		t, err := dec.Token()
		if err == io.EOF {
			return said, nil
		}
		if err != nil {
			return said, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			said = append(said, "<"+t.Name.Local)
		case xml.EndElement:
			said = append(said, ">")
		case xml.CharData:
			said.text(t)
		}
	}
}

var (
	// stricter is what the scanner refuses and encoding/xml does not: depth, document
	// types, and references to halves of characters or with dozens of zeros.
	stricter = regexp.MustCompile(`(?is)(<\w+>){90}|<!|&#x0*d[89a-f]..;|&#0*5[567]\d{3};|&#x?0{20}`)
	// laxer are what the scanner accepts: names whose letters outside ASCII it does not
	// look up, and declarations of XML 1.1 or that are none by the rules, which the
	// reader tells.
	laxer = regexp.MustCompile(`invalid XML name|unsupported version`)
)

// agree compares both readers on one document.
func agree(t *testing.T, data []byte) {
	t.Helper()
	if !utf8.Valid(data) || bytes.HasPrefix(data, []byte("\ufeff")) {
		return // decoded before the scanner sees it
	}
	want, err := decoded(data)
	got, fault := scanned(data, false)
	if (err == nil) != (fault == "") {
		if err == nil && stricter.Match(data) || err != nil && laxer.MatchString(err.Error()) {
			return
		}
		t.Fatalf("encoding/xml says %v, the scanner %q, of %q", err, fault, shorten(string(data)))
	}
	if err == nil && !slices.Equal(got, want) {
		t.Fatalf("got  %q\nwant %q", got, want)
	}
	if quick, same := scanned(data, true); !slices.Equal(quick, got) || same != fault {
		t.Fatalf("quickly: %q (%s), strictly: %q (%s)", quick, same, got, fault)
	}
	// To pass over the root is to read it, and to find the same faults in it.
	whole, skipping := scanner{data: data}, scanner{data: data}
	for skipping.next() != atEnd {
		if len(skipping.open) == 1 && !skipping.skip() {
			break
		}
	}
	for whole.next() != atEnd {
	}
	if skipping.fault != whole.fault || skipping.pos != whole.pos || skipping.after != whole.after {
		t.Fatalf("passing over: %q at %d and %d, reading: %q at %d and %d", skipping.fault, skipping.pos, skipping.after, whole.fault, whole.pos, whole.after)
	}
}

// Everything that decides whether a document is well-formed and what it says is
// held against encoding/xml, which the scanner replaces.
func TestScannerAgreesWithEncodingXML(t *testing.T) {
	for _, data := range append(oddDocuments,
		workflow(sendOrder), workflow(sendOrder)[:300], entityBomb, strings.ReplaceAll(workflow(sendOrder), "\n", "\r\n")) {
		agree(t, []byte(data))
		agree(t, []byte(data+strings.Repeat("\n", room))) // else it is too short to be read quickly
	}
}

// TestEachLetterOfANameCounts: names are compared eight bytes at a time.
func TestEachLetterOfANameCounts(t *testing.T) {
	const name = "abcdefghijklmnopqrst"
	for size := 1; size <= len(name); size++ {
		for wrong := range size {
			other := []byte(name[:size])
			other[wrong] = 'z'
			agree(t, fmt.Appendf(nil, "<x><%s>1</%[1]s><%[1]s>1</%s></x>%80s", name[:size], other, ""))
		}
	}
}

var oddDocuments = []string{
	"", " ", "a", "&", "& ", "<", "<>", "< a/>", "</a>", "<a", "<a/", "<a/ >", "<a></a", "<a></a >", "<a></ a>", "<a></b>", "<a></a></a>", "<a/><b/>", "<1/>", "<-a/>", "<a.-1/>",
	"<a:b></a:b>", "<a:b></c:b>", "<a:b:c/>", "<:a></:a>", "<a:></a:>", "<_/>",
	`<a b="c"/>`, `<a b='c'/>`, `<a b=c/>`, `<a b/>`, `<a b = "c" />`, `<a b="c"d="e"/>`, `<a b="<"/>`, `<a b=">"/>`, `<a b="&lt;&#60;"/>`, `<a b="&x;"/>`, `<a b="&`, `<a b="]]>"/>`, `<a b="`, `<a b`, `<a 1="x"/>`, "<a b=\"\x01\"/>", "<a b=\"\r\n\t\"/>", `<a:b c:d="e" xmlns:c="f"/>`, `<a b:c:d="e"/>`,
	"<a>&lt;&gt;&amp;&apos;&quot;</a>", "<a>&#65;&#x41;&#x4a;&#x4A;</a>", "<a>&#X41;</a>", "<a>&#;</a>", "<a>&#x;</a>", "<a>&;</a>", "<a>&</a>", "<a>& </a>", "<a>&amp</a>", "<a>&nbsp;</a>", "<a>&#0;</a>", "<a>&#1;</a>", "<a>&#9;&#10;&#13;</a>", "<a>&#xfffe;</a>", "<a>&#xfffd;</a>", "<a>&#x110000;</a>", "<a>&#x10ffff;</a>", "<a>&#99999999999999999999;</a>", "<a>&#+65;</a>", "<a>&#x-41;</a>", "<a>&#6_5;</a>", "<a>&#000065;</a>", "<a>&LT;</a>",
	"<a>\r\n\r\r\n\n</a>", "<a>&#13;\n</a>", "<a>]]></a>", "<a>]]</a>", "<a>]] ></a>", "<a>></a>", "<a>\x00</a>", "<a>\x1b</a>", "<a>\x7f</a>", "<a>\u0085\u2028</a>", "<a>\ufffe</a>", "<a>\uffff</a>", "<a>\ufffd\uff01</a>", "<a>\ufeff</a>", "<a>\U0001f600</a>",
	"<a><![CDATA[]]></a>", "<a><![CDATA[<b>&amp;]]]]></a>", "<a><![CDATA[\r\n&amp;\r]]></a>", "<a><![CDATA[x", "<a><![CDATA[x]]", "<a><![CDATA[\x01]]></a>", "<a><![cdata[x]]></a>", "<a>b<![CDATA[c]]>d</a>", "<![CDATA[x]]>", "<a><![CDATA",
	"<!-- a --><a/>", "<a><!----></a>", "<a><!-- - --></a>", "<a><!-- -- --></a>", "<a><!-- ---></a>", "<a><!--->--></a>", "<a><!-- <!-- --></a>", "<a><!-- ", "<a><!-- -", "<a><!-- --", "<!-", "<a><!-- \x01 --></a>",
	"<?xml version=\"1.0\"?><a/>", "<?xml version='1.1'?><a/>", "<?xml version=\"1.0\" encoding=\"x\"?><a/>", " <?xml version=\"1.0\"?><a/>", "<?xml?><a/>", "<?xml ?><a/>", "<?x?><a/>", "<?x:y:z?><a/>", "<? x?><a/>", "<??><a/>", "<?x", "<?x?", "<a><?x y='1'?></a>", "<a>b<?x?>c<!-- -->d</a>", "<?xml version=1.1?><a/>", "<?xml version = '1.1'?><a/>", "<?xml standalone='yes'?><a/>", "<?xml version=' '?><a/>",
	// What the scanner passes over quickly, and what it must not.
	"<a>\n    <b>\n            <c>x</c>\n          </b>\n</a>\n", "<a>\r\n  <b>x</b>\r\n</a>", "<a>\n         x <b>x</b>\n        ", "<a>\n        ", "<a>\r\r\n <b></b></a>", "<a>\n \n<b>\n</b>\t<b> \n </b></a>",
	"<a><b>x</c></a>", "<a><b>x</b", "<a><b>x</b ></a>", "<a><b>x</ b></a>", "<a><b>x</bb></a>", "<a><bb>x</b></a>", "<a><b>x<c/></b></a>", "<a><b>x<!-- --></b></a>", "<a><b/>x</b></a>", "<a><b2>x</b2><b-c>x</b-c></a>", "<a><2b>x</2b></a>", "<a><>x</></a>",
	"<a><b><c>&amp;&#65;x&lt;</c></b></a>", "<a><b><c>x&amp</c></b></a>", "<a><b><c>&x;</c></b></a>", "<a><b><c>x]]></c></b></a>", "<a><b><c>x\x01</c></b></a>", "<a><b><c>\ufffe</c></b></a>", "<a><b><c>é &amp; è</c></b></a>", "<a><b><c>x\r\ny</c></b></a>",
	"<a><b><c>x]/c></c></b></a>", "<a><b><c>x<?c></c></b></a>",
	"<a>" + strings.Repeat("<b>", 98) + "<c>x</c>" + strings.Repeat("</b>", 98) + "</a>", "<a>" + strings.Repeat("<b>", 99) + "<c>x</c>" + strings.Repeat("</b>", 99) + "</a>",
	// Names and texts of one byte to more than sixteen, and what ends them in each place.
	"<a><bcdefgh>x</bcdefgh><bcdefghi>x</bcdefghi><bcdefghij>x</bcdefghij><bcdefghijklmnop>x</bcdefghijklmnop><bcdefghijklmnopq>x</bcdefghijklmnopq><bcdefghijklmnopqrstuvw>x</bcdefghijklmnopqrstuvw></a>",
	"<a><bcdefgh>x</bcdefgi></a>", "<a><bcdefghi>x</bcdefghj></a>", "<a><bcdefghijklmno>x</bcdefghijklmnp></a>", "<a><bcdefghijklmnop>x</bcdefghijklmnoq></a>", "<a><bcdefghijklmnopqrst>x</bcdefghijklmnopqrsu></a>", "<a><b>x</bcdefghijklmnop></a>", "<a><bc>x</b></a>",
	"<a><b>1234567</b><b>12345678</b><b>123456789</b><b>1234567&amp;</b><b>12345678&lt;12345678</b><b>1\n2\t3\n</b><b>\u00e9\u00e9\u00e9\u00e9</b></a>",
	"<a><b>1234567\x01</b></a>", "<a><b>12345678\x1f</b></a>", "<a><b>1234\ufffe</b></a>", "<a><b>12345]]></b></a>", "<a><b>12345\r\n67</b></a>", "<a><b>12345&x;67</b></a>",
	"<a><@>x</@></a>", "<a><b[>x</b[></a>", "<a><b`>x</b`></a>", "<a><b{>x</b{></a>", "<a><\u00e9b>x</\u00e9b></a>", "<a><Zz>x</Zz><Az>x</az></a>",
	"<a/>\n<<<<<<< HEAD", "<a>\n=======\n>>>>>>> x</a>", "<a>" + strings.Repeat("<b>", 50) + strings.Repeat("</b>", 50) + "</a>",
}

// The same over real files, where they are.
func TestScannerAgreesOnRealFiles(t *testing.T) {
	n := 0
	for _, name := range []string{"corpus", "corpus-malformed", "decomposed", "reference"} {
		root := filepath.Join("..", "..", "..", "shared", name)
		_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return nil
			}
			if _, ok := At(filepath.ToSlash(path)); !ok && filepath.Ext(path) != ".xml" {
				return nil
			}
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			n++
			agree(t, bytes.TrimPrefix(data, []byte("\ufeff")))
			return nil
		})
	}
	if n == 0 {
		t.Skip("the real files are not here")
	}
	t.Logf("%d files", n)
}

func FuzzScanner(f *testing.F) {
	for _, data := range append(oddDocuments, workflow(sendOrder)) {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		agree(t, data)
		agree(t, append(data, bytes.Repeat([]byte("\n"), room)...))
	})
}
