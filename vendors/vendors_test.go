package vendors_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sidestep/salesforce"
	"sidestep/vendors"
)

// proposed names the vendors that the facts suggest.
func proposed(d vendors.Directory, h vendors.Hint) string {
	var names []string
	for _, p := range d.Propose(h) {
		names = append(names, p.Vendor.Name)
	}
	return strings.Join(names, ", ")
}

func TestHostsBelongToTheirVendor(t *testing.T) {
	for host, want := range map[string]string{
		"workflow.congamerge.com":                           "Conga",
		"congamerge.com":                                    "Conga",
		"congamerge.com:8443":                               "Conga",
		"WORKFLOW.CongaMerge.com.":                          "Conga",
		"iad1.qualtrics.com":                                "Qualtrics",
		"hooks.zapier.com":                                  "Zapier",
		"hook.us1.make.com":                                 "Make",
		"webhooks.eu.workato.com":                           "Workato",
		"www.workato.com":                                   "Workato",
		"998fa4c7-d68f-4410-9981-678b7586a1b1.trayapp.io":   "Tray.ai",
		"45e065f2-1011-4343-b48b-b9b6.integration-hook.com": "Tray.ai",
		"fc2e17f9.eu1.trayapp.io":                           "Tray.ai",
		"eo123.m.pipedream.net":                             "Pipedream",
		"notifications.pervasive.com":                       "Actian DataCloud (Pervasive)",
		"integration.clarizen.com":                          "Planview AdaptiveWork (Clarizen)",
		"myapp.us-e2.cloudhub.io":                           "MuleSoft CloudHub",
		"x.it-cpi018-rt.cfapps.eu10-003.hana.ondemand.com":  "SAP Integration Suite",
		"z4675bid1j.execute-api.eu-west-2.amazonaws.com":    "AWS API Gateway",
		"abc.lambda-url.eu-central-1.on.aws":                "AWS Lambda",
		"capi-tkt-west.azurewebsites.net":                   "Azure Functions and App Service",
		"prod-03.westus.logic.azure.com":                    "Azure Logic Apps",
		"svc-123.europe-west1.run.app":                      "Google Cloud Run and Functions",
		"europe-west1-acme.cloudfunctions.net":              "Google Cloud Run and Functions",
		"acme.ngrok.app":                                    "ngrok",

		// Look-alikes, neighbours and nonsense belong to nobody.
		"evilcongamerge.com":          "",
		"congamerge.com.evil.example": "",
		"congamerge.co":               "",
		"xn--cngamerge-f9g.com":       "",
		"cоngamerge.com":              "",
		"apps.drawloop.com":           "Nintex DocGen",
		"dynamo-api.documill.com":     "Documill Dynamo",
		"connect.boomi.com":           "Boomi",
		"boomi.com":                   "",
		"acme-1.integration.eu-frankfurt-1.ocp.oraclecloud.com": "Oracle Integration",
		"oraclecloud.com":                              "",
		"acme-receiver-0123456789ab.herokuapp.com":     "Heroku",
		"zapier.com":                                   "",
		"hooks.zapier.com.evil.example":                "",
		"notmake.com":                                  "",
		"pipedream.net":                                "",
		"s3.eu-west-2.amazonaws.com":                   "",
		"a.execute-api.eu-west-2.amazonaws.com.evil.x": "",
		"a.execute-api.b.c.amazonaws.com":              "",
		"on.aws":                                       "",
		"azure.com":                                    "",
		"hooks.vendor.example":                         "",
		"":                                             "",
		".":                                            "",
		"com":                                          "",
		"127.0.0.1":                                    "",
		"[::1]":                                        "",
		"[::1]:443":                                    "",
		salesforce.NoHost:                              "",
		"congamerge.com/x":                             "",
		"user@congamerge.com":                          "",
		"congamerge.com:x":                             "",
		"congamerge.com\x00":                           "",
		"a..congamerge.com":                            "",
		strings.Repeat("a.", 200) + "congamerge.com": "",
		"\u202e.congamerge.com":                      "",
	} {
		if got := proposed(vendors.BuiltIn(), vendors.Hint{Host: host}); got != want {
			t.Errorf("%q: %q, want %q", host, got, want)
		}
	}
}

