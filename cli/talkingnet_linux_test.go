package cli

import (
	"errors"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// org is an org in the network, under its own name and without a proxy.
func (n *network) org(messages int) *apiOrg {
	n.t.Helper()
	f := startAPIOrg(n.t, messages)
	n.names("acme.my.salesforce.com", orgAddress)
	n.lead(orgAddress+":443", f.Listener.Addr().String())
	return f
}

// names has the name server know a name.
func (n *network) names(name, address string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.addresses[name] = address
}

// begin begins a scan by a program that is in the network.
func (n *network) begin(f *apiOrg, settings ...string) (end func(*testing.T) scanned) {
	n.t.Helper()
	cmd, s := f.command(n.t, append([]string{"HTTPS_PROXY="}, settings...))
	n.inside(func() { end = s.begin(n.t, cmd) })
	return end
}

// Threat "proxy, own CA": what NO_PROXY names is asked directly, the rest is not.
func TestNoProxy(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		settings []string
		through  bool
	}{
		"no proxy at all":       {nil, false},
		"a proxy":               {[]string{"HTTPS_PROXY=http://" + proxyAddress + ":3128"}, true},
		"not for all of them":   {[]string{"HTTPS_PROXY=http://" + proxyAddress + ":3128", "NO_PROXY=intranet.example, .my.salesforce.com"}, false},
		"not for this one":      {[]string{"https_proxy=http://" + proxyAddress + ":3128", "no_proxy=acme.my.salesforce.com"}, false},
		"not for another one":   {[]string{"HTTPS_PROXY=http://" + proxyAddress + ":3128", "NO_PROXY=other.my.salesforce.com"}, true},
		"not for anybody":       {[]string{"HTTPS_PROXY=http://" + proxyAddress + ":3128", "NO_PROXY=*"}, false},
		"not for a lookalike":   {[]string{"HTTPS_PROXY=http://" + proxyAddress + ":3128", "NO_PROXY=.salesforce.com.evil.test"}, true},
		"a proxy for http only": {[]string{"HTTP_PROXY=http://" + proxyAddress + ":3128"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newNetwork(t)
			org := n.org(2)
			n.lead(proxyAddress+":3128", org.proxy.Listener.Addr().String())
			n.begin(org, c.settings...)(t).whole(t, 2)
			if led := org.proxy.led(); (len(led) > 0) != c.through {
				t.Errorf("the proxy was asked for %q", led)
			}
		})
	}
}

// Threat "bad line": each cause has its own words.
func TestNobodyIsThere(t *testing.T) {
	t.Parallel()
	waiting := map[string]func(*testing.T){}
	for name, c := range map[string]struct {
		prepare func(n *network)
		says    string
	}{
		"unknown name":     {func(n *network) { delete(n.addresses, "acme.my.salesforce.com") }, "there is no host of the name acme.my.salesforce.com|a My Domain that was renamed"},
		"name server busy": {func(n *network) { n.busy = true }, "the name server can't tell where acme.my.salesforce.com is|VPN"},
		"no name server":   {func(n *network) { n.silent = true }, "no name server answers, so acme.my.salesforce.com can't be found|VPN"},
		"packets are lost": {func(n *network) { n.addresses["acme.my.salesforce.com"] = lostAddress }, "could not be reached: nothing answered within 15s|a firewall that drops connections"},
		"nobody listens":   {func(n *network) { n.addresses["acme.my.salesforce.com"] = proxyAddress }, "nothing there takes connections (connection refused)|check the address, the network connection"},
		"no way there":     {func(n *network) { n.addresses["acme.my.salesforce.com"] = "198.51.100.7" }, "this computer has no way there|check the address, the network connection"},
	} {
		n := newNetwork(t)
		org := n.org(2)
		n.mu.Lock()
		c.prepare(n)
		n.mu.Unlock()
		end := n.begin(org)
		waiting[name] = func(t *testing.T) {
			end(t).none(t, failed, c.says)
			if org.asked("") > 0 {
				t.Error("the org was asked all the same")
			}
		}
	}
	for name, end := range waiting {
		t.Run(name, end)
	}
}

// Threat "cancel", before there is a line: an interrupted program ends while
// nobody has answered yet, and in the interface esc leaves nothing behind.
func TestCancelWithoutALine(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		prepare func(n *network)
		// waits is the address that a socket is connected to meanwhile.
		waits string
	}{
		"names":      {func(n *network) { n.silent = true }, namesAddress + ":53"},
		"connecting": {func(n *network) { n.addresses["acme.my.salesforce.com"] = lostAddress }, lostAddress + ":443"},
	} {
		prepare := func(t *testing.T) (*network, *apiOrg) {
			n := newNetwork(t)
			org := n.org(3)
			n.mu.Lock()
			defer n.mu.Unlock()
			c.prepare(n)
			return n, org
		}
		t.Run(name+", interrupted", func(t *testing.T) {
			t.Parallel()
			n, org := prepare(t)
			cmd, s := org.command(t, []string{"HTTPS_PROXY="})
			var end func(*testing.T) scanned
			n.inside(func() { end = s.begin(t, cmd) })
			n.until(true, c.waits)
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			ended := end(t)
			if ended.code != failed || !strings.Contains(ended.words, "sidestep: interrupted") {
				t.Errorf("exit code %d, it says:\n%s", ended.code, ended.words)
			}
		})
		t.Run(name+", esc", func(t *testing.T) {
			t.Parallel()
			n, org := prepare(t)
			d := sit(t, org.homeOf(t), terminal{cols: 120, rows: 40, env: []string{"SIDESTEP_CA_FILE=" + org.ca}, inside: n.inside})
			d.sees("Sign in to an org")
			d.types(keyEnter)
			d.sees("Acme", apiOrgUser)
			d.types(keyEnter)
			n.until(true, c.waits)
			d.types(keyEsc)
			n.until(false, c.waits)
			d.types("q")
			if code := d.ends(); code != fine {
				t.Errorf("exit code %d", code)
			}
		})
	}
}

// until waits until some socket is connected to an address, or none.
func (n *network) until(some bool, address string) {
	n.t.Helper()
	for deadline := time.Now().Add(atOnce); ; time.Sleep(5 * time.Millisecond) {
		connected, err := n.sockets()
		if err != nil {
			n.t.Fatal(err)
		}
		if slices.Contains(connected, address) == some {
			return
		}
		if time.Now().After(deadline) {
			n.t.Fatalf("a socket connected to %s: not %v, all: %q", address, some, connected)
		}
	}
}

// The network itself must tell apart what the tests above tell apart.
func TestNetworkLosesAndRefuses(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	n.inside(func() {
		var refused, lost error
		dialer := net.Dialer{Timeout: time.Second}
		if _, refused = dialer.Dial("tcp", proxyAddress+":1"); refused == nil || isTimeout(refused) {
			t.Errorf("where nobody listens: %v", refused)
		}
		if _, lost = dialer.Dial("tcp", lostAddress+":1"); !isTimeout(lost) {
			t.Errorf("where packets get lost: %v", lost)
		}
	})
}

func isTimeout(err error) bool {
	var slow net.Error
	return errors.As(err, &slow) && slow.Timeout()
}
