// Package demoorg is a Salesforce org that lives inside the program: an HTTP
// server that signs people in through a page of its own, hands out opaque
// access tokens, and answers the REST, Tooling and Metadata APIs in the shapes
// that Salesforce documents. The rest of the program talks to it exactly as it
// talks to production, over real connections; nothing leaves this computer.
//
// It promises to be no kinder than Salesforce. PKCE is enforced, redirect
// addresses must match to the letter, codes work once, listMetadata takes three
// queries and readMetadata ten names, a row limit of one guards FullName and
// Metadata, unknown fields are INVALID_FIELD, and a wrong token is refused in
// the way of the API that was asked. Where Salesforce's own answer is not
// documented, the most likely one was chosen and a comment says so.
//
// The org holds the outbound messages of Northwind Traders, a company that does
// not exist, in the state after the cut-off: every flag reads false. A source
// repository of January 2026 belongs to it and still knows the truth. The data
// is written in data.go; generate.go makes larger orgs. Receivers find what they
// call back for: External Client Apps with their flows, a partner API, and records
// of the business objects, which are the one thing that the APIs can change.
package demoorg
