package code

import (
	"bytes"
	"path"
	"strings"
	"unicode/utf16"
)

// vendored are folders with what others wrote or what a build made.
var vendored = set(
	"node_modules bower_components jspm_packages vendor third_party third-party thirdparty 3rdparty bin obj dist build out target",
	".git .hg .svn .bzr _darcs .venv venv virtualenv site-packages __pycache__ .tox .nox .mypy_cache .pytest_cache .eggs",
	".gradle .m2 .mvn .idea .vs .vscode .bundle .yarn .pnpm-store .next .nuxt .terraform .serverless .aws-sam .cache coverage",
	"packages.lock Pods Carthage DerivedData elm-stuff _build deps.lock",
)

// binaries are endings of files that hold no source.
var binaries = set(
	"png jpg jpeg gif bmp ico webp tif tiff svg psd pdf doc docx xls xlsx ppt pptx odt zip gz tgz bz2 xz 7z rar jar war ear",
	"class dll exe so dylib a o obj lib pdb pyc pyo wasm node woff woff2 ttf otf eot mp3 mp4 avi mov wav flac ogg webm db sqlite",
	"mdb bak iso dmg deb rpm msi nupkg whl gem snk pfx p12 jks keystore cer crt der map lock sum snap parquet avro pack idx",
)

func set(lists ...string) map[string]bool {
	out := map[string]bool{}
	for _, l := range lists {
		for w := range strings.FieldsSeq(l) {
			out[w] = true
		}
	}
	return out
}

// notOurs reports whether a folder is left out by its name.
func notOurs(name string) bool { return vendored[name] || vendored[strings.ToLower(name)] }

// notSource reports whether a file is left out by its name.
func notSource(name string) bool {
	name = strings.ToLower(name)
	return binaries[strings.TrimPrefix(path.Ext(name), ".")] ||
		strings.HasSuffix(name, ".min.js") || strings.HasSuffix(name, ".min.css") || strings.HasSuffix(name, ".bundle.js") ||
		name == "package-lock.json" || name == "yarn.lock"
}

// text makes the bytes of a file UTF-8; ok is false for a binary. Older Visual
// Studios wrote source in UTF-16.
func text(b []byte) (out []byte, ok bool) {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		return wide(b[2:], 0), true
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		return wide(b[2:], 1), true
	}
	const head = 8000 // as git does
	return bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")), bytes.IndexByte(b[:min(len(b), head)], 0) < 0
}

// wide decodes UTF-16; high is where the high byte of a pair is not.
func wide(b []byte, big int) []byte {
	units := make([]uint16, 0, len(b)/2)
	for i := 0; i+1 < len(b); i += 2 {
		units = append(units, uint16(b[i+big])|uint16(b[i+1-big])<<8)
	}
	return []byte(string(utf16.Decode(units)))
}
