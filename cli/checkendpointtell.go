package cli

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"sidestep/receiver/probe"
)

// tellProbe prints what came of it. Without an Ack the command has failed.
func (w World) tellProbe(p probing, r probe.Result) error {
	r.Notes = append(r.Notes, r.Sent.Notes()...)
	if p.message.RetiredAPIVersion() {
		r.Notes = append(r.Notes, fmt.Sprintf("API version %.1f is switched off: a receiver that follows the addresses in the message fails even with a valid token.", p.message.APIVersion))
	}
	if e := p.target.Endpoint(); e.PlainHTTP {
		r.Notes = append(r.Notes, "Plain http: real messages to this address travel unencrypted.")
	}
	var err error
	if p.flags.json {
		err = w.printProbe(p, r)
	} else {
		text := newPage(p.flags.secrets)
		text.answered(p, r)
		err = w.printPage(text)
	}
	if err != nil || r.Acknowledged() {
		return err
	}
	return &trouble{failed, fmt.Errorf("%s did not acknowledge the message: %s", p.target.Endpoint().Host, strings.TrimSuffix(r.Why, ".")), r.Hint()}
}

// probed says what is sent to whom.
func (p *page) probed(c probing) {
	n, e := c.notification, c.target.Endpoint()
	p.line(2, "to            %s", shown(e, p.secrets))
	if e.Unicode != "" {
		p.line(2, "              reads as %s", e.Unicode)
	}
	if e.Trouble != "" {
		p.line(2, "              ! %s", e.Trouble)
	}
	p.line(2, "org           %s %s", n.OrgID, n.Instance)
	message := "made up"
	if c.message.FullName != "" {
		message = c.message.Key()
	}
	p.line(2, "message       %s (%s)", message, n.ActionID)
	again := "new"
	if c.flags.retry != "" {
		again = "sent again"
	}
	p.line(2, "notification  %s, %s", n.ID, again)
	fields := []string{"Id=" + n.RecordID}
	for _, f := range n.Fields {
		fields = append(fields, f.Name+"="+f.Value)
	}
	p.line(2, "record        %s %s", n.Object, strings.Join(fields, ", "))
}

// answered says what came back.
func (p *page) answered(c probing, r probe.Result) {
	p.line(0, "%s", headline(r))
	p.probed(c)
	if r.Address != "" {
		p.line(2, "address       %s", r.Address)
	}
	if r.TLS != nil {
		p.line(2, "certificate   %s, by %s, until %s", r.TLS.Subject, r.TLS.Issuer, day(r.TLS.NotAfter))
	}
	if r.Status != 0 {
		p.line(2, "answer        HTTP %d, %s, after %s", r.Status, cmp.Or(r.ContentType, "no content type"), r.Took.Round(time.Millisecond))
	}
	p.line(2, "reading       %s", r.Why)
	for _, note := range r.Notes {
		p.line(2, "! %s", note)
	}
	p.WriteByte('\n')
	if r.Acknowledged() {
		p.line(0, "%s", probe.AckProves)
	}
	p.line(0, "To send the same notification again: --retry %s", r.Sent.ID)
}

func headline(r probe.Result) string {
	switch {
	case r.Acknowledged():
		return "Acknowledged, without a session id."
	case r.Outcome == probe.Declined:
		return "Not acknowledged: the receiver says no."
	case r.Status != 0:
		return "Not acknowledged: answered, but not as Salesforce expects."
	}
	return "Not acknowledged: there is no answer."
}

type probeJSON struct {
	Schema       string           `json:"schema"`
	At           string           `json:"at"`
	URL          string           `json:"url"`
	Host         string           `json:"host"`
	Acknowledged bool             `json:"acknowledged"`
	Outcome      probe.Outcome    `json:"outcome"`
	Reason       string           `json:"reason"`
	Hint         string           `json:"hint"`
	Sent         sentJSON         `json:"sent"`
	Address      string           `json:"address"`
	Certificate  *certificateJSON `json:"certificate"`
	Status       int              `json:"status"`
	ContentType  string           `json:"contentType"`
	Location     string           `json:"location"`
	Ack          *bool            `json:"ack"`
	Fault        *faultJSON       `json:"fault"`
	Millis       int64            `json:"milliseconds"`
	Notes        []string         `json:"notes"`
}

type sentJSON struct {
	NotificationID string   `json:"notificationId"`
	Message        string   `json:"message"`
	ActionID       string   `json:"actionId"`
	OrgID          string   `json:"orgId"`
	Object         string   `json:"object"`
	RecordID       string   `json:"recordId"`
	Fields         []string `json:"fields"`
	LeftOut        []string `json:"leftOut"`
	Retry          bool     `json:"retry"`
}

type certificateJSON struct {
	Subject  string `json:"subject"`
	Issuer   string `json:"issuer"`
	NotAfter string `json:"notAfter"`
}

type faultJSON struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

func (w World) printProbe(c probing, r probe.Result) error {
	e, n := c.target.Endpoint(), r.Sent
	out := probeJSON{
		Schema: "sidestep.check-endpoint/v1", At: w.Now().UTC().Format(time.RFC3339), URL: shown(e, c.flags.secrets), Host: e.Host,
		Acknowledged: r.Acknowledged(), Outcome: r.Outcome, Reason: r.Why, Hint: r.Hint(),
		Sent: sentJSON{
			NotificationID: n.ID, ActionID: n.ActionID, OrgID: n.OrgID, Object: n.Object, RecordID: n.RecordID,
			Fields: []string{"Id"}, LeftOut: append([]string{}, n.Left...), Retry: c.flags.retry != "",
		},
		Address: r.Address, Status: r.Status, ContentType: r.ContentType, Location: r.Location, Ack: r.Ack,
		Millis: r.Took.Milliseconds(), Notes: append([]string{}, r.Notes...),
	}
	if c.message.FullName != "" {
		out.Sent.Message = c.message.Key()
	}
	for _, f := range n.Fields {
		out.Sent.Fields = append(out.Sent.Fields, f.Name)
	}
	if r.TLS != nil {
		out.Certificate = &certificateJSON{r.TLS.Subject, r.TLS.Issuer, r.TLS.NotAfter.UTC().Format(time.RFC3339)}
	}
	if r.Fault != nil {
		out.Fault = &faultJSON{r.Fault.Code, r.Fault.Text}
	}
	return w.printJSON(out)
}
