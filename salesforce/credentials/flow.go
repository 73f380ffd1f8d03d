package credentials

// Flow is a way in which a receiver signs in by itself.
type Flow string

// The flows that can be advised. The username-password flow and the SOAP call
// login() are not among them: Salesforce is retiring both (knowledge articles
// 000886201 and 005132110).
const (
	ClientCredentials Flow = "client-credentials"
	JWTBearer         Flow = "jwt"
	WebServer         Flow = "web-server"
)

// Name is what Salesforce calls the flow.
func (f Flow) Name() string {
	switch f {
	case ClientCredentials:
		return "client credentials flow"
	case JWTBearer:
		return "JWT bearer flow"
	case WebServer:
		return "web server flow"
	}
	return string(f)
}

// Answers are what has to be known of a receiver before its flow can be chosen;
// the zero value is a receiver of one company for its own org.
type Answers struct {
	// ManyCustomers: the receiver is a product that orgs of other companies
	// connect to, each by the click of one of its own people.
	ManyCustomers bool
	// NoSharedSecret: the security rules forbid a secret that both sides know.
	NoSharedSecret bool
	// KeepsKeys: the receiver can keep a private key to itself and sign with it.
	KeepsKeys bool
}

// Question is one of the three, in the order in which they are asked. An answer
// may make those behind it needless.
type Question struct {
	ID, Text, Why string
}

// Questions are asked of the receiver's owner.
func Questions() []Question {
	return []Question{
		{"customers", "Do other companies connect their orgs to this receiver, too?", "A product with many customers needs the consent of somebody in each org."},
		{"secret", "Do your security rules forbid a secret that the receiver and the org share?", "Client credentials rests on such a secret; JWT bearer does not."},
		{"key", "Can the receiver keep a private key safe, and sign with it?", "JWT bearer signs each request for a token with a key that never leaves the receiver."},
	}
}

// Needed reports whether a question still matters after the answers to those
// before it.
func (a Answers) Needed(id string) bool {
	switch id {
	case "secret":
		return !a.ManyCustomers
	case "key":
		return !a.ManyCustomers && a.NoSharedSecret
	}
	return true
}

// With adds the answer to a question.
func (a Answers) With(id string, yes bool) Answers {
	switch id {
	case "customers":
		a.ManyCustomers = yes
	case "secret":
		a.NoSharedSecret = yes
	case "key":
		a.KeepsKeys = yes
	}
	return a
}

// Choice is a flow with the reason for it, and what it takes.
type Choice struct {
	Flow   Flow
	Reason string
	// Needs are what has to be there, in the order in which it is made.
	Needs []string
	// Warning is what does not fit together, "" where everything does.
	Warning string
}

// Choose chooses the flow (salesforce.md, 6.1).
func Choose(a Answers) Choice {
	switch {
	case a.ManyCustomers:
		return Choice{
			Flow:   WebServer,
			Reason: "Each customer connects an org of their own: one of their people consents in the browser, and the receiver keeps the refresh token of that org.",
			Needs: []string{
				"a packaged External Client App of the vendor, with PKCE",
				"a Connect button that leads to the customer's org",
				"a safe place for one refresh token for each org; a rotated one is stored before it is used",
			},
		}
	case a.NoSharedSecret:
		c := Choice{
			Flow:   JWTBearer,
			Reason: "No secret is shared: the receiver signs each request for a token with a private key that never leaves it, and the org has only the certificate.",
			Needs: []string{
				"a key pair and its certificate, with its last day in somebody's calendar",
				"an External Client App with the certificate, and admin approved users",
				"an integration user who is approved by profile or permission set",
				"the addresses that the receiver comes from inside the user's login IP ranges: this flow always keeps to them",
			},
		}
		if !a.KeepsKeys {
			c.Warning = "This flow needs a private key that is kept safe. A receiver that can keep none can't keep a secret either: ask for a key store first."
		}
		return c
	}
	return Choice{
		Flow:   ClientCredentials,
		Reason: "One receiver, one org, and a secret may be shared: this is the simplest flow between two servers, and it needs no certificate to be renewed.",
		Needs: []string{
			"an External Client App with the flow ticked in Settings and in Policies",
			"an integration user entered under Run As, with the username",
			"the org's own My Domain address: login.salesforce.com does not serve this flow",
			"a safe place for the secret at the receiver",
		},
	}
}
