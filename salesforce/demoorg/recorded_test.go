package demoorg

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const recordedDir = "../../../shared/recorded"

const (
	jsonType = "application/json;charset=UTF-8"
	xmlType  = "text/xml; charset=utf-8"
)

// comparison of one recorded answer with ours.
type likeness struct {
	ours        func(*testing.T, *Server) answer
	status      int
	contentType string
	// part is true where ours may have less than the recorded answer.
	part bool
	// why says why there is nothing to compare.
	why string
}

const (
	receiver = "what a receiver of outbound messages gets or answers; the org sends none"
	readOnly = "the answer to a write; nothing in the org can be changed"
)

func soapTo(call string) func(*testing.T, *Server) answer {
	return func(t *testing.T, s *Server) answer { return soapCall(t, s, "66.0", call) }
}

func restTo(path string) func(*testing.T, *Server) answer {
	return func(t *testing.T, s *Server) answer { return get(t, s, path) }
}

func compositeTo(urls ...string) func(*testing.T, *Server) answer {
	return func(t *testing.T, s *Server) answer {
		var list []string
		for i, u := range urls {
			list = append(list, fmt.Sprintf(`{"referenceId":"ref%d","method":"GET","url":%q}`, i, "/services/data/v66.0/"+u))
		}
		req := newRequest(t, "POST", s.URL()+"/services/data/v66.0/composite", `{"compositeRequest":[`+strings.Join(list, ",")+`]}`)
		req.Header.Set("Authorization", "Bearer "+s.Token())
		req.Header.Set("Content-Type", "application/json")
		return do(t, req)
	}
}

const emptyList = "<m:listMetadata><m:queries><m:type>WorkflowAlert</m:type></m:queries></m:listMetadata>"

const retrieveWorkflows = "<m:retrieve><m:retrieveRequest><m:apiVersion>66.0</m:apiVersion><m:singlePackage>true</m:singlePackage><m:unpackaged><m:types><m:members>*</m:members><m:name>Workflow</m:name></m:types><m:version>66.0</m:version></m:unpackaged></m:retrieveRequest></m:retrieve>"

