package code

import "strings"

// argument is the place of a token among the arguments of a call.
func (f *file) argument(i int, h *head) (n int) {
	for j := h.at + 1; j < i; j++ {
		if f.around[j] == h && f.tokens[j].text == "," {
			n++
		}
	}
	return n
}

// inClient reports whether a token is within the making of a Salesforce client.
func (f *file) inClient(i int) bool {
	for h := f.around[i]; h != nil && !h.block; h = h.up {
		if clientCall.MatchString(h.call) || headerKeys[h.key] || headerCall.MatchString(h.call) {
			return true
		}
	}
	return false
}

// around_ tells what the calls around a use do with it, from the inside out.
func (f *file) around_(u use, s statement) (Does, *call) {
	if d := f.methodOf(u); d != "" {
		return d, nil
	}
	if u.what == sessionID && f.inHeaderText(u, s) {
		return SetsHeader, nil
	}
	i := u.at
	for h := f.around[i]; h != nil && !h.block; h = h.up {
		key := f.keyIn(i, h)
		if u.what == sessionID && (headerKeys[key] || headerKeys[h.key] || credentialKeys[key] && (f.inClient(i) || strings.HasSuffix(h.call, ".authenticate"))) {
			return SetsHeader, nil
		}
		if u.what != sessionID && f.inClient(i) {
			return SetsAddress, nil
		}
		if h.call != "" && h.open == "(" {
			if d, c := f.given(u, i, h, key); d != "" {
				return d, c
			}
		}
		i = h.at
	}
	return f.command(u, s)
}

// given tells what one call does with its argument; "" if one has to look further
// out.
func (f *file) given(u use, i int, h *head, key string) (Does, *call) {
	last := h.call[strings.LastIndexByte(h.call, '.')+1:]
	root, _, _ := strings.Cut(h.call, ".")
	switch {
	case (conditions[last] || last == "switch") && u.key:
		return "", nil
	case conditions[last] || last == "switch":
		return Compares, nil
	case last == h.call && last != "print" && last != "echo" && keywords[last]:
		return "", nil
	case u.key && reading.MatchString(h.call):
		return "", nil
	case last == "setsessionid" || last == "set_session_id":
		if u.what == sessionID && !messageLike.MatchString(root) && f.mayCall(root) {
			return SetsHeader, nil
		}
		return Stores, nil
	case u.what == sessionID && (headerCall.MatchString(h.call) || tokenSetter.MatchString(last) && tokenTaker.MatchString(root)):
		return SetsHeader, nil
	case u.what == sessionID && namedHeader.MatchString(h.call) && f.namesHeader(h, i):
		return SetsHeader, nil
	case clientCall.MatchString(h.call) && !logCall.MatchString(h.call):
		if u.what == sessionID {
			return SetsHeader, nil
		}
		return SetsAddress, nil
	case emptyCall.MatchString(h.call):
		return Compares, nil
	case logCall.MatchString(h.call):
		return Logs, nil
	case u.what != sessionID && addressCall.MatchString(h.call):
		return SetsAddress, nil
	case f.definedHere(last):
	case compareCall.MatchString(h.call) && u.key:
		return "", nil
	case compareCall.MatchString(h.call) && (!u.key || !reading.MatchString(h.call)):
		return Compares, nil
	case h.made && (last == "uri" || last == "url" || last == "string"), passing.MatchString(h.call) && !h.made:
		return "", nil
	case apart.MatchString(h.call):
		return Forwards, f.started(i, h, key)
	case forwardCall.MatchString(h.call):
		return Forwards, f.maybe(i, h, key)
	case storeCall.MatchString(h.call):
		return Stores, f.maybe(i, h, key)
	case strings.HasPrefix(last, "set") && len(last) > 3:
		if !f.quiet {
			return Stores, nil
		}
		f.bind(f.names, last[3:], u.what, f.tokens[i].line, true)
		f.bind(f.names, "get"+last[3:], u.what, f.tokens[i].line, true)
		return Stores, nil
	}
	return Forwards, f.calling(i, h, key)
}

// command tells what a call without brackets does: puts sid, logger.info "…".
func (f *file) command(u use, s statement) (Does, *call) {
	i := s.from
	if f.tokens[i].text == "@" && i+1 < s.to {
		i++
	}
	first := f.tokens[i]
	if first.kind != word_ || i == u.at {
		return "", nil
	}
	names := strings.ToLower(first.text)
	for i+2 < s.to && f.link(f.tokens[i+1].text) && f.tokens[i+2].kind == word_ {
		names += "." + strings.ToLower(f.tokens[i+2].text)
		i += 2
	}
	if i+1 >= s.to || i >= u.at || f.tokens[i+1].kind == sign && f.tokens[i+1].text != ":" && f.tokens[i+1].text != "[" && f.tokens[i+1].text != "{" && f.tokens[i+1].text != "$" && f.tokens[i+1].text != "@" {
		return "", nil
	}
	if names == "return" || conditions[names] {
		return "", nil
	}
	switch {
	case logCall.MatchString(names):
		return Logs, nil
	case f.lang != ruby && f.lang != perl && f.lang != lua:
		return "", nil
	case keywords[names]:
		return "", nil
	case u.what == sessionID && (headerCall.MatchString(names) || credentialKeys[f.keyIn(u.at, &head{at: i})] && (clientCall.MatchString(names) || strings.HasSuffix(names, "authenticate"))):
		return SetsHeader, nil
	case forwardCall.MatchString(names):
		return Forwards, nil
	}
	return "", nil
}
