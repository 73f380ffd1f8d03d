package demoorg

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"
)

// Words for generated orgs. None of the combinations is a real company.
var (
	vendorFirst  = []string{"Amber", "Blue", "Cedar", "Delta", "Echo", "Falcon", "Granite", "Harbor", "Indigo", "Juniper", "Kestrel", "Lumen", "Maple", "Nimbus", "Opal", "Pioneer", "Quartz", "River", "Summit", "Timber"}
	vendorSecond = []string{"bridge", "cargo", "desk", "fleet", "grid", "ledger", "link", "mail", "pay", "port", "quote", "sign", "stack", "stock", "track", "vault"}
	teams        = []string{"orders", "billing", "warehouse", "service", "hr", "dataplatform", "fulfilment", "pricing"}
	verbs        = []string{"Send", "Notify", "Sync", "Push", "Export", "Publish", "Update", "Register"}
	nouns        = []string{"order", "invoice", "contact", "shipment", "quote", "customer", "case", "contract", "price", "return", "asset", "visit"}
	paths        = []string{"sf/outbound", "salesforce/notify", "hooks/sfdc", "soap/messages", "inbound/crm", "api/v2/events"}
	customFirst  = []string{"Service", "Loan", "Site", "Stock", "Project", "Route", "Claim", "Field", "Rental", "Audit"}
	customSecond = []string{"Request", "Visit", "Item", "Plan", "Report", "Order", "Entry", "Check"}
)

// generatedOrg makes an org of n messages. The same n always makes the same org.
func generatedOrg(n int) *org {
	g := generator{rnd: rand.New(rand.NewPCG(uint64(n), 2026)), org: &org{users: northwindUsers()}}
	g.objects(max(n/25, 6))
	g.org.index()
	g.addresses(max(n/10, 1), max(n/40, 1))
	g.org.messages = make([]message, 0, n)
	g.org.rules = make([]rule, 0, n)
	for i := range n {
		g.message(i)
	}
	return g.org
}

type generator struct {
	org  *org
	rnd  *rand.Rand
	urls []string
}

func (g *generator) objects(n int) {
	for _, e := range northwindEntities() {
		if e.Name == e.DurableID && len(g.org.entities) < n {
			g.org.entities = append(g.org.entities, e)
		}
	}
	for i := 0; len(g.org.entities) < n; i++ {
		word := customFirst[i%len(customFirst)] + "_" + customSecond[i/len(customFirst)%len(customSecond)]
		if round := i / (len(customFirst) * len(customSecond)); round > 0 {
			word += strconv.Itoa(round + 1)
		}
		label := word
		if i%9 == 8 {
			word = "swft__" + word
		}
		g.org.entities = append(g.org.entities, entity{
			Name: word + "__c", Label: label, DurableID: newID("01I", i)[:15], KeyPrefix: "a" + base62[i/62%62:i/62%62+1] + base62[i%62:i%62+1],
		})
	}
}

// addresses spreads the endpoints over the hosts. Every fourth host is one of
// the company's own, the others belong to vendors.
func (g *generator) addresses(endpoints, hosts int) {
	g.urls = make([]string, 0, endpoints)
	for i := range endpoints {
		h := i % hosts
		var host string
		if h%4 == 0 {
			host = teams[h/4%len(teams)]
			if round := h / 4 / len(teams); round > 0 {
				host += strconv.Itoa(round + 1)
			}
			host += ".northwind.example"
		} else {
			v := vendorSecond[h%len(vendorSecond)]
			host = lower(vendorFirst[h/len(vendorSecond)%len(vendorFirst)]) + v
			if round := h / (len(vendorSecond) * len(vendorFirst)); round > 0 {
				host += strconv.Itoa(round + 1)
			}
			host = "hooks." + host + ".example"
		}
		address := "https://" + host + "/" + paths[i/hosts%len(paths)]
		if round := i / hosts / len(paths); round > 0 {
			address += "/" + strconv.Itoa(round+1)
		}
		switch i % 29 {
		case 11:
			address = "http" + address[len("https"):]
		case 17:
			address += fmt.Sprintf("?key=k%08x", g.rnd.Uint32())
		}
		g.urls = append(g.urls, address)
	}
}

func (g *generator) message(i int) {
	r := g.rnd
	e := &g.org.entities[r.IntN(len(g.org.entities))]
	verb, noun := verbs[r.IntN(len(verbs))], nouns[r.IntN(len(nouns))]
	created := day(2014+r.IntN(11), time.Month(1+r.IntN(12)), 1+r.IntN(28))
	m := message{Entity: e, Def: outboundMessage{
		FullName:   verb + "_" + noun + "_" + strconv.Itoa(i+1),
		APIVersion: version(31 + r.IntN(33)), EndpointURL: g.urls[r.IntN(len(g.urls))],
		Fields:           []string{"Id", "Name", "LastModifiedDate"},
		IncludeSessionID: r.IntN(3) != 0, IntegrationUser: g.org.users[2+r.IntN(5)].Username,
		Name: verb + " " + noun + " " + strconv.Itoa(i+1),
	}}
	if r.IntN(8) == 0 {
		m.Def.APIVersion = version(18 + r.IntN(13))
	}
	m.component = g.org.made("04k", 50_000+i, created, created.AddDate(0, r.IntN(20), 0))
	m.OnlyOrg = r.IntN(40) == 0
	if r.IntN(25) == 0 {
		m.Namespace, m.Def.FullName = "swft", "swft__"+m.Def.FullName
	}
	g.org.messages = append(g.org.messages, m)
	g.firedBy(i, &g.org.messages[i])
}

// firedBy gives most messages a rule, some a flow, and leaves a tenth to nobody.
func (g *generator) firedBy(i int, m *message) {
	label := m.Def.Name + " on change"
	switch k := g.rnd.IntN(10); {
	case k == 0:
		return
	case k <= 2:
		f := flowVersion{DefinitionID: newID("300", 50_000+i), Number: 1, Name: "Flow_" + strconv.Itoa(i+1)}
		f.Def = recordTriggered(label, m.Entity.Name, "CreateAndUpdate", "Send", m.fullName(), g.rnd.IntN(4) != 0)
		f.component = g.org.made("301", 50_000+i, m.Created, m.Modified)
		f.OnlyOrg = m.OnlyOrg
		g.org.flows = append(g.org.flows, f)
	default:
		d := rule{Entity: m.Entity, Def: workflowRule{
			FullName: label, Actions: fire(m.Def.FullName), Active: g.rnd.IntN(4) != 0,
			CriteriaItems: []filterItem{{m.Entity.Name + ".LastModifiedById", "notEqual", "Integration Hub"}}, TriggerType: "onAllChanges",
		}}
		d.component = g.org.made("01Q", 50_000+i, m.Created, m.Modified)
		d.OnlyOrg = m.OnlyOrg
		if k == 3 {
			d.Def.TimeTriggers = []timeTrigger{{Actions: d.Def.Actions, TimeLength: "2", Unit: "Hours"}}
			d.Def.Actions = nil
		}
		if m.Namespace != "" {
			d.Namespace, d.Def.FullName = m.Namespace, m.Namespace+"__"+d.Def.FullName
		}
		g.org.rules = append(g.org.rules, d)
	}
}
