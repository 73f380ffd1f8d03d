package app

import "sync"

// Memory keeps secrets for as long as the program runs.
type Memory struct {
	mu   sync.Mutex
	kept map[string]string
}

// Get gives a secret. The error is ErrNoSecret when there is none.
func (m *Memory) Get(name string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	secret, ok := m.kept[name]
	if !ok {
		return "", ErrNoSecret
	}
	return secret, nil
}

// Set keeps a secret.
func (m *Memory) Set(name, secret string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil {
		m.kept = map[string]string{}
	}
	m.kept[name] = secret
	return nil
}

// Delete forgets a secret. The error is ErrNoSecret when there was none.
func (m *Memory) Delete(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.kept[name]; !ok {
		return ErrNoSecret
	}
	delete(m.kept, name)
	return nil
}
