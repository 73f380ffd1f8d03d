// Package probe asks an endpoint the one question that counts: does it take an
// outbound message as Salesforce sends it now, without a session id?
//
// It sends one notification about a record that does not exist and reads the
// answer as strictly as the WSDL of outbound messages is written. Status and
// content type alone prove nothing: only an Ack does.
//
// It promises that nothing leaves this computer before Send; that a host name is
// looked up once and the address that was checked is the one that is dialled,
// without a proxy; that addresses inside a network are refused unless the caller
// says otherwise; that redirects are reported and not followed; that no token is
// sent; and that every try ends: by an answer, by a limit, or as soon as its
// context is cancelled. To ask the person is the caller's part.
package probe
