package code

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"sidestep/regex"
)

var (
	schema     = regex.New(`<(?:\w+:)?(definitions|schema|description)\b`)
	behaviour  = regex.New(`<(?:\w+:)?(stylesheet|transform|process|mule|flow|bpel|assign|proxy|Component|route|blueprint|scope)\b`)
	xmlSession = regex.New(`(?i)\bsession_?id\b`)
	xmlURL     = regex.New(`(?i)\b(partner|enterprise)_?url\b`)
	xmlHeader  = regex.New(`(?i)sessionheader|authorization|bearer|x-sfdc-session|<(?:\w+:)?sessionid\b[^>]*>\s*(<(?:\w+:)?value-of|[#$]\[|\{|$)|(sfdc|salesforce):[\w-]*(config|connection|session)[^>]*session|sessionid="#\[`)
	xmlLog     = regex.New(`(?i)<(?:\w+:)?(logger|log|message|trace)\b`)
	xmlCompare = regex.New(`(?i)<(?:\w+:)?(if|when|choose|choice|switch|condition|case|filter|validation\S*)\b|test="|expression="#\[[^"]*(==|!=)|\s(==|!=|eq|ne)\s`)
	xmlStore   = regex.New(`(?i)<(?:\w+:)?(set-property|set-session-variable|store|insert|objectstore:\S*|os:\S*|db:\S*|property|param-value)\b`)
	xmlSend    = regex.New(`(?i)<(?:\w+:)?(jms:\S*|amqp:\S*|http:request\S*|outbound-endpoint|publish|send|vm:\S*|anypoint-mq:\S*|call|invoke|to uri)\b`)
	xmlName    = regex.New(`(?i)\b(?:name|variableName|key|target|propertyName|propertyId|variable)="([\w.]+)"`)
	xmlBind    = regex.New(`(?i)<(?:\w+:)?(variable|param|set-variable|with-param|property|set-property|documentproperty\w*|setvariable|let|enrich|propertyvalue)\b`)
	xmlTo      = regex.New(`(?i)<(?:\w+:)?to\b`)
	xmlFrom    = regex.New(`(?i)<(?:\w+:)?from\b`)
	xmlInto    = regex.New(`(?i)variable="(\w+)"|>\s*\$?(\w+)`)
	xmlBearer  = regex.New(`(?i)sessionheader|authorization|bearer`)
	xmlValue   = regex.New(`(?i)value-of`)
	xmlID      = regex.New(`(?i)<(?:\w+:)?sessionid\b`)
	xmlEmptyID = regex.New(`(?i)^<(?:\w+:)?sessionid\b[^>]*>\s*$`)
	xmlFilled  = regex.New(`<(?:\w+:)?SessionId[^<]*>[^<{$]*</|SessionId xsi:nil`)
	xmlAddress = regex.New(`(?i)(url|address|uri|endpoint|location)="`)
	xmlCaller  = regex.New(`(?i)http:|endpoint|wsc|consumer`)
	xmlComment = regex.New(`(?s)<!--.*?-->`)
)

// isSchema reports whether XML describes messages and does nothing with them.
func isSchema(text string) bool {
	return schema.MatchString(text) && !behaviour.MatchString(text)
}

// recorded reports whether XML is a message itself.
func recorded(text string) bool {
	return strings.Contains(text, "notifications") && xmlFilled.MatchString(text) && !behaviour.MatchString(text)
}

// element_ is an element of XML, without what is in it, or with it where that is
// text only.
var element_ = regex.New(`(?s)<[^<>]{1,1000}>[^<]{0,1000}`)

