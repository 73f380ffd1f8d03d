//go:build unix

package app

import (
	"path/filepath"
	"testing"
)

// TestASecretIsReadWhileItIsReplaced: another Sidestep may renew the sign-in at any time.
// Windows does not let it, while this one reads.
func TestASecretIsReadWhileItIsReplaced(t *testing.T) {
	f := SecretFiles{Dir: filepath.Join(t.TempDir(), "sign-ins")}
	if err := f.Set("acme", "secret"); err != nil {
		t.Fatal(err)
	}
	stop, stopped := make(chan struct{}), make(chan error, 1)
	go func() {
		for {
			select {
			case <-stop:
				stopped <- nil
				return
			default:
			}
			if err := f.Set("acme", "secret"); err != nil {
				stopped <- err
				return
			}
		}
	}()
	for range 20_000 {
		if got, err := f.Get("acme"); got != "secret" || err != nil {
			t.Errorf("it gives %q, %v", got, err)
			break
		}
	}
	close(stop)
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}
