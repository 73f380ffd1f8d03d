package history

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

const (
	// maxToken is how long one record of git's output may be: a path and little else.
	maxToken = 1 << 20
	// maxComplaint is how much of what git complains of is kept.
	maxComplaint = 4 << 10
	// maxAnswer is how long an answer may be that is read as a whole.
	maxAnswer = 16 << 20
)

// safely are the settings under which git runs. The commands that are asked for
// (rev-parse, rev-list, diff-tree, ls-tree, cat-file, for-each-ref, config) start
// no other program, save the one that fetches what a partial clone lacks: no
// protocol is allowed for that, because only git 2.45 and later can be told to
// leave it (GIT_NO_LAZY_FETCH). The cache for deltas is a quarter of git's own:
// what is asked for lies close together, and a larger one costs more time than it
// saves, and memory.
var safely = []string{"--no-pager", "--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false",
	"-c", "core.deltaBaseCacheLimit=24m"}

// environment is that of this process without what points git at another
// repository or makes it talk. What the user and the computer's owner configure for
// git stays: safe.directory may be in it.
func environment() []string {
	var env []string
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(strings.ToUpper(v), "=")
		switch {
		case name == "GIT_EXEC_PATH", name == "GIT_CONFIG_GLOBAL", name == "GIT_CONFIG_SYSTEM", name == "GIT_CONFIG_NOSYSTEM", name == "GIT_CONFIG_COUNT",
			strings.HasPrefix(name, "GIT_CONFIG_KEY_"), strings.HasPrefix(name, "GIT_CONFIG_VALUE_"):
		case strings.HasPrefix(name, "GIT_"), name == "LC_ALL", name == "LANGUAGE":
			continue
		}
		env = append(env, v)
	}
	return append(env, "LC_ALL=C", "GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none",
		"GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0", "GIT_NO_REPLACE_OBJECTS=1")
}

// complaint is what git said when it failed.
type complaint struct{ text string }

func (c complaint) Error() string {
	for line := range strings.Lines(c.text) {
		for _, prefix := range []string{"fatal: ", "error: "} {
			if said, found := strings.CutPrefix(line, prefix); found {
				return strings.TrimSpace(said)
			}
		}
	}
	return strings.TrimSpace(c.text)
}

// run starts git, and gives its output to read as it comes. What write writes is
// git's input; its context ends when git does. An error of read ends git, and is
// the one that is returned.
func (r repository) run(ctx context.Context, write func(context.Context, io.Writer), read func(*bufio.Reader) error, args ...string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := exec.CommandContext(ctx, r.git, append(append([]string{}, safely...), args...)...)
	cmd.Env, cmd.Dir = environment(), r.dir
	said := &limited{left: maxComplaint}
	cmd.Stderr = said
	cmd.WaitDelay = 2 * time.Second
	if !r.searching {
		cmd.Env = append(cmd.Env, "GIT_DIR="+r.dir)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	var in io.WriteCloser
	if write != nil {
		if in, err = cmd.StdinPipe(); err != nil {
			return err
		}
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	written := make(chan struct{})
	go func() {
		defer close(written)
		if write != nil {
			write(ctx, in)
			_ = in.Close()
		}
	}()
	buffer := buffers.Get().(*bufio.Reader)
	buffer.Reset(out)
	failed := read(buffer)
	buffer.Reset(nil)
	buffers.Put(buffer)
	if failed != nil {
		cancel()
	}
	err = cmd.Wait()
	cancel()
	<-written
	switch {
	case failed != nil:
		return failed
	case err == nil:
		return nil
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		if said.Len() > 0 {
			return complaint{said.String()}
		}
		return fmt.Errorf("git %s failed: %w", args[0], exit)
	}
	return err
}

// buffers are large enough for a record of git's output.
var buffers = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, maxToken) }}

// answer is the output of a git command that says little.
func (r repository) answer(ctx context.Context, args ...string) (string, error) {
	var text []byte
	err := r.run(ctx, nil, func(out *bufio.Reader) (err error) {
		if text, err = io.ReadAll(io.LimitReader(out, maxAnswer+1)); len(text) > maxAnswer {
			return fmt.Errorf("git %s says too much", args[0])
		}
		return err
	}, args...)
	return strings.TrimSuffix(string(text), "\n"), err
}

// limited keeps the beginning of what is written to it.
type limited struct {
	bytes.Buffer
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	kept := p[:min(len(p), l.left)]
	l.left -= len(kept)
	l.Buffer.Write(kept)
	return len(p), nil
}
