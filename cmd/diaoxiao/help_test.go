package main

import (
	"strings"
	"testing"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
)

// tree calls f for every command that a user can see.
func tree(f func(*cobra.Command)) {
	root := newRoot(nil)
	root.InitDefaultHelpCmd()
	cli.Each(root, f)
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// Every command says in Chinese what it is for, every flag what it does, and no line runs off the screen.
func TestHelpIsComplete(t *testing.T) {
	tree(func(c *cobra.Command) {
		if !hasHan(c.Short) {
			t.Errorf("%s: %q", c.CommandPath(), c.Short)
		}
		if c.RunE == nil && c.Run == nil {
			t.Errorf("%s does nothing", c.CommandPath())
		}
		c.InheritedFlags()
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if !hasHan(f.Usage) {
				t.Errorf("%s --%s: %q", c.CommandPath(), f.Name, f.Usage)
			}
		})
		for line := range strings.Lines(cli.Help(c, withoutData())) {
			if display.Columns(line) > 96 {
				t.Errorf("%s: %d columns: %s", c.CommandPath(), display.Columns(line), line)
			}
		}
	})
}

// No help contains the English words of cobra and pflag.
func TestHelpIsInChinese(t *testing.T) {
	tree(func(c *cobra.Command) {
		for _, word := range []string{"Usage", "Flags", "(default", "Available", "help for", " string", " int ",
			" duration", "strings"} {
			if strings.Contains(cli.Help(c, withoutData()), word) {
				t.Errorf("%s: %q in\n%s", c.CommandPath(), word, cli.Help(c, withoutData()))
			}
		}
	})
}

// Every command in an example exists and takes the flags of the example.
func TestExamplesAreTrue(t *testing.T) {
	tree(func(c *cobra.Command) {
		for line := range strings.Lines(strings.ReplaceAll(c.Example, "\\\n", " ")) {
			_, line, found := strings.Cut(strings.ReplaceAll(line, ")", " "), "diaoxiao ")
			if !found {
				continue
			}
			line, _, _ = strings.Cut(line, "|")
			line, _, _ = strings.Cut(line, ">")
			sub, rest, err := newRoot(nil).Find(strings.Fields(line))
			if err == nil {
				err = sub.ParseFlags(rest)
			}
			if err != nil || isGroup(sub) {
				t.Errorf("%s: %s: %v", c.CommandPath(), line, err)
			}
		}
	})
}

// isGroup reports whether a command only contains others; such a command takes no flags of its own.
func isGroup(c *cobra.Command) bool {
	own := 0
	c.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		if f.Name != "help" {
			own++
		}
	})
	return c.HasSubCommands() && own == 0
}
