package config

import (
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"diaoxiao/internal/display"
	"diaoxiao/internal/tomlfile"
)

// Print writes the settings as a configuration file, each below what its flag's help says.
func (c *Settings) Print(w io.Writer, flags *pflag.FlagSet) error {
	shown := *c
	shown.Database = display.Address(shown.Database)
	v := reflect.ValueOf(shown)
	for _, f := range Fields() {
		name := f.Tag.Get("toml")
		_, usage := pflag.UnquoteUsage(flags.Lookup(strings.ReplaceAll(name, "_", "-")))
		if _, err := fmt.Fprintf(w, "# %s\n", usage); err != nil {
			return err
		}
		if f.Type.Kind() == reflect.Slice && v.FieldByIndex(f.Index).IsNil() {
			continue // not set; an empty list in the file would be set
		}
		if _, err := fmt.Fprintf(w, "%s = %s\n", name, inTOML(v.FieldByIndex(f.Index).Interface())); err != nil {
			return err
		}
	}
	return nil
}

// inTOML is a value of a setting as TOML writes it.
func inTOML(value any) string {
	switch v := value.(type) {
	case string:
		return tomlfile.Quote(v)
	case time.Duration:
		return tomlfile.Quote(v.String())
	case []string:
		quoted := make([]string, len(v))
		for i, s := range v {
			quoted[i] = tomlfile.Quote(s)
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	}
	return fmt.Sprint(value)
}

// Listed is every setting in force with its value, secrets masked.
func (c *Settings) Listed() (all [][2]string) {
	shown := *c
	shown.Database = display.Address(shown.Database)
	v := reflect.ValueOf(shown)
	for _, f := range Fields() {
		all = append(all, [2]string{f.Tag.Get("toml"), fmt.Sprint(v.FieldByIndex(f.Index).Interface())})
	}
	return all
}