// lookAtMarkup follows the session id through what is written in XML: stylesheets,
// processes and flows. A copy has its two sides in two elements.
func (f *file) lookAtMarkup() {
	if recorded(f.text) {
		return
	}
	text := xmlComment.Compiled().ReplaceAllStringFunc(f.text, func(s string) string { return strings.Repeat("\n", strings.Count(s, "\n")) })
	text = cdata.Compiled().ReplaceAllStringFunc(text, uncdata)
	property := ""
	names := map[string]string{}
	for round := range 2 {
		line, pos := 1, 0
		parts := element_.Compiled().FindAllStringIndex(text, -1)
		for k, at := range parts {
			line += strings.Count(text[pos:at[0]], "\n")
			pos = at[0]
			part := text[at[0]:at[1]]
			if m := boomiProperty.FindStringSubmatch(part); m != nil {
				property = m[1]
			}
			what := xmlElement(part, names)
			if what == "" {
				continue
			}
			before := ""
			if k > 0 {
				before = text[parts[max(0, k-2)][0]:parts[k-1][1]]
			}
			after := ""
			if k+1 < len(parts) {
				after = text[parts[k+1][0]:parts[min(len(parts)-1, k+2)][1]]
			}
			does, name := judgeMarkup(part, before, after, what)
			if strings.Contains(part, "<profileelement") && property != "" {
				does, name = Stores, property
			}
			if name != "" && element(name) == "" {
				names[strings.ToLower(name)] = what
			}
			if round == 1 && does != "" {
				f.add(line+lead(part), what, does, "")
			}
		}
	}
}

var (
	cdata = regex.New(`(?s)<!\[CDATA\[.*?\]\]>`)
	// boomiProperty is what Boomi sets to a value of its sources, which are below it.
	boomiProperty = regex.New(`<documentproperty\b[^>]*propertyId="(?:\w+\.)*(\w+)"`)
)

// uncdata makes the code of a CDATA section the text of the element around it. Markup
// in it stays as it is.
func uncdata(s string) string {
	s = strings.TrimSuffix(strings.TrimPrefix(s, "<![CDATA["), "]]>")
	if !strings.Contains(s, "</") {
		s = strings.NewReplacer("<", " ", ">", " ").Replace(s)
	}
	return s
}

// lead counts the lines of an element before the session id is named.
func lead(part string) int {
	for _, re := range []*regex.Regex{xmlSession, xmlURL} {
		if at := re.FindStringIndex(part); at != nil {
			return strings.Count(part[:at[0]], "\n")
		}
	}
	return 0
}

// xmlElement is the element of the message that a part names, itself or by a variable
// that holds it; the session id, where it names others as well; "" if it names none.
func xmlElement(part string, names map[string]string) string {
	if xmlSession.MatchString(part) {
		return sessionID
	}
	if m := xmlURL.FindStringSubmatch(part); m != nil {
		return element(m[1] + "Url")
	}
	found := ""
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if found != "" && names[name] != sessionID {
			continue
		}
		if regexp.MustCompile(`(?i)(\$|vars\.|variables?\.|flowVars\.|ctx[:.]|property[(:]|get-property\('|\{|bpws:getVariableData\(')\s*['"]?` + regexp.QuoteMeta(name) + `\b`).MatchString(part) {
			found = names[name]
		}
	}
	return found
}

// judgeMarkup tells what an element does, and the name that it binds.
func judgeMarkup(part, before, after, what string) (Does, string) {
	bare := strings.TrimSpace(part)
	m := xmlName.FindStringSubmatch(part)
	if strings.HasPrefix(bare, "</") {
		return "", ""
	}
	header := xmlHeader.MatchString(part) || xmlValue.MatchString(part) && xmlID.MatchString(before)
	target := xmlTo.MatchString(part)
	switch {
	case target:
		return "", "" // the other side of a copy
	case xmlFrom.MatchString(part) && xmlTo.MatchString(after):
		if xmlBearer.MatchString(after) && what == sessionID {
			return SetsHeader, ""
		}
		if n := xmlInto.FindStringSubmatch(after); n != nil {
			return Reads, n[1] + n[2]
		}
		return Reads, ""
	case what == sessionID && header && !(xmlBind.MatchString(part) && !xmlBearer.MatchString(part)):
		if xmlEmptyID.MatchString(bare) {
			return "", ""
		}
		return SetsHeader, ""
	case xmlLog.MatchString(part):
		return Logs, ""
	case xmlBind.MatchString(part) && m != nil:
		return Reads, m[1]
	case xmlCompare.MatchString(part):
		return Compares, ""
	case xmlSend.MatchString(part):
		return Forwards, ""
	case xmlStore.MatchString(part):
		return Stores, ""
	case what != sessionID && xmlAddress.MatchString(part) && xmlCaller.MatchString(part):
		return SetsAddress, ""
	}
	return Reads, ""
}
