// Package salesforce knows Salesforce orgs and their metadata: what an outbound
// message is, where it is sent, what fires it, what the evidence says about its
// session id, and what that evidence adds up to.
//
// Everything in this package is a plain value or a pure function. The packages
// below it talk to the world: signin signs in through the browser, org asks an
// org's APIs, files reads folders and zips, metadata parses the XML that both of
// them bring, and demoorg is an org of its own for demonstrations and tests.
// Nothing here knows about checklists or screens.
package salesforce
