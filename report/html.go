package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"net/url"

	"sidestep/salesforce"
	"sidestep/visible"
)

const style = `
:root{color-scheme:light dark;--line:#8884;--muted:#777}
body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.15rem;margin:2.2rem 0 .6rem;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;margin:.6rem 0}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
th{font-weight:600;color:var(--muted)}td.n,th.n{text-align:right;white-space:nowrap}
code{font:13px/1.4 ui-monospace,monospace}h2 code{font-size:inherit}
.banner{border:2px solid #b00;padding:.5rem .8rem;font-weight:600}
.muted{color:var(--muted)}
.open{color:#b00;font-weight:600}.unclear{color:#a60;font-weight:600}.settled{color:#070}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:.4rem 0}dt{color:var(--muted)}dd{margin:0}
section{break-inside:avoid-page}
@media (prefers-color-scheme:dark){.open{color:#f88}.unclear{color:#db8}.settled{color:#8d8}.banner{border-color:#f88}}
@media print{body{font-size:11px;margin:0}details{display:none}}
`

// HTML writes the report as one page that fetches nothing and runs nothing: its
// policy allows its own style alone.
func (r Report) HTML() []byte {
	p := &htmlPage{}
	sum := sha256.Sum256([]byte(style))
	p.add(`<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">`)
	p.add(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'">`, raw(base64.StdEncoding.EncodeToString(sum[:])))
	p.add(`<meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width">`)
	p.add("<title>Outbound messages without a session id: %s</title><style>%s</style></head><body>\n", r.name(), raw(style))
	p.add("<h1>Outbound messages without a session id: %s</h1>\n", r.name())
	if !r.Complete {
		p.add(`<p class="banner">%s</p>`, incomplete)
	}
	p.add(`<p><strong>%s</strong> <span class="muted">As of %s.</span></p><p>%s</p>`, r.standing(), r.At.Format("2006-01-02 15:04 MST"), background)
	p.summary(r)
	p.vendors(r.Vendors)
	for i, e := range r.Endpoints {
		p.endpoint(i+1, e)
	}
	p.origin(r)
	p.add("</body></html>\n")
	return p.Bytes()
}

// htmlPage is a page under way.
type htmlPage struct{ bytes.Buffer }

// raw is HTML of our own; every other text is escaped.
type raw string

// add writes HTML with text in it.
func (p *htmlPage) add(format string, a ...any) {
	for i, v := range a {
		switch v := v.(type) {
		case raw, int:
		default:
			a[i] = html.EscapeString(visible.Line(fmt.Sprint(v)))
		}
	}
	fmt.Fprintf(p, format, a...)
}

func (p *htmlPage) summary(r Report) {
	p.add("\n<table><tr><th>Verdict</th><th class=\"n\">Messages</th><th>Meaning</th></tr>\n")
	for _, v := range verdicts {
		if n := r.Verdicts[v.Verdict]; n > 0 {
			p.add("<tr><td>%s</td><td class=\"n\">%d</td><td>%s</td></tr>\n", verdictHTML(v.Verdict), n, v.means)
		}
	}
	p.add("</table>\n<h2>Endpoints</h2>\n<table><tr><th>Endpoint</th><th>Verdict</th><th>Route</th><th>Whose</th><th class=\"n\">Steps</th><th>Where it stands</th></tr>\n")
	for i, e := range r.Endpoints {
		p.add("<tr><td><a href=\"#e%d\"><code>%s</code></a></td><td>%s</td><td>%s</td><td>%s</td><td class=\"n\">%d of %d</td><td>%s</td></tr>\n",
			i+1, e.URL, verdictHTML(e.Verdict), e.Route.Label(), e.Who(), e.Progress.Done, e.Progress.Of, e.status())
	}
	p.add("</table>\n")
}

// verdictHTML is a verdict: the word says it, the colour repeats it.
func verdictHTML(v salesforce.Verdict) raw {
	class := "open"
	switch {
	case v == salesforce.Unknown:
		class = "unclear"
	case !v.Open():
		class = "settled"
	}
	return raw(fmt.Sprintf(`<span class="%s">%s</span>`, class, html.EscapeString(string(v))))
}

// link leads to a page on the web, and is plain text for anything else.
func link(address, text string) raw {
	text = html.EscapeString(visible.Line(text))
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return raw(text)
	}
	return raw(fmt.Sprintf(`<a href="%s" rel="noreferrer">%s</a>`, html.EscapeString(u.String()), text))
}
