package config

import (
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/spf13/pflag"

	"diaoxiao/internal/display"
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
		if err := toml.NewEncoder(w).Encode(map[string]any{name: v.FieldByIndex(f.Index).Interface()}); err != nil {
			return err
		}
	}
	return nil
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
