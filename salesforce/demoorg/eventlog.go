package demoorg

import (
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// apiCall is a row of the event log file ApiTotalUsage.
type apiCall struct {
	at                                time.Time
	user                              *user
	family, version, resource, method string
	status                            int
	address, client, appID, app       string
}

// apiLog notes the API calls of users.
type apiLog struct {
	mu   sync.Mutex
	rows []apiCall
}

// maxAPICalls bounds the log; the oldest calls are forgotten.
const maxAPICalls = 50_000

func (l *apiLog) add(c apiCall) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.rows) == maxAPICalls {
		l.rows = l.rows[1:]
	}
	l.rows = append(l.rows, c)
}

func (l *apiLog) of(day time.Time) []apiCall {
	l.mu.Lock()
	defer l.mu.Unlock()
	var calls []apiCall
	for _, c := range l.rows {
		if at := c.at.UTC(); !at.Before(day) && at.Before(day.AddDate(0, 0, 1)) {
			calls = append(calls, c)
		}
	}
	return calls
}

// seed writes what happened yesterday: the ledger reads by OAuth, the ERP still
// comes without an app.
func (l *apiLog) seed(s *Server) {
	u := func(name string) *user { return s.org.userByName[name+"@northwind.example"] }
	day := s.o.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -1)
	ledger := s.app(LedgerKey)
	for i := range 6 {
		at := day.Add(time.Duration(6+2*i) * time.Hour)
		l.add(apiCall{at: at, user: u("finance.api"), family: "REST", version: "66.0", resource: "/v66.0/sobjects/Invoice__c", method: "PATCH", status: 204, address: "198.51.100.80", appID: connectedAppID(ledger.id), app: ledger.name})
		l.add(apiCall{at: at.Add(time.Minute), user: u("erp"), family: "SOAP", version: "39.0", resource: "query", method: "POST", status: 200, address: "203.0.113.7", client: "ERP/4.2"})
	}
}

// connectedAppID is the id (prefix 0H4) by which the logs know an app.
func connectedAppID(key string) string {
	for i := range northwindApps() {
		if northwindApps()[i].Key == key {
			return newID("0H4", 20+i)
		}
	}
	return newID("0H4", 90)
}

// noteCall writes an API call down.
func (s *Server) noteCall(r *http.Request, g *grant, family, version, resource string, status int) {
	c := apiCall{at: s.o.Now(), user: g.user, family: family, version: version, resource: resource, method: r.Method, status: status, address: sourceIP(r), client: r.UserAgent(), app: g.app}
	if g.app != "" {
		c.appID = connectedAppID(g.clientID)
	}
	s.apiCalls.add(c)
}

// eventLog is a row of EventLogFile.
type eventLog struct {
	id   string
	kind string
	day  time.Time
	csv  []byte
}

// eventLogs are the files that there are today. A day's file appears on the next
// one, and is kept for a day, as without the add-on (Object Reference,
// "EventLogFile").
func (s *Server) eventLogs() []any {
	yesterday := s.o.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -1)
	calls := s.apiCalls.of(yesterday)
	if len(calls) == 0 {
		return nil
	}
	return []any{&eventLog{newID("0AT", int(yesterday.Unix()/86_400)), "ApiTotalUsage", yesterday, apiTotalUsage(calls)}}
}

func (s *Server) eventLogTable() *table {
	return s.needing("ViewEventLogFiles", &table{name: "EventLogFile", rows: s.eventLogs, columns: []column{
		id("Id", func(l *eventLog) string { return l.id }),
		text("EventType", func(l *eventLog) string { return l.kind }),
		moment("LogDate", func(l *eventLog) time.Time { return l.day }),
		number("LogFileLength", func(l *eventLog) float64 { return float64(len(l.csv)) }),
		text("LogFileContentType", func(*eventLog) string { return "text/csv" }),
		text("Interval", func(*eventLog) string { return "Daily" }),
		number("Sequence", func(*eventLog) float64 { return 0 }),
		text("ApiVersion", func(*eventLog) string { return "66.0" }),
		moment("CreatedDate", func(l *eventLog) time.Time { return l.day.AddDate(0, 0, 1).Add(3 * time.Hour) }),
		unfiltered(text("LogFile", func(l *eventLog) string {
			return "/services/data/v66.0/sobjects/EventLogFile/" + l.id + "/LogFile"
		})),
	}})
}

// apiTotalUsage writes the calls in the form of the documented event type.
func apiTotalUsage(calls []apiCall) []byte {
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write([]string{
		"EVENT_TYPE", "TIMESTAMP", "REQUEST_ID", "ORGANIZATION_ID", "USER_ID", "API_FAMILY", "API_VERSION", "API_RESOURCE", "CLIENT_NAME", "HTTP_METHOD", "CLIENT_IP",
		"COUNTS_AGAINST_API_LIMIT", "CONNECTED_APP_ID", "CONNECTED_APP_NAME", "STATUS_CODE", "USER_NAME", "TIMESTAMP_DERIVED", "USER_ID_DERIVED",
	})
	for i, c := range calls {
		at := c.at.UTC()
		_ = w.Write([]string{
			"ApiTotalUsage", at.Format("20060102150405.000"), "TID:" + strconv.Itoa(i), OrgID[:15], c.user.ID[:15], c.family, c.version, c.resource, c.client, c.method, c.address,
			"1", c.appID, c.app, strconv.Itoa(c.status), c.user.Username, at.Format("2006-01-02T15:04:05.000Z"), c.user.ID,
		})
	}
	w.Flush()
	return []byte(b.String())
}

// logFile answers …/sobjects/EventLogFile/Id/LogFile.
func (s *Server) logFile(w http.ResponseWriter, c call, id string) int {
	t := s.objects.as(c.user, "EventLogFile")
	if t == nil {
		return refuse(http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist").send(w)
	}
	row, _ := t.byID(id).(*eventLog)
	if row == nil {
		return refuse(http.StatusNotFound, "NOT_FOUND", "Provided external ID field does not exist or is not accessible: "+id).send(w)
	}
	w.Header().Set("Content-Type", "text/csv")
	_, _ = w.Write(row.csv)
	return http.StatusOK
}
