package app

import (
	"errors"
	"fmt"
	"time"

	"github.com/zalando/go-keyring"
)

// ErrNoSecret means that the keychain works and holds nothing under a name.
var ErrNoSecret = errors.New("the keychain holds no sign-in for it")

// Keychain is where the system keeps secrets: Keychain on a Mac, the Credential
// Manager on Windows, the Secret Service elsewhere.
type Keychain struct{}

const (
	keychainService = "sidestep"
	// keychainLimit bounds each call: a locked keychain whose question nobody
	// answers would block for ever.
	keychainLimit = 3 * time.Second
)

// Get reads a secret. The error is ErrNoSecret when there is none.
func (Keychain) Get(name string) (string, error) {
	var secret string
	err := limited(func() (err error) {
		secret, err = keyring.Get(keychainService, name)
		return err
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

// Set keeps a secret.
func (Keychain) Set(name, secret string) error {
	return limited(func() error { return keyring.Set(keychainService, name, secret) })
}

// Delete removes a secret. The error is ErrNoSecret when there was none.
func (Keychain) Delete(name string) error {
	return limited(func() error { return keyring.Delete(keychainService, name) })
}

var errKeychainSilent = fmt.Errorf("the system's keychain did not answer within %v", keychainLimit)

func limited(call func() error) error {
	done := make(chan error, 1)
	go func() { done <- call() }()
	select {
	case err := <-done:
		return inKeychainWords(err)
	case <-time.After(keychainLimit):
		return errKeychainSilent
	}
}

func inKeychainWords(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, keyring.ErrNotFound):
		return ErrNoSecret
	case errors.Is(err, keyring.ErrSetDataTooBig):
		return errors.New("the sign-in is too large for the system's keychain")
	}
	return fmt.Errorf("there is no usable keychain here: %w", err)
}