// recordings has a line for every recorded file.
var recordings = map[string]likeness{
	"SOURCES.md": {why: "says where the others come from"},
	"HaouAiren+soap-outbound-message-service/SforceNotificationServices/wfoutbound.wsdl":                            {why: receiver},
	"jeffdonthemic+salesforce-obm-catcher/test/sample.xml":                                                          {why: receiver},
	"php-arsenal+salesforce-outbound-message-bundle/src/Resources/wsdl/ObjectToBeRemoved__c.wsdl":                   {why: receiver},
	"aspnet+WebHooks/ResponseBodies/FaultResponse.xml":                                                              {why: receiver},
	"aspnet+WebHooks/ResponseBodies/Salesforce.xml":                                                                 {why: receiver},
	"rapid7+insightconnect-plugins/plugins/salesforce/unit_test/responses/create_record_success_account.json.resp":  {why: readOnly},
	"rapid7+insightconnect-plugins/plugins/salesforce/unit_test/responses/create_record_success_document.json.resp": {why: readOnly},
	"SFDO-Tooling+CumulusCI/cumulusci/oauth/tests/cassettes/test_get_device_code.yaml":                              {why: "an answer of GitHub, not of Salesforce"},

	"restforce+restforce/spec/fixtures/expired_session_response.json": {ours: func(t *testing.T, s *Server) answer { return asUser(t, s, "expired") }, status: 401, contentType: jsonType},
	"restforce+restforce/spec/fixtures/auth_error_response.json": {ours: func(t *testing.T, s *Server) answer {
		return postForm(t, tokenURL(s), refreshing("none"))
	}, status: 400, contentType: jsonType},
	"restforce+restforce/spec/fixtures/services_data_success_response.json": {ours: restTo("/services/data"), status: 200, contentType: jsonType},
	"restforce+restforce/spec/fixtures/sobject/query_empty_response.json":   {ours: restTo("/services/data/v66.0/query?q=SELECT+Id+FROM+User+WHERE+Name='x'"), status: 200, contentType: jsonType},
	"restforce+restforce/spec/fixtures/sobject/query_error_response.json":   {ours: restTo("/services/data/v66.0/query?q=SELECT+X+FROM+User"), status: 400, contentType: jsonType},
	"restforce+restforce/spec/fixtures/sobject/query_success_response.json": {ours: func(t *testing.T, s *Server) answer {
		// The recorded object is a made-up one: ours is compared under its names.
		a := get(t, s, "/services/data/v66.0/query?q=SELECT+Name,IsActive,CreatedDate,Profile.Name+FROM+User+LIMIT+1")
		a.body = strings.NewReplacer(`"Profile"`, `"ParentWhizbang__r"`, `"IsActive"`, `"Checkbox_Label"`, `"CreatedDate"`, `"DateTime_Label"`, `"},"Name"`, `"},"Text_Label"`).Replace(a.body)
		return a
	}, status: 200, contentType: jsonType, part: true},
	"rapid7+insightconnect-plugins/plugins/salesforce/unit_test/responses/advanced_search_empty.json.resp": {ours: restTo("/services/data/v66.0/query?q=SELECT+Id+FROM+LoginHistory+WHERE+LoginTime>TODAY+AND+LoginType='x'"), status: 200, contentType: jsonType},
	"elastic+integrations/test-setupaudittrail.log": {ours: func(t *testing.T, s *Server) answer {
		a := get(t, s, "/services/data/v66.0/query?q=SELECT+Action,CreatedByContext,CreatedById,CreatedByIssuer,CreatedDate,DelegateUser,Display,Id,ResponsibleNamespacePrefix,Section+FROM+SetupAuditTrail+LIMIT+1")
		a.body = strings.TrimSuffix(a.body[strings.Index(a.body, `"records":[`)+len(`"records":[`):], "]}\n")
		return a
	}, status: 200, contentType: jsonType},
	"SFDO-Tooling+CumulusCI/cumulusci/tests/shared_cassettes/GET_sobjects_Organization.yaml": {
		ours: restTo("/services/data/v66.0/sobjects/Organization/" + OrgID), part: true},
	"SFDO-Tooling+CumulusCI/cumulusci/utils/http/tests/cassettes/TestCompositeParallelSalesforce.test_errors.yaml": {ours: compositeTo("sobjects/Foo")},
	"SFDO-Tooling+CumulusCI/cumulusci/utils/salesforce/tests/cassettes/TestCountSObjects.test_count_sobjects__errors.yaml": {
		// Account is not among the objects of this org.
		ours: compositeTo("query/?q=select count() from User", "query/?q=select count() from XYZZY")},

	"ejholmes+metaforce/spec/fixtures/requests/list_metadata/no_result.xml": {ours: soapTo(emptyList), status: 200, contentType: xmlType},
	"ejholmes+metaforce/spec/fixtures/requests/retrieve/in_progress.xml":    {ours: soapTo(retrieveWorkflows), status: 200, contentType: xmlType},
	// Of API 23, where one answer served deployments too.
	"ejholmes+metaforce/spec/fixtures/requests/check_status/not_done.xml": {ours: func(t *testing.T, s *Server) answer {
		soapCall(t, s, "66.0", retrieveWorkflows)
		return soapCall(t, s, "66.0", "<m:checkStatus><m:asyncProcessId>"+newID("09S", 301)+"</m:asyncProcessId></m:checkStatus>")
	}, status: 200, contentType: xmlType, part: true},
	// A fault of the Partner API has a detail; the metadata WSDL knows none.
	"ejholmes+metaforce/spec/fixtures/requests/login/failure.xml":                         {ours: soapTo(readCall("Gadget", "x")), status: 500, contentType: xmlType, part: true},
	"jetstreamapp+jetstream/callout-adapter.spec.ts.strings/SOAP_EMPTY_LIST_METADATA.xml": {ours: soapTo(emptyList), status: 200, contentType: xmlType},
	"jetstreamapp+jetstream/callout-adapter.spec.ts.strings/SOAP_ERROR_GENERIC.xml":       {ours: soapTo("<m:listMetadata/>"), status: 500, contentType: xmlType},
	"jetstreamapp+jetstream/callout-adapter.spec.ts.strings/SOAP_RETRIEVE_RESPONSE.xml":   {ours: soapTo(retrieveWorkflows), status: 200, contentType: xmlType},
}

