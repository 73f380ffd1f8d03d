package app

import (
	"errors"
	"testing"
	"testing/synctest"

	"github.com/zalando/go-keyring"
)

func TestKeychainKeepsAndForgets(t *testing.T) {
	keyring.MockInit()
	var k Keychain
	if _, err := k.Get("acme"); !errors.Is(err, ErrNoSecret) {
		t.Errorf("an empty keychain says %v", err)
	}
	if err := k.Set("acme", "s3cret"); err != nil {
		t.Fatal(err)
	}
	if got, err := k.Get("acme"); got != "s3cret" || err != nil {
		t.Errorf("it gives %q, %v", got, err)
	}
	if err := k.Delete("acme"); err != nil {
		t.Fatal(err)
	}
	if err := k.Delete("acme"); !errors.Is(err, ErrNoSecret) {
		t.Errorf("deleting what is gone says %v", err)
	}
}

func TestMissingKeychainIsToldFromAMissingSecret(t *testing.T) {
	keyring.MockInitWithError(errors.New("no bus"))
	var k Keychain
	if _, err := k.Get("acme"); err == nil || errors.Is(err, ErrNoSecret) {
		t.Errorf("Get says %v", err)
	}
	if err := k.Set("acme", "s3cret"); err == nil {
		t.Error("Set says nothing")
	}
}

// A keychain that never answers holds nobody up for longer than its limit.
func TestSilentKeychainIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answer := make(chan error)
		if err := limited(func() error { return <-answer }); !errors.Is(err, errKeychainSilent) {
			t.Errorf("it says %v", err)
		}
		close(answer)
	})
}
