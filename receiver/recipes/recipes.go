// Package recipes holds receivers of outbound messages that need no session id, one
// for each of several languages: short programs for a developer to start from.
//
// Each checks the org id, stores, acknowledges, and works afterwards with a token
// of its own, which it renews once when it is refused. Each comes in two variants:
// one calls back through REST, the other keeps the SOAP call of old and changes
// only where the session comes from. .ci/recipes/run sends both a message and waits
// until they have called the built-in org.
package recipes

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Variant is the way in which a receiver calls back.
type Variant string

// The variants.
const (
	REST Variant = "rest"
	SOAP Variant = "soap"
)

// Variants are those that every recipe has.
var Variants = []Variant{REST, SOAP}

// Recipe is a receiver in one language.
type Recipe struct {
	// Lang is what people type, Name what they read.
	Lang, Name string
	// File is what the file is called; compilers of some languages insist.
	File string
	// Needs is what it takes beside the language itself, "" for nothing.
	Needs string
	// RunWith is what it was compiled and run with against the built-in org. What
	// stands there was seen; .ci/recipes/run fails when it sees something else.
	RunWith string
	// Remark is what is to be known besides, "" mostly.
	Remark string
}

// List are the recipes, in the order in which they are offered.
func List() []Recipe {
	return []Recipe{
		{Lang: "go", Name: "Go", File: "receiver.go", RunWith: "Go 1.26"},
		{Lang: "java", Name: "Java", File: "Receiver.java", RunWith: "Java 17"},
		{
			Lang: "csharp", Name: "C#", File: "Receiver.cs", RunWith: "Mono 6.8",
			Needs:  "on .NET Framework a reference to System.Net.Http and System.Xml.Linq",
			Remark: "It keeps to what .NET Framework and .NET have in common, but was not compiled with either.",
		},
		{Lang: "node", Name: "Node", File: "receiver.mjs", RunWith: "Node 20"},
		{Lang: "python", Name: "Python", File: "receiver.py", RunWith: "Python 3.11"},
		{
			Lang: "php", Name: "PHP", File: "receiver.php", RunWith: "PHP 8.2", Needs: "the extensions curl and xml, and cron",
			Remark: "It was run with PHP's built-in web server.",
		},
		{
			Lang: "curl", Name: "bash and curl", File: "receiver.sh", RunWith: "bash 5.2", Needs: "a web server that runs CGI programs, and cron",
			Remark: "The path that is secret is the one that the web server has for it.",
		},
	}
}

// also are other names of languages.
var also = map[string]string{
	"golang": "go", "c#": "csharp", "cs": "csharp", "dotnet": "csharp", ".net": "csharp", "js": "node", "javascript": "node", "nodejs": "node",
	"typescript": "node", "ts": "node", "py": "python", "bash": "curl", "sh": "curl", "shell": "curl",
}

// Find finds the recipe of a language.
func Find(lang string) (Recipe, bool) {
	lang = strings.ToLower(lang)
	if other, ok := also[lang]; ok {
		lang = other
	}
	for _, r := range List() {
		if r.Lang == lang {
			return r, true
		}
	}
	return Recipe{}, false
}

//go:embed _source
var source embed.FS

// Text is the receiver as a developer gets it. What the variants do not share
// stands in the source between lines that name them.
func (r Recipe) Text(v Variant) string {
	data, err := fs.ReadFile(source, "_source/"+r.File)
	if err != nil {
		panic(err) // the file is part of the program
	}
	var b strings.Builder
	in := v
	for line := range strings.Lines(string(data)) {
		switch mark(line) {
		case "[rest]":
			in = REST
		case "[soap]":
			in = SOAP
		case "[end]":
			in = v
		default:
			if in == v {
				b.WriteString(line)
			}
		}
	}
	return b.String()
}

// mark is what a line holds that is nothing but a mark in a comment.
func mark(line string) string {
	line = strings.TrimSpace(line)
	for _, comment := range []string{"// ", "# "} {
		if m, ok := strings.CutPrefix(line, comment); ok {
			return m
		}
	}
	return ""
}

// Write writes the receiver into a folder, which is made where there is none, and
// returns the file's path. It never replaces a file: then the error is fs.ErrExist.
func (r Recipe) Write(folder string, v Variant) (string, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	mode := fs.FileMode(0o644)
	if strings.HasSuffix(r.File, ".sh") {
		mode = 0o755
	}
	path := filepath.Join(folder, r.File)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return path, err
	}
	_, err = f.WriteString(r.Text(v))
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		_ = os.Remove(path) // half a program is no use to anybody
		return path, fmt.Errorf("%s can't be written: %w", path, err)
	}
	return path, nil
}
