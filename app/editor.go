package app

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"unicode"
)

// maxText is how much of a text that was edited is read back, in bytes: several
// times what a mail may have.
const maxText = 1 << 20

// setEditor is what to do where no editor can be started.
const setEditor = `set VISUAL or EDITOR to its command, such as nano or "code --wait"`

// NewText writes a text to a file in a new folder, which nobody else can look into:
// editors leave copies beside what they edit.
func (Desktop) NewText(text string) (path string, err error) {
	folder, err := os.MkdirTemp("", "sidestep-mail-")
	if err != nil {
		return "", fmt.Errorf("make a file for the editor: %w", err)
	}
	path = filepath.Join(folder, "mail.txt")
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		_, err = io.WriteString(f, text)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return "", errors.Join(fmt.Errorf("make a file for the editor: %w", err), os.RemoveAll(folder))
	}
	return path, nil
}

// RemoveText removes a file that NewText made, with what an editor left beside it.
func (Desktop) RemoveText(path string) error { return os.RemoveAll(filepath.Dir(path)) }

// Edit shows a file in the admin's own editor, on the terminal at hand, until it is
// closed, and returns what the file holds then. Where the editor fails it returns
// that as well, with the error.
func (Desktop) Edit(path string, in io.Reader, out, errs io.Writer) (text []byte, err error) {
	command, err := editorCommand(os.Getenv("VISUAL"), os.Getenv("EDITOR"), runtime.GOOS, exec.LookPath)
	if err != nil {
		return nil, err
	}
	if k, ours := in.(*Keyboard); ours {
		in = k.File // an editor wants the terminal itself
	}
	editor := exec.Command(command[0], append(command[1:], path)...)
	editor.Stdin, editor.Stdout, editor.Stderr = in, out, errs
	failed := editor.Run()
	text, err = readText(path)
	if failed != nil {
		return text, &Advice{fmt.Errorf("the editor %s failed (%w)", filepath.Base(command[0]), failed), setEditor}
	}
	return text, err
}

func readText(path string) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &Advice{errors.New("the editor took the file away"), "save it under the name that it was opened with"}
	}
	if err != nil {
		return nil, fmt.Errorf("read what was edited: %w", err)
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.LimitReader(f, maxText+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read what was edited: %w", err)
	case len(text) > maxText:
		return text, &Advice{errors.New("the text is larger than 1 MB"), "shorten it"}
	}
	return text, nil
}

// editorCommand is the editor with its arguments: what VISUAL says, else EDITOR, else
// one that is usual on the system. look finds programs.
func editorCommand(visual, editor, system string, look func(string) (string, error)) ([]string, error) {
	name, usual := "VISUAL", []string{"nano", "vi"}
	if system == "windows" {
		usual = []string{"notepad"}
	}
	said := strings.TrimSpace(visual)
	if said == "" {
		name, said = "EDITOR", strings.TrimSpace(editor)
	}
	if said == "" {
		for _, program := range usual {
			if path, err := look(program); err == nil {
				return []string{path}, nil
			}
		}
		return nil, &Advice{errors.New("there is no editor: neither VISUAL nor EDITOR names one"), setEditor}
	}
	if path, err := look(said); err == nil {
		return []string{path}, nil // also one with blanks in its path
	}
	command, err := splitCommand(said, system == "windows")
	if err != nil {
		return nil, &Advice{fmt.Errorf("%s can't be read: %w", name, err), setEditor}
	}
	path, err := look(command[0])
	if err != nil {
		return nil, &Advice{fmt.Errorf("the editor %q of %s can't be started: %w", command[0], name, cmp.Or(errors.Unwrap(err), err)), setEditor}
	}
	return append([]string{path}, command[1:]...), nil
}

// splitCommand takes a command apart without a shell: at blanks, except between
// quotes. A backslash stands for itself on Windows, where it is in every path;
// elsewhere the sign behind it does.
func splitCommand(text string, windows bool) ([]string, error) {
	var words []string
	var word strings.Builder
	begun, quote := false, rune(0)
	runes := []rune(text)
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		switch {
		case r == quote && quote != 0:
			quote = 0
		case quote == 0 && (r == '"' || r == '\'' && !windows):
			begun, quote = true, r
		case r == '\\' && !windows && quote != '\'' && i+1 < len(runes) && (quote == 0 || runes[i+1] == '"' || runes[i+1] == '\\'):
			i++
			begun = true
			word.WriteRune(runes[i])
		case quote == 0 && unicode.IsSpace(r):
			if begun {
				words = append(words, word.String())
			}
			begun = false
			word.Reset()
		default:
			begun = true
			word.WriteRune(r)
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("a quote (%c) is not closed", quote)
	}
	if begun {
		words = append(words, word.String())
	}
	if len(words) == 0 || words[0] == "" {
		return nil, errors.New("it names no program")
	}
	return words, nil
}
