// Command keychain is a Secret Service that forgets everything when it ends, for
// measurements on computers without one. It keeps to what go-keyring asks.
package main

import (
	"fmt"
	"maps"
	"os"
	"sync"

	"github.com/godbus/dbus/v5"
)

const (
	name  = "org.freedesktop.secrets"
	root  = dbus.ObjectPath("/org/freedesktop/secrets")
	login = root + "/aliases/default"
	none  = dbus.ObjectPath("/")
)

type secret struct {
	Session     dbus.ObjectPath
	Parameters  []byte
	Value       []byte
	ContentType string
}

type item struct {
	keys map[string]string
	path dbus.ObjectPath
	secret
}

type service struct {
	mu    sync.Mutex
	conn  *dbus.Conn
	items []*item
}

func (s *service) OpenSession(string, dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
	return dbus.MakeVariant(""), root + "/session", nil
}

func (s *service) Close() *dbus.Error { return nil }

func (s *service) Unlock(paths []dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	return paths, none, nil
}

func (s *service) Get(string, string) (dbus.Variant, *dbus.Error) {
	return dbus.MakeVariant([]dbus.ObjectPath{login}), nil
}

func (s *service) CreateItem(properties map[string]dbus.Variant, value secret, _ bool) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	keys, _ := properties["org.freedesktop.Secret.Item.Attributes"].Value().(map[string]string)
	for _, i := range s.items {
		if maps.Equal(i.keys, keys) {
			i.secret = value
			return i.path, none, nil
		}
	}
	i := &item{keys, login + dbus.ObjectPath(fmt.Sprintf("/%d", len(s.items))), value}
	s.items = append(s.items, i)
	if err := s.conn.Export(i, i.path, "org.freedesktop.Secret.Item"); err != nil {
		return none, none, dbus.MakeFailedError(err)
	}
	return i.path, none, nil
}

func (s *service) SearchItems(keys map[string]string) ([]dbus.ObjectPath, *dbus.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := []dbus.ObjectPath{}
	for _, i := range s.items {
		if maps.Equal(i.keys, keys) {
			found = append(found, i.path)
		}
	}
	return found, nil
}

func (i *item) GetSecret(session dbus.ObjectPath) (secret, *dbus.Error) {
	return secret{session, nil, i.Value, i.ContentType}, nil
}

func run() error {
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		return err
	}
	s := &service{conn: conn}
	for _, e := range []struct {
		path dbus.ObjectPath
		as   string
	}{
		{root, "org.freedesktop.Secret.Service"},
		{root, "org.freedesktop.DBus.Properties"},
		{login, "org.freedesktop.Secret.Collection"},
		{root + "/session", "org.freedesktop.Secret.Session"},
	} {
		if err := conn.Export(s, e.path, e.as); err != nil {
			return err
		}
	}
	if _, err := conn.RequestName(name, dbus.NameFlagDoNotQueue); err != nil {
		return err
	}
	fmt.Println("ready")
	<-conn.Context().Done()
	return nil
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
