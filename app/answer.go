package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"sidestep/email/answer"
)

// Answer reads a vendor's answer from a saved mail or a text. now is the day that
// relative dates count from where the file tells no other.
func (Files) Answer(ctx context.Context, path string, now time.Time) (answer.Answer, error) {
	path = dropped(path)
	// Before it is opened: opening a pipe waits for somebody to write.
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return answer.Answer{}, &Advice{fmt.Errorf("there is no file %s", path), "give the path of a saved mail (.eml) or a text"}
	case err != nil:
		return answer.Answer{}, fmt.Errorf("the answer can't be read: %w", err)
	case !info.Mode().IsRegular():
		return answer.Answer{}, &Advice{fmt.Errorf("%s is no file", path), "give the path of a saved mail (.eml) or a text"}
	}
	f, err := os.Open(path)
	if err != nil {
		return answer.Answer{}, fmt.Errorf("the answer can't be read: %w", err)
	}
	defer func() { _ = f.Close() }()
	a, err := answer.Read(reader{ctx, f}, now)
	if errors.Is(err, answer.ErrFormat) {
		err = &Advice{err, "copy its text and paste it here, or save the mail as .eml or as text"}
	}
	return a, err
}

// reader reads until the context ends.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// dropped is the file that a terminal means by what it types when one is dropped on
// it: a path in quotes, or with a backslash before each odd character.
func dropped(path string) string {
	for _, quote := range []string{`"`, `'`} {
		if inner, ok := strings.CutPrefix(path, quote); ok {
			if inner, ok = strings.CutSuffix(inner, quote); ok {
				return expand(inner)
			}
		}
	}
	path = expand(path)
	if _, err := os.Stat(path); err == nil || os.PathSeparator == '\\' {
		return path
	}
	plain := strings.ReplaceAll(path, `\`, "")
	if _, err := os.Stat(plain); err != nil {
		return path
	}
	return plain
}
