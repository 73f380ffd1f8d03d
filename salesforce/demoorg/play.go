package demoorg

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Refuse answers with one of Salesforce's codes, in the way of the API that was
// asked. A SOAP fault has status 500 and a sign-in's refusal 400, whatever status
// says.
func Refuse(status int, code, message string) Play {
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		switch {
		case isPartner(r):
			(&fault{code, message}).writePartner(w)
		case isSOAP(r):
			(&fault{code, message}).write(w)
		case strings.HasPrefix(r.URL.Path, oauthRoot):
			(&oauthError{code, message}).write(w)
		default:
			refuse(status, code, message).write(w)
		}
	}
}

// ExpiredSession refuses the token.
func ExpiredSession() Play {
	return Refuse(http.StatusUnauthorized, "INVALID_SESSION_ID", "Session expired or invalid")
}

// LimitExceeded says that the day's API calls are used up.
func LimitExceeded() Play {
	refusal := Refuse(http.StatusForbidden, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if !isSOAP(r) {
			max := strconv.Itoa(dailyRequests)
			w.Header().Set("Sforce-Limit-Info", "api-usage="+max+"/"+max)
		}
		refusal(w, r, next)
	}
}

// HTML answers with a page for people, as a proxy or a maintenance window does.
// retryAfter is the header of that name, "" for none.
func HTML(status int, retryAfter string) Play {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		if retryAfter != "" {
			w.Header().Set("Retry-After", retryAfter)
		}
		w.Header().Set("Content-Type", "text/html; charset=UTF-8")
		w.WriteHeader(status)
		_, _ = w.Write([]byte("<html><head><title>Down for maintenance</title></head><body>We are down for maintenance.</body></html>"))
	}
}

// Slow answers after a delay, which ends with the request.
func Slow(delay time.Duration) Play {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		timer := time.NewTimer(delay)
		defer timer.Stop()
		select {
		case <-timer.C:
			next.ServeHTTP(w, r)
		case <-r.Context().Done():
		}
	}
}

// Stall sends half an answer and then nothing, until the client goes.
func Stall() Play {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		rec := recorded(next, r)
		rec.send(w, half(rec.body.Bytes()))
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}
}

// HangUp sends half an answer and closes the connection.
func HangUp() Play {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		rec := recorded(next, r)
		rec.header.Set("Content-Length", strconv.Itoa(rec.body.Len()))
		rec.send(w, half(rec.body.Bytes()))
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// Cut sends half an answer as if it were the whole: nothing is wrong but the JSON
// or the XML.
func Cut() Play { return edit(half) }

// CutGzip sends half of the packed answer as if it were the whole.
func CutGzip() Play {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		rec := recorded(next, r)
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		_, _ = z.Write(rec.body.Bytes())
		_ = z.Close()
		rec.header.Set("Content-Encoding", "gzip")
		rec.send(w, half(packed.Bytes()))
	}
}

func half(b []byte) []byte { return b[:len(b)/2] }

// edit changes an answer.
func edit(change func([]byte) []byte) Play {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		rec := recorded(next, r)
		rec.send(w, change(rec.body.Bytes()))
	}
}

// editJSON changes an answer that is a JSON object; anything else stays.
func editJSON(change func(map[string]any)) Play {
	return edit(func(body []byte) []byte {
		var answer map[string]any
		if json.Unmarshal(body, &answer) != nil {
			return body
		}
		change(answer)
		body, _ = json.Marshal(answer)
		return body
	})
}

// LostRow leaves the last row of a query's page out, so that totalSize is more
// than the rows.
func LostRow() Play {
	return editJSON(func(answer map[string]any) {
		if rows, _ := answer["records"].([]any); len(rows) > 0 {
			answer["records"] = rows[:len(rows)-1]
		}
	})
}

// MovedTo gives another instance URL with the tokens (On "token/*").
func MovedTo(instance string) Play {
	return editJSON(func(answer map[string]any) { answer["instance_url"] = instance })
}

// RedirectTo sends the client to the same path of another host.
func RedirectTo(instance string) Play {
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		http.Redirect(w, r, instance+r.URL.RequestURI(), http.StatusMovedPermanently)
	}
}

var (
	zipFile   = regexp.MustCompile(`<zipFile>([^<]*)</zipFile>`)
	succeeded = []byte("<status>Succeeded</status>")
	partly    = []byte("<status>SucceededPartial</status>")
	fileEntry = regexp.MustCompile(`<fileProperties>.*?</fileProperties>`)
)

// LostFile leaves a file out of a retrieve, and its line of the file list, and
// says nothing about it. name is the file's, without its folders.
func LostFile(name string) Play {
	return edit(func(body []byte) []byte {
		body = fileEntry.ReplaceAllFunc(body, func(line []byte) []byte {
			if bytes.Contains(line, []byte("/"+name+"</fileName>")) {
				return nil
			}
			return line
		})
		return zipFile.ReplaceAllFunc(body, func(element []byte) []byte {
			packed, err := base64.StdEncoding.DecodeString(string(zipFile.FindSubmatch(element)[1]))
			if err != nil || len(packed) == 0 {
				return element
			}
			return []byte("<zipFile>" + base64.StdEncoding.EncodeToString(without(packed, name)) + "</zipFile>")
		})
	})
}

// without repacks a zip of this org's making.
func without(packed []byte, name string) []byte {
	old, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return packed
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range old.File {
		if path.Base(f.Name) != name {
			_ = z.Copy(f) // into memory
		}
	}
	_ = z.Close()
	return b.Bytes()
}

// PartialRetrieve ends a retrieve with SucceededPartial.
func PartialRetrieve() Play {
	return edit(func(body []byte) []byte { return bytes.Replace(body, succeeded, partly, 1) })
}