// TestAnswersAreLikeTheRecordedOnes compares with what real orgs answered: status
// and content type, keys and kinds of JSON, elements of XML.
func TestAnswersAreLikeTheRecordedOnes(t *testing.T) {
	if _, err := os.Stat(recordedDir); err != nil {
		t.Skipf("not compared with recorded answers: %v", err)
	}
	left := make(map[string]bool, len(recordings))
	for file := range recordings {
		left[file] = true
	}
	err := filepath.WalkDir(recordedDir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		file, err := filepath.Rel(recordedDir, path)
		if err != nil {
			return err
		}
		file = filepath.ToSlash(file)
		delete(left, file)
		t.Run(file, func(t *testing.T) { compareRecorded(t, path, recordings[file]) })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for file := range left {
		t.Errorf("%s is not there any more", file)
	}
}

func compareRecorded(t *testing.T, path string, l likeness) {
	if l.ours == nil {
		if l.why == "" {
			t.Fatal("nobody has said with what to compare it, or why not")
		}
		t.Logf("not compared: %s", l.why)
		return
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	theirs := answer{status: l.status, header: http.Header{"Content-Type": {l.contentType}}, body: string(data)}
	if strings.HasSuffix(path, ".yaml") {
		theirs = cassette(t, data)
	}
	ours := l.ours(t, start(t, Options{}))
	if want, got := theirs.header.Get("Content-Type"), ours.header.Get("Content-Type"); ours.status != theirs.status || got != want {
		t.Errorf("ours is %d %s, theirs %d %s", ours.status, got, theirs.status, want)
	}
	var difference string
	if strings.HasPrefix(ours.body, "<") {
		difference = elementsDiffer(elements(t, ours.body), elements(t, theirs.body), l.part)
	} else {
		difference = kindsDiffer("", decodeAny(t, ours.body), decodeAny(t, theirs.body), l.part)
	}
	if difference != "" {
		t.Errorf("%s\nours:   %s\ntheirs: %s", difference, ours.body, theirs.body)
	}
}

// cassette reads the one answer of a recording, in either of the two layouts.
func cassette(t *testing.T, data []byte) answer {
	t.Helper()
	type response struct {
		Status  struct{ Code int }
		Headers map[string]any
		Body    struct{ String string }
	}
	var c struct {
		Response     response
		Interactions []struct{ Response response }
	}
	if err := yaml.Unmarshal(data, &c); err != nil {
		t.Fatal(err)
	}
	if len(c.Interactions) > 0 {
		c.Response = c.Interactions[0].Response
	}
	headers := c.Response.Headers
	if inner, ok := headers["Response-Headers"].(map[string]any); ok {
		headers = inner
	}
	types, _ := headers["Content-Type"].([]any)
	if len(types) != 1 {
		t.Fatalf("no content type in %v", headers)
	}
	return answer{c.Response.Status.Code, http.Header{"Content-Type": {fmt.Sprint(types[0])}}, c.Response.Body.String}
}

func decodeAny(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

// kindsDiffer says where ours has another kind of value than theirs, or other
// keys. A null fits everything; of a list the elements are compared that both have.
func kindsDiffer(at string, ours, theirs any, part bool) string {
	if ours == nil || theirs == nil {
		return ""
	}
	switch ours := ours.(type) {
	case map[string]any:
		theirs, ok := theirs.(map[string]any)
		if !ok {
			return at + " is no object in theirs"
		}
		for key, v := range ours {
			other, ok := theirs[key]
			if !ok {
				return at + "." + key + " is only in ours"
			}
			if d := kindsDiffer(at+"."+key, v, other, part); d != "" {
				return d
			}
		}
		for key := range theirs {
			if _, ok := ours[key]; !ok && !part {
				return at + "." + key + " is only in theirs"
			}
		}
		return ""
	case []any:
		theirs, ok := theirs.([]any)
		if !ok || len(theirs) == 0 != (len(ours) == 0) {
			return at + " is a list in one of them only, or empty in one"
		}
		for i := range min(len(ours), len(theirs)) {
			if d := kindsDiffer(fmt.Sprintf("%s[%d]", at, i), ours[i], theirs[i], part); d != "" {
				return d
			}
		}
		return ""
	}
	if a, b := fmt.Sprintf("%T", ours), fmt.Sprintf("%T", theirs); a != b {
		return at + " is a " + a + " in ours, a " + b + " in theirs"
	}
	return ""
}

// elements lists the elements of a document in order, each with its namespace and
// those around it.
func elements(t *testing.T, text string) []string {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	var list, around []string
	for {
		token, err := d.Token()
		if err != nil {
			if len(list) == 0 || len(around) > 0 {
				t.Fatalf("%v in %s", err, text)
			}
			return list
		}
		switch token := token.(type) {
		case xml.StartElement:
			around = append(around, token.Name.Space+" "+token.Name.Local)
			list = append(list, strings.Join(around, " / "))
		case xml.EndElement:
			around = around[:len(around)-1]
		}
	}
}

// elementsDiffer compares the order, too. In part ours may leave some out.
func elementsDiffer(ours, theirs []string, part bool) string {
	if !part {
		if slices.Equal(ours, theirs) {
			return ""
		}
		return "the elements differ"
	}
	for _, e := range ours {
		at := slices.Index(theirs, e)
		if at < 0 {
			return e + " is not in theirs, or not in this place"
		}
		theirs = theirs[at+1:]
	}
	return ""
}

// TestRefusalOfAnUnknownObjectIsTheRecordedOne compares letter by letter.
func TestRefusalOfAnUnknownObjectIsTheRecordedOne(t *testing.T) {
	const file = "SFDO-Tooling+CumulusCI/cumulusci/utils/salesforce/tests/cassettes/TestCountSObjects.test_count_sobjects__errors.yaml"
	data, err := os.ReadFile(filepath.Join(recordedDir, file))
	if err != nil {
		t.Skipf("not compared with the recorded answer: %v", err)
	}
	refusal := func(body string) any {
		responses := decodeAny(t, body).(map[string]any)["compositeResponse"].([]any)
		last := responses[1].(map[string]any)
		return []any{last["body"], last["httpStatusCode"], last["httpHeaders"]}
	}
	ours, theirs := refusal(recordings[file].ours(t, start(t, Options{})).body), refusal(cassette(t, data).body)
	if a, b := fmt.Sprint(ours), fmt.Sprint(theirs); a != b {
		t.Errorf("ours:   %s\ntheirs: %s", a, b)
	}
}
