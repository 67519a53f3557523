package profile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"diaoxiao/internal/tomlfile"
)

// WriteNew writes a file that must not be there yet, readable to its owner alone.
func WriteNew(path, text string) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// Save writes the file under another name first, so that it is never half a file.
func Save(path, name string, p Profile, beDefault bool) error {
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	part := path + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := WriteNew(part, writeProfile(string(text), name, p, beDefault)); err != nil {
		return err
	}
	return os.Rename(part, path)
}

// writeProfile puts a profile into the text of a file: into the table of that name, or at the end. Everything else
// stays as its owner wrote it.
func writeProfile(text, name string, p Profile, beDefault bool) string {
	lines := slices.Collect(strings.Lines(text))
	head := slices.IndexFunc(lines, func(line string) bool { return tableName(line) == name })
	if head < 0 {
		if n := len(lines); n > 0 {
			lines[n-1] = strings.TrimRight(lines[n-1], "\r\n") + "\n"
			lines = append(lines, "\n")
		}
		head, lines = len(lines), append(lines, "["+tomlfile.Quote(name)+"]\n")
	}
	last := head // line of the table
	for i := head + 1; i < len(lines) && !strings.HasPrefix(strings.TrimSpace(lines[i]), "["); i++ {
		if lineKey(lines[i]) != "" {
			last = i
		}
	}
	lines = slices.Replace(lines, head+1, last+1, p.lines(lines[head+1:last+1])...)
	if beDefault {
		lines = setDefault(lines, name)
	}
	return strings.Join(lines, "")
}

// lines are those of a table, with the values of p.
func (p Profile) lines(was []string) []string {
	was = slices.Clone(was)
	v := reflect.ValueOf(p)
	for i, key := range keys() {
		at := slices.IndexFunc(was, func(line string) bool { return lineKey(line) == key })
		line := memberText(key, v.Field(i))
		switch {
		case at >= 0 && line == "":
			was = slices.Delete(was, at, at+1)
		case at >= 0 && !strings.HasPrefix(was[at], strings.TrimSpace(line)):
			was[at] = line
		case at < 0 && line != "":
			was = append(was, line)
		}
	}
	return was
}

func memberText(key string, v reflect.Value) string {
	switch {
	case v.IsZero():
		return ""
	case v.Kind() == reflect.Bool:
		return key + " = true\n"
	}
	return key + " = " + tomlfile.Quote(v.String()) + "\n"
}

// lineKey is the key that a line gives a value; "" for other lines.
func lineKey(line string) string {
	key, _, ok := strings.Cut(line, "=")
	if key = strings.Trim(strings.TrimSpace(key), `"'`); !ok || strings.HasPrefix(key, "#") {
		return ""
	}
	return key
}

func setDefault(lines []string, name string) []string {
	lines = slices.DeleteFunc(lines, func(line string) bool {
		return lineKey(line) == "default"
	})
	return slices.Insert(lines, 0, "default = "+tomlfile.Quote(name)+"\n")
}
