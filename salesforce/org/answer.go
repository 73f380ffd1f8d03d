package org

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

const (
	envelopeSpace = "http://schemas.xmlsoap.org/soap/envelope/"
	// maxDepth and maxGap are far above what an org sends; both bound the memory
	// that a hostile answer can take.
	maxDepth = 64
	maxGap   = 1 << 20
)

// answer reads a SOAP answer as a stream.
type answer struct {
	*xml.Decoder
	tokens *tokens
}

// tokens hands on the tokens of an answer and refuses what only an attack holds:
// a document type, and nesting without end.
type tokens struct {
	d     *xml.Decoder
	depth int
	err   error // stays, so that nothing is read past an error
}

func (t *tokens) Token() (xml.Token, error) {
	if t.err != nil {
		return nil, t.err
	}
	var tok xml.Token
	tok, t.err = t.next()
	return tok, t.err
}

func (t *tokens) next() (xml.Token, error) {
	tok, err := t.d.RawToken()
	if err != nil {
		return nil, err
	}
	switch tok := tok.(type) {
	case xml.StartElement:
		if t.depth++; t.depth > maxDepth {
			return nil, errors.New("it is nested too deeply")
		}
	case xml.EndElement:
		t.depth--
	case xml.Directive:
		if strings.HasPrefix(strings.ToLower(string(tok)), "doctype html") {
			return nil, errPage
		}
		return nil, errors.New("it declares a document type")
	}
	return tok, nil
}

// gaps refuses an answer with a stretch of maxGap bytes without a bracket: the
// XML reader would keep all of it in memory at once.
type gaps struct {
	r   io.Reader
	run int
}

func (g *gaps) Read(p []byte) (int, error) {
	n, err := g.r.Read(p)
	if last := bytes.LastIndexAny(p[:n], "<>"); last >= 0 {
		g.run = n - 1 - last
	} else {
		g.run += n
	}
	if g.run > maxGap {
		return 0, errHuge
	}
	return n, err
}

// decodeAnswer reads an envelope to its very end and calls each for every child
// of the response element. A fault is returned as a *Fault. What is no envelope,
// or not all of one, is an error.
func decodeAnswer(r io.Reader, response string, each func(*answer, xml.StartElement) error) error {
	t := &tokens{d: xml.NewDecoder(&gaps{r: r})}
	a := &answer{Decoder: xml.NewTokenDecoder(t), tokens: t}
	err := a.envelope(response, each)
	var fault *Fault
	switch {
	case err == nil, errors.As(err, &fault), errors.Is(err, errPage):
		return err
	}
	return damaged(err)
}

func (a *answer) envelope(response string, each func(*answer, xml.StartElement) error) error {
	root, err := a.root()
	if err != nil {
		return err
	}
	if root.Name.Space != envelopeSpace || root.Name.Local != "Envelope" {
		if strings.EqualFold(root.Name.Local, "html") {
			return errPage
		}
		return fmt.Errorf("it is no SOAP answer but <%.40s>", root.Name.Local)
	}
	answered := false
	var fault *Fault
	err = a.children(func(part xml.StartElement) error {
		if part.Name.Local != "Body" {
			return a.Skip()
		}
		return a.children(func(start xml.StartElement) error {
			switch start.Name.Local {
			case "Fault":
				fault, err = a.fault(start)
				return err
			case response:
				answered = true
				return a.children(func(start xml.StartElement) error { return each(a, start) })
			}
			return a.Skip()
		})
	})
	switch {
	case err != nil:
		return err
	case fault != nil:
		return fault
	case !answered:
		return fmt.Errorf("it holds no %s", response)
	}
	return nil
}

func (a *answer) root() (xml.StartElement, error) {
	for {
		tok, err := a.Token()
		if err == io.EOF {
			return xml.StartElement{}, errors.New("it is empty")
		}
		if err != nil {
			return xml.StartElement{}, err
		}
		if start, ok := tok.(xml.StartElement); ok {
			return start, nil
		}
	}
}

// children calls each for every child of the element that was just opened, and
// returns behind its end.
func (a *answer) children(each func(xml.StartElement) error) error {
	for {
		tok, err := a.Token()
		if err != nil {
			return err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if err := each(tok); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// skipTo reads until no more than depth elements are open.
func (a *answer) skipTo(depth int) error {
	for a.tokens.depth > depth {
		if _, err := a.Token(); err != nil {
			return err
		}
	}
	return nil
}

func (a *answer) fault(start xml.StartElement) (*Fault, error) {
	var f struct {
		Code string `xml:"faultcode"`
		Text string `xml:"faultstring"`
	}
	if err := a.DecodeElement(&f, &start); err != nil {
		return nil, err
	}
	// "sf:INVALID_SESSION_ID": the prefix varies.
	code := strings.TrimSpace(f.Code[strings.LastIndex(f.Code, ":")+1:])
	text := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(f.Text), code+":"))
	return &Fault{Code: code, Message: text}, nil
}
