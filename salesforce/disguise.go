package salesforce

import "strings"

// Undisguised is the host that a sandbox has made unreachable, as it was before:
// "hooks.example.com" for "maskedhooks.example.com", "invalid.hooks.example.com" and
// "hooks.example.com.invalid". It is "" for a host without such a disguise.
func Undisguised(host string) string {
	for _, prefix := range []string{"invalid.", "masked.", "masked-", "masked_", "masked"} {
		if real, found := strings.CutPrefix(host, prefix); found && strings.Contains(real, ".") {
			return real
		}
	}
	if real, found := strings.CutSuffix(host, ".invalid"); found && strings.Contains(real, ".") {
		return real
	}
	return ""
}

// Usable reports whether the endpoint is one that messages can reach: an address,
// and no disguise.
func (e Endpoint) Usable() bool { return e.Host != NoHost && Undisguised(e.Host) == "" }

// StandsFor finds the production endpoint behind one that can't be reached, among
// those that other sources know for the same message, and then among all others:
// there, the one at the same path of the undisguised host, or any of that host.
// What is found is a guess to be shown, never a fact to go on with.
func (e Endpoint) StandsFor(sameMessage, others []Endpoint) (Endpoint, bool) {
	if e.Usable() {
		return Endpoint{}, false
	}
	for _, o := range sameMessage {
		if o.Usable() {
			return o, true
		}
	}
	host := Undisguised(e.Host)
	if host == "" {
		return Endpoint{}, false
	}
	var best Endpoint
	path := strings.TrimPrefix(e.Key, e.Host)
	for _, o := range others {
		switch {
		case o.Host != host || !o.Usable():
		case strings.TrimPrefix(o.Key, o.Host) == path:
			return o, true
		case best.Host == "":
			best = o
		}
	}
	return best, best.Host != ""
}