func TestPlatformsSayThatTheOwnerIsProbablyOneself(t *testing.T) {
	for _, v := range vendors.BuiltIn().All() {
		hint := vendors.Hint{Host: strings.ReplaceAll("x."+v.Hosts[0], "*", "y")}
		p := vendors.BuiltIn().Propose(hint)
		if len(p) != 1 || p[0].Vendor.Name != v.Name || !strings.Contains(p[0].Why, v.Name) {
			t.Fatalf("%+v: %v", hint, p)
		}
		if got := strings.Contains(p[0].Why, "your own company"); got != (v.Serves == vendors.Many) {
			t.Errorf("%s serves %s: %s", v.Name, v.Serves, p[0].Why)
		}
	}
}

// Every entry names the pages it was read on, and no address of a person.
func TestEveryEntryHasASource(t *testing.T) {
	all := vendors.BuiltIn().All()
	if len(all) < 15 {
		t.Fatalf("%d entries", len(all))
	}
	for _, v := range all {
		if len(v.Sources) == 0 || v.Own {
			t.Errorf("%s: sources %q, own %v", v.Name, v.Sources, v.Own)
		}
		for _, s := range v.Sources {
			if !strings.HasPrefix(s, "https://") {
				t.Errorf("%s: %s", v.Name, s)
			}
		}
		if len(v.Hosts)+len(v.Packages) == 0 {
			t.Errorf("%s is told by nothing", v.Name)
		}
	}
	text, err := os.ReadFile("vendors.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.ContainsRune(text, '@') {
		t.Error("the directory holds a contact")
	}
}

func TestPackagesAndNamesComeFirst(t *testing.T) {
	d, problems := vendors.BuiltIn().With("mine.yaml", strings.NewReader(`
- name: Acme
  packages: [acme]
  made: [ACME_Send_]
- name: Parcelwise
  names: [Parcelwise Shipping]
`))
	if len(problems) != 0 {
		t.Fatal(problems)
	}
	for name, c := range map[string]struct {
		hint      vendors.Hint
		want, why string
	}{
		"namespace":         {vendors.Hint{Host: "hooks.zapier.com", Namespaces: []string{"", "ACME"}}, "Acme, Zapier", "The package ACME brought"},
		"conga's":           {vendors.Hint{Namespaces: []string{"APXTConga4"}}, "Conga", "APXTConga4"},
		"installed name":    {vendors.Hint{Namespaces: []string{"pw"}, Installed: []vendors.Package{{"pw", "Parcelwise Shipping", "PW Inc."}}}, "Parcelwise, PW Inc.", "installed as"},
		"publisher":         {vendors.Hint{Namespaces: []string{"pw"}, Installed: []vendors.Package{{"pw", "Shipping", "parcelwise"}}}, "Parcelwise", "installed as"},
		"unknown publisher": {vendors.Hint{Namespaces: []string{"zz"}, Installed: []vendors.Package{{"zz", "Z", "Zed Ltd"}}}, "Zed Ltd", `publisher is "Zed Ltd"`},
		"unknown package":   {vendors.Hint{Namespaces: []string{"zz"}}, "", ""},
		"other's package":   {vendors.Hint{Installed: []vendors.Package{{"acme", "A", "Acme"}}}, "", ""},
		"installer's name":  {vendors.Hint{Messages: []string{"Other", "acme_send_order"}}, "Acme", "ACME_Send_"},
		"only the middle":   {vendors.Hint{Messages: []string{"My_ACME_Send_order"}}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := proposed(d, c.hint); got != c.want {
				t.Fatalf("%q, want %q", got, c.want)
			}
			if c.want != "" && !strings.Contains(d.Propose(c.hint)[0].Why, c.why) {
				t.Errorf("%q", d.Propose(c.hint)[0].Why)
			}
		})
	}
}

func TestOwnFileComesBeforeTheBuiltIn(t *testing.T) {
	d, problems := vendors.BuiltIn().With("mine.yaml", strings.NewReader("- name: zapier\n  serves: one\n  hosts: ['*.Acme.Example ']\n- name: Ours\n  serves: many\n  hosts: [hooks.zapier.com]\n"))
	if len(problems) != 0 {
		t.Fatal(problems)
	}
	if got := proposed(d, vendors.Hint{Host: "hooks.zapier.com"}); got != "Ours" {
		t.Errorf("%q", got)
	}
	if got := proposed(d, vendors.Hint{Host: "a.acme.example"}); got != "zapier" {
		t.Errorf("%q", got)
	}
	if v, ok := d.Named(" ZAPIER "); !ok || !v.Own {
		t.Errorf("%+v", v)
	}
	if len(d.All()) != len(vendors.BuiltIn().All())+1 {
		t.Errorf("%d entries", len(d.All()))
	}
	if got := proposed(vendors.BuiltIn(), vendors.Hint{Host: "hooks.zapier.com"}); got != "Zapier" {
		t.Errorf("the built-in directory is changed: %q", got)
	}
}

