package demoorg

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// The limits of a composite request (Tooling guide, "Improve Performance with
// the Composite Resource").
const (
	maxSubrequests = 25
	maxQueries     = 5
)

type compositeRequest struct {
	AllOrNone bool         `json:"allOrNone"`
	Requests  []subrequest `json:"compositeRequest"`
}

type subrequest struct {
	Method      string `json:"method"`
	URL         string `json:"url"`
	ReferenceID string `json:"referenceId"`
}

type subresponse struct {
	Body        any            `json:"body"`
	HTTPHeaders map[string]any `json:"httpHeaders"`
	Status      int            `json:"httpStatusCode"`
	ReferenceID *string        `json:"referenceId"`
}

type compositeResponse struct {
	Responses []subresponse `json:"compositeResponse"`
}

// composite answers several reads with one call. Too many of them are refused
// inside a 200, as Salesforce was seen to do: a client that looks at the status
// alone must not take that for success.
func (s *Server) composite(w http.ResponseWriter, r *http.Request, c call) reply {
	if r.Method != http.MethodPost {
		return refuse(http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "HTTP Method '"+r.Method+"' not allowed. Allowed are POST")
	}
	var req compositeRequest
	if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
		return refuse(http.StatusBadRequest, "JSON_PARSER_ERROR", err.Error())
	}
	if len(req.Requests) == 0 {
		return refuse(http.StatusBadRequest, "JSON_PARSER_ERROR", "The compositeRequest must hold at least one request")
	}
	queries, seen := 0, map[string]bool{}
	for _, sub := range req.Requests {
		if strings.HasPrefix(resource(c, sub), "query") {
			queries++
		}
		if sub.ReferenceID == "" || seen[sub.ReferenceID] {
			return refuse(http.StatusBadRequest, "INVALID_REFERENCE_ID", "Missing or duplicate ReferenceId provided: "+sub.ReferenceID)
		}
		seen[sub.ReferenceID] = true
	}
	switch {
	case len(req.Requests) > maxSubrequests:
		return overLimit("The request can’t contain more than 25 operations.")
	case queries > maxQueries:
		return overLimit("The request can’t contain more than 5 query operations.")
	}
	return s.answerAll(c, req)
}

func overLimit(message string) reply {
	return reply{http.StatusOK, compositeResponse{[]subresponse{{
		Body: []restError{{message, "LIMIT_EXCEEDED"}}, HTTPHeaders: map[string]any{}, Status: http.StatusBadRequest,
	}}}}
}

func (s *Server) answerAll(c call, req compositeRequest) reply {
	var out compositeResponse
	failed := false
	for _, sub := range req.Requests {
		rp := s.subrequest(c, sub)
		failed = failed || rp.status >= 400
		out.Responses = append(out.Responses, subresponse{rp.body, map[string]any{}, rp.status, &sub.ReferenceID})
	}
	if failed && req.AllOrNone {
		for i := range out.Responses {
			if out.Responses[i].Status < 400 {
				out.Responses[i].Status = http.StatusBadRequest
				out.Responses[i].Body = []restError{{"The transaction was rolled back since another operation in the same transaction failed.", "PROCESSING_HALTED"}}
			}
		}
	}
	return reply{http.StatusOK, out}
}

// resource is the path of a subrequest below the API that was asked.
func resource(c call, sub subrequest) string {
	u, err := url.Parse(sub.URL)
	if err != nil {
		return ""
	}
	path := strings.TrimPrefix(u.Path, c.base()+"/")
	return strings.TrimPrefix(path, "tooling/")
}

func (s *Server) subrequest(c call, sub subrequest) reply {
	u, err := url.Parse(sub.URL)
	if err != nil || u.IsAbs() || !strings.HasPrefix(u.Path, c.base()+"/") {
		return notFound()
	}
	path := strings.TrimSuffix(strings.TrimPrefix(u.Path, c.base()+"/"), "/")
	if strings.HasPrefix(c.path, "tooling/") && !strings.HasPrefix(path, "tooling/") {
		return notFound()
	}
	if sub.Method != http.MethodGet {
		return refuse(http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "HTTP Method '"+sub.Method+"' not allowed. Allowed are GET")
	}
	return s.get(call{method: sub.Method, version: c.version, path: path, query: u.Query(), batch: 2000, user: c.user})
}
