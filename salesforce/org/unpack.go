package org

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"sidestep/salesforce"
	"sidestep/salesforce/files"
)

// packed is how a retrieve ended.
type packed struct {
	retrieved
	err error
}

// packageFolder is where a zip of a retrieve has its files. The list leaves it out.
const packageFolder = "unpackaged/"

// takeZip keeps what a zip holds, or says what is not known without it. The
// list decides what has to be there.
func (s *scan) takeZip(ctx context.Context, p packed) {
	if ctx.Err() != nil {
		return
	}
	var found salesforce.Findings
	if p.err == nil {
		found, p.err = files.ReadZip(ctx, bytes.NewReader(p.zip), int64(len(p.zip)), files.Options{Name: s.client.name(), Now: s.client.options.Now})
	}
	for _, w := range p.Warnings {
		s.doubted(true, w.FileName, "The org says of its files: "+w.Problem)
	}
	if p.err != nil {
		reason := fmt.Sprintf("What fires the messages is not known from the org, and the messages were read by name, because its files could not be retrieved: %v", p.err)
		s.doubted(!errors.Is(p.err, errPartial), "", reason)
		s.tell(reason)
		return
	}
	for _, bad := range found.Problems {
		if !bad.Notice {
			s.doubted(false, inList(bad.File), bad.Message)
		}
	}
	lacking := s.takeMessages(found.Messages)
	s.tellsUsers = found.Source.Complete && len(lacking) == 0
	for _, u := range found.Users {
		if !lacking[strings.ToLower(u.Message)] {
			u.File = inList(u.File)
			s.users = append(s.users, u)
		}
	}
}

// takeMessages keeps the messages of a zip and returns the listed ones that it
// lacks. Of those it is not known either what fires them: a part of what does
// would be taken for all of it.
func (s *scan) takeMessages(messages []salesforce.Message) (lacking map[string]bool) {
	in := make(map[string]salesforce.Message, len(messages))
	for _, m := range messages {
		in[strings.ToLower(m.Key())] = m
	}
	var arrived []salesforce.Message
	lacking = map[string]bool{}
	example, healed := "", error(nil)
	s.mu.Lock()
	for _, k := range s.known {
		key := strings.ToLower(k.FullName)
		m, there := in[key]
		_, known := s.read[key]
		switch {
		case !there:
			lacking[key] = true
			example = k.FullName
		case !known:
			m = k.complete(m)
			s.read[key] = m
			arrived = append(arrived, m)
			healed = cmp.Or(healed, s.unread[key])
		}
		delete(in, key)
	}
	for _, m := range messages {
		if _, unlisted := in[strings.ToLower(m.Key())]; unlisted {
			delete(in, strings.ToLower(m.Key()))
			m.File = inList(m.File)
			s.extra = append(s.extra, m)
			arrived = append(arrived, m)
		}
	}
	s.mu.Unlock()
	if n := len(lacking); n > 0 {
		s.doubted(true, "", fmt.Sprintf("The files that the org packed lack %d of the %d messages that it lists (%s is one). They were asked for by name, and what fires them is not known from the org.", n, len(s.known), example))
	}
	if healed != nil {
		s.doubted(true, "", fmt.Sprintf("Messages that could not be read by name were taken from the files that the org packed: %v", healed))
	}
	if n := len(s.extra); n > 0 {
		s.doubted(true, "", fmt.Sprintf("The org's files hold %d messages that its list lacks (%s is one). They are shown.", n, s.extra[0].Key()))
	}
	s.report(arrived, pause{})
	return lacking
}

func inList(file string) string { return strings.TrimPrefix(file, packageFolder) }
