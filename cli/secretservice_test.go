//go:build linux

package cli

import (
	"bufio"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"
)

const (
	secretsPath = dbus.ObjectPath("/org/freedesktop/secrets")
	loginPath   = secretsPath + "/collection/login"
	promptPath  = secretsPath + "/prompt/p1"
	sessionPath = secretsPath + "/session/s1"
	secretsName = "org.freedesktop.Secret."
)

// bus starts a message bus of its own and returns its address.
func bus(t *testing.T) string {
	t.Helper()
	daemon, err := exec.LookPath("dbus-daemon")
	if err != nil {
		t.Skip("SKIPPED: the program dbus-daemon is not installed")
	}
	cmd := exec.CommandContext(t.Context(), daemon, "--session", "--nofork", "--nopidfile", "--print-address=1", "--address=unix:dir="+t.TempDir())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("no bus: %v", err)
	}
	return strings.TrimSpace(address)
}

// secretService is a keychain as desktops have one.
type secretService struct {
	conn *dbus.Conn
	// silent keeps every question open until it is closed; nil answers them.
	silent chan struct{}
	// locked asks for a password, which nobody gives.
	locked bool
	// saving is called before a secret is saved.
	saving func(sender dbus.Sender)

	mu    sync.Mutex
	items map[string]busSecret // by the name
}

type busSecret struct {
	Session           dbus.ObjectPath
	Parameters, Value []byte
	ContentType       string
}

// serve puts the keychain on a bus.
func (s *secretService) serve(t *testing.T, address string) {
	t.Helper()
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	s.conn, s.items = conn, map[string]busSecret{}
	for _, e := range []struct {
		path    dbus.ObjectPath
		iface   string
		methods map[string]any
	}{
		{secretsPath, secretsName + "Service", map[string]any{"OpenSession": s.openSession, "Unlock": s.unlock}},
		{secretsPath, "org.freedesktop.DBus.Properties", map[string]any{"Get": s.property}},
		{loginPath, secretsName + "Collection", map[string]any{"SearchItems": s.search, "CreateItem": s.create}},
		{sessionPath, secretsName + "Session", map[string]any{"Close": func() *dbus.Error { return nil }}},
		{promptPath, secretsName + "Prompt", map[string]any{"Prompt": s.prompt}},
	} {
		if err := conn.ExportMethodTable(e.methods, e.path, e.iface); err != nil {
			t.Fatal(err)
		}
	}
	item := map[string]any{"GetSecret": s.secret, "Delete": s.delete}
	if err := conn.ExportSubtreeMethodTable(item, loginPath+"/items", secretsName+"Item"); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName("org.freedesktop.secrets", dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
}

func (s *secretService) wait() {
	s.mu.Lock()
	silent := s.silent
	s.mu.Unlock()
	if silent != nil {
		<-silent
	}
}

// fallSilent leaves every call without an answer until the test ends.
func (s *secretService) fallSilent(t *testing.T) {
	silent := make(chan struct{})
	t.Cleanup(func() { close(silent) })
	s.mu.Lock()
	defer s.mu.Unlock()
	s.silent = silent
}

func (s *secretService) openSession(string, dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
	s.wait()
	return dbus.MakeVariant(""), sessionPath, nil
}

func (s *secretService) property(string, string) (dbus.Variant, *dbus.Error) {
	s.wait()
	return dbus.MakeVariant([]dbus.ObjectPath{loginPath}), nil
}

func (s *secretService) unlock(what []dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	s.wait()
	if s.locked {
		return nil, promptPath, nil
	}
	return what, "/", nil
}

// prompt is dismissed at once.
func (s *secretService) prompt(string) *dbus.Error {
	go func() {
		_ = s.conn.Emit(promptPath, secretsName+"Prompt.Completed", true, dbus.MakeVariant([]dbus.ObjectPath{}))
	}()
	return nil
}

func (s *secretService) search(wanted map[string]string) ([]dbus.ObjectPath, *dbus.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.items[wanted["username"]]; !ok {
		return nil, nil
	}
	return []dbus.ObjectPath{itemPath(wanted["username"])}, nil
}

func (s *secretService) create(sender dbus.Sender, properties map[string]dbus.Variant, secret busSecret, _ bool) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	if s.saving != nil {
		s.saving(sender)
	}
	attributes, _ := properties[secretsName+"Item.Attributes"].Value().(map[string]string)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items[attributes["username"]] = secret
	return itemPath(attributes["username"]), "/", nil
}

func (s *secretService) secret(m dbus.Message, _ dbus.ObjectPath) (busSecret, *dbus.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, secret := range s.items {
		if itemPath(name) == m.Headers[dbus.FieldPath].Value() {
			return secret, nil
		}
	}
	return busSecret{}, dbus.NewError("org.freedesktop.Secret.Error.NoSuchObject", nil)
}

func (s *secretService) delete(m dbus.Message) (dbus.ObjectPath, *dbus.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name := range s.items {
		if itemPath(name) == m.Headers[dbus.FieldPath].Value() {
			delete(s.items, name)
		}
	}
	return "/", nil
}

// itemPath turns a name into letters that an object path may hold.
func itemPath(name string) dbus.ObjectPath {
	var b strings.Builder
	for _, c := range []byte(name) {
		const hex = "0123456789abcdef"
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
	return loginPath + "/items/" + dbus.ObjectPath(b.String())
}

// kept is what is in the keychain, by name.
func (s *secretService) kept() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[string]string{}
	for name, secret := range s.items {
		all[name] = string(secret.Value)
	}
	return all
}

// pidOf is the process behind a name on the bus.
func (s *secretService) pidOf(sender dbus.Sender) (int, error) {
	var pid uint32
	err := s.conn.BusObject().Call("org.freedesktop.DBus.GetConnectionUnixProcessID", 0, string(sender)).Store(&pid)
	return int(pid), err
}