func TestWrongEntriesAreToldAndTheOthersStand(t *testing.T) {
	const good = "\n- name: Good\n  hosts: [good.example]\n"
	for name, c := range map[string]struct{ text, want string }{
		"unknown field":   {"- name: A\n  host: [a.example]", `^m\.yaml:1: field host not found`},
		"no name":         {"- hosts: [a.example]", `^m\.yaml:1: it has no name`},
		"nothing to tell": {"- name: A", `^m\.yaml:1: A can be told by nothing`},
		"serves":          {"- name: A\n  serves: all\n  hosts: [a.example]", `serves is one or many`},
		"a top domain":    {"- name: A\n  hosts: [com]", `"com" is no domain`},
		"a star for all":  {"- name: A\n  hosts: ['*.*.example']", `is no domain`},
		"a url":           {"- name: A\n  hosts: ['https://a.example/x']", `is no domain`},
		"other letters":   {"- name: A\n  hosts: ['аpple.com']", `is no domain`},
		"a source":        {"- name: A\n  hosts: [a.example]\n  sources: ['javascript:x']", `is no web address`},
		"no entry":        {"- just text", `this is no entry`},
		"wrong type":      {"- name: A\n  hosts: {a: b}", `cannot unmarshal`},
		"twice":           {"- name: A\n  hosts: [a.example]\n- name: a\n  hosts: [b.example]", `a stands here twice`},
		"references":      {"- {name: A, hosts: [a.example], facts: [&x b, *x]}", `references`},
		"hostile":         {"- name: \"A\\e]0;x\\a\"\n  serves: \"\\e[2J\"\n  hosts: [a.example]", `^[^\x00-\x1f]*$`},
	} {
		t.Run(name, func(t *testing.T) {
			d, problems := vendors.Directory{}.With("m.yaml", strings.NewReader(c.text+good))
			if len(problems) != 1 || !regexp.MustCompile(c.want).MatchString(problems[0].Error()) {
				t.Errorf("%q, want %s", problems, c.want)
			}
			if proposed(d, vendors.Hint{Host: "good.example"}) == "" {
				t.Error("the good entry is gone")
			}
		})
	}
	for name, text := range map[string]string{
		"no list": "name: A", "no yaml": "- name: [", "not UTF-8": "- name: \xff", "large": strings.Repeat("#", 300<<10),
	} {
		t.Run(name, func(t *testing.T) {
			d, problems := vendors.BuiltIn().With("m.yaml", strings.NewReader(text))
			if len(problems) != 1 || len(d.All()) != len(vendors.BuiltIn().All()) {
				t.Errorf("%q, %d entries", problems, len(d.All()))
			}
		})
	}
}

// What vendors do occur in real files.
func TestDirectoryKnowsVendorsOfRealFiles(t *testing.T) {
	root := filepath.Join("..", "..", "shared", "corpus")
	if _, err := os.Stat(root); err != nil {
		t.Skip("the corpus of real files is not here")
	}
	found := map[string]int{}
	url := regexp.MustCompile(`<endpointUrl>([^<]*)`)
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.Contains(strings.ToLower(d.Name()), "orkflow") {
			return err
		}
		data, err := os.ReadFile(path)
		for _, m := range url.FindAllSubmatch(data, -1) {
			found[proposed(vendors.BuiltIn(), vendors.Hint{Host: salesforce.ParseEndpoint(string(m[1])).Host})]++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%v", found)
	for _, name := range []string{"Conga", "Make", "Zapier", "Qualtrics", "Tray.ai"} {
		if found[name] == 0 {
			t.Errorf("%s was not recognised", name)
		}
	}
}

func FuzzWith(f *testing.F) {
	f.Add("- name: A\n  hosts: [a.example, '*.b.example']\n")
	f.Add("- &a {name: *a}")
	f.Fuzz(func(t *testing.T, text string) {
		d, problems := vendors.Directory{}.With("m.yaml", strings.NewReader(text))
		for _, p := range problems {
			if strings.ContainsAny(p.Error(), "\n\r\x1b\x00") {
				t.Errorf("%q", p.Error())
			}
		}
		for _, v := range d.All() {
			if v.Name == "" || strings.ContainsAny(v.Name+strings.Join(v.Hosts, "")+strings.Join(v.Facts, ""), "\n\x1b\x00") {
				t.Errorf("%+v", v)
			}
		}
	})
}
