// A receiver of Salesforce outbound messages that needs no session id. Its settings:
// SF_ORG_ID (18 characters), SF_DOMAIN (https://acme.my.salesforce.com), SF_CLIENT_ID,
// SF_CLIENT_SECRET, HOOK_PATH (long and secret, as in /sf/8f2c41), PORT, STORE (a folder).
package main

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"
)

const ack = `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse></soapenv:Body></soapenv:Envelope>`

var (
	inbox, done = os.Getenv("STORE") + "/inbox/", os.Getenv("STORE") + "/done/"
	idForm      = regexp.MustCompile(`^[a-zA-Z0-9]{18}$`)
	client      = &http.Client{Timeout: 30 * time.Second}
	token       string // cached: a user may log in 3,600 times an hour
)

// receive checks, stores, and only then acknowledges.
func receive(w http.ResponseWriter, r *http.Request) {
	var e struct { // encoding/xml knows no external entities
		OrgID string `xml:"Body>notifications>OrganizationId"`
		Items []struct {
			ID     string `xml:"Id"`
			Record string `xml:"sObject>Id"`
		} `xml:"Body>notifications>Notification"`
	}
	err := xml.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&e)
	if r.Method != "POST" || r.URL.Path != os.Getenv("HOOK_PATH") || err != nil || e.OrgID != os.Getenv("SF_ORG_ID") {
		http.Error(w, "not for us", http.StatusForbidden)
		return
	}
	for _, n := range e.Items {
		if !idForm.MatchString(n.ID) || !idForm.MatchString(n.Record) || store(n.ID, n.Record) != nil {
			http.Error(w, "not stored", http.StatusInternalServerError) // no Ack: Salesforce sends again
			return
		}
	}
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	_, _ = io.WriteString(w, ack)
}

// store keeps a notification once: Salesforce may send it several times.
func store(id, record string) error {
	for _, folder := range []string{inbox, done} {
		if _, err := os.Stat(folder + id); err == nil {
			return nil
		}
	}
	f, err := os.CreateTemp(os.Getenv("STORE"), id)
	if err != nil {
		return err
	}
	_, err = f.WriteString(record)
	return errors.Join(err, f.Sync(), f.Close(), os.Rename(f.Name(), inbox+id))
}

// work does what is in the inbox. What fails stays there and is tried again.
func work() {
	files, _ := os.ReadDir(inbox)
	for _, file := range files {
		record, err := os.ReadFile(inbox + file.Name())
		if err == nil {
			err = withToken(string(record))
		}
		if err == nil {
			err = os.Rename(inbox+file.Name(), done+file.Name())
		}
		if err != nil {
			log.Print(file.Name(), ": ", err)
		}
	}
}

// withToken calls the org, and once more with a new token if the cached one is refused.
func withToken(record string) (err error) {
	status, body := http.StatusUnauthorized, ""
	if token != "" {
		status, body, err = call(record)
	}
	if status == http.StatusUnauthorized || strings.Contains(body, "INVALID_SESSION_ID") {
		if err = logIn(); err == nil {
			status, body, err = call(record)
		}
	}
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("HTTP %d %.200s", status, body)
	}
	return err
}

// logIn asks the My Domain that is configured, never a host out of a message.
func logIn() error {
	resp, err := client.PostForm(os.Getenv("SF_DOMAIN")+"/services/oauth2/token", url.Values{
		"grant_type": {"client_credentials"}, "client_id": {os.Getenv("SF_CLIENT_ID")}, "client_secret": {os.Getenv("SF_CLIENT_SECRET")},
	})
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var answer map[string]string
	if err = json.NewDecoder(resp.Body).Decode(&answer); err != nil || answer["access_token"] == "" {
		err = fmt.Errorf("no token: HTTP %d %s", resp.StatusCode, answer["error"])
	}
	token = answer["access_token"]
	return err
}

// call is where your own work goes. This one reads the record.
func call(record string) (int, string, error) {
	soql := "SELECT Id FROM Account WHERE Id = '" + record + "'"
	// [rest]
	req, _ := http.NewRequest("GET", os.Getenv("SF_DOMAIN")+"/services/data/v66.0/query?q="+url.QueryEscape(soql), nil)
	req.Header.Set("Authorization", "Bearer "+token)
	// [soap]
	// The token goes where the message's SessionId went. Nothing else changes.
	req, _ := http.NewRequest("POST", os.Getenv("SF_DOMAIN")+"/services/Soap/u/66.0", strings.NewReader(
		`<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:p="urn:partner.soap.sforce.com"><e:Header><p:SessionHeader><p:sessionId>`+token+
			`</p:sessionId></p:SessionHeader></e:Header><e:Body><p:query><p:queryString>`+soql+`</p:queryString></p:query></e:Body></e:Envelope>`))
	req.Header.Set("Content-Type", "text/xml; charset=UTF-8")
	req.Header.Set("SOAPAction", `""`)
	// [end]
	resp, err := client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body), err
}

func main() {
	if err := errors.Join(os.MkdirAll(inbox, 0o700), os.MkdirAll(done, 0o700)); err != nil || !idForm.MatchString(os.Getenv("SF_ORG_ID")) {
		log.Fatal("SF_ORG_ID needs 18 characters, STORE a folder: ", err)
	}
	go func() {
		for ; ; time.Sleep(time.Second) {
			work()
		}
	}()
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), http.HandlerFunc(receive))) // TLS ends before it
}
