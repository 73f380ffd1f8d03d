package report

import "cmp"

func (p *htmlPage) vendors(all []Vendor) {
	if len(all) == 0 {
		return
	}
	p.add("<h2>Vendors</h2>\n<table><tr><th>Vendor</th><th>Ticket</th><th>Where it stands</th></tr>\n")
	for _, v := range all {
		p.add("<tr><td>%s</td><td>%s</td><td>", v.Name, link(v.TicketLink, cmp.Or(v.Ticket, v.TicketLink)))
		for i, f := range v.facts() {
			if i > 0 {
				p.add("<br>")
			}
			p.add("%s", f)
		}
		p.add("</td></tr>\n")
	}
	p.add("</table>\n")
}

func (p *htmlPage) endpoint(n int, e Endpoint) {
	p.add("<section><h2 id=\"e%d\"><code>%s</code></h2>\n<dl>", n, e.URL)
	p.add("<dt>Verdict</dt><dd>%s</dd>", verdictHTML(e.Verdict))
	for _, f := range e.facts() {
		p.add("<dt>%s</dt><dd>%s</dd>", f[0], f[1])
	}
	p.add("</dl>\n<table><tr><th>Message</th><th>Verdict</th><th>Why</th></tr>\n")
	for _, m := range e.Messages {
		p.add("<tr><td><code>%s</code></td><td>%s</td><td>%s", link(m.SetupURL, m.Key), verdictHTML(m.Verdict), m.Because)
		if m.Dormant {
			p.add("<br>dormant: nothing active fires it")
		}
		if m.Ask != "" {
			p.add("<br>%s", m.Ask)
		}
		p.add("</td></tr>\n")
	}
	p.add("</table></section>\n")
	p.steps(e.Steps)
	p.list("Proved by Sidestep", e.Proofs)
	p.list("Notes", e.notes())
	p.history(e)
}

func (p *htmlPage) steps(all []Step) {
	if len(all) == 0 {
		return
	}
	p.add("<table><tr><th>Step</th><th>State</th><th>Note</th></tr>\n")
	for _, s := range all {
		p.add("<tr><td>%s</td><td>%s</td><td>%s</td></tr>\n", s.Title, s.text(), s.Note)
	}
	p.add("</table>\n")
}

func (p *htmlPage) list(title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	p.add("<p class=\"muted\">%s</p><ul>", title)
	for _, l := range lines {
		p.add("<li>%s</li>", l)
	}
	p.add("</ul>\n")
}

func (p *htmlPage) history(e Endpoint) {
	if len(e.History) == 0 {
		return
	}
	p.add("<details><summary>History</summary><ul>")
	for _, ev := range e.History {
		p.add("<li>%s, %s: %s</li>", day(ev.At), ev.By, ev.What)
	}
	p.add("</ul></details>\n")
}

func (p *htmlPage) origin(r Report) {
	p.list("Read from", r.readFrom())
	p.list("Problems while reading", r.unread())
}
