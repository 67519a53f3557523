package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
)

// InChinese has every command speak Chinese where cobra would speak English. The commands of root named in withoutData,
// with all below them, take neither a data folder nor settings: their help leaves out the flags that root has for all.
func InChinese(root *cobra.Command, withoutData ...string) {
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetHelpCommand(helpCommand(root))
	root.SetHelpFunc(func(c *cobra.Command, _ []string) { io.WriteString(c.OutOrStdout(), Help(c, withoutData)) })
	root.SetUsageFunc(func(c *cobra.Command) error {
		_, err := io.WriteString(c.OutOrStderr(), usage(c, withoutData))
		return err
	})
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return explain.BadUsage(flagError(err)) })
	Each(root, func(c *cobra.Command) {
		c.InitDefaultHelpFlag()
		c.Flags().Lookup("help").Usage = "显示说明"
		if c.HasSubCommands() && !c.Runnable() {
			beGroup(c)
		}
	})
}

// Heading adds commands below a heading of their own in the help.
func Heading(root *cobra.Command, title string, commands ...*cobra.Command) {
	root.AddGroup(&cobra.Group{ID: title, Title: title})
	for _, c := range commands {
		c.GroupID = title
	}
	root.AddCommand(commands...)
}

// Each calls f for a command and for all below it.
func Each(c *cobra.Command, f func(*cobra.Command)) {
	f(c)
	for _, sub := range c.Commands() {
		Each(sub, f)
	}
}

// beGroup makes a command that only holds others: alone it shows its help, with a word that it does not know it fails.
func beGroup(c *cobra.Command) {
	c.Args = cobra.ArbitraryArgs
	c.SuggestionsMinimumDistance = 2
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return c.Help()
		}
		return noCommand(c, args[0])
	}
}

// noCommand says that c has no command of that name, and which it has that are near.
func noCommand(c *cobra.Command, name string) error {
	text := fmt.Sprintf("%s 没有名为 %q 的命令", c.CommandPath(), name)
	if near := c.SuggestionsFor(name); len(near) > 0 {
		text += "；是否要用：" + strings.Join(near, "、")
	}
	return explain.Usagef("%s", text)
}

// Misspelt finds a command line that asks for the help of a command that is not there; cobra would show the help of
// those that are.
func Misspelt(root *cobra.Command, args []string) (*cobra.Command, error) {
	if !slices.Contains(args, "--help") && !slices.Contains(args, "-h") {
		return nil, nil
	}
	root.InitDefaultHelpCmd() // cobra knows it only once it runs
	c, rest, err := root.Find(args)
	if err != nil || c == nil || !c.HasAvailableSubCommands() || len(strings.Fields(c.Use)) > 1 || len(rest) == 0 ||
		strings.HasPrefix(rest[0], "-") {
		return nil, nil
	}
	return c, noCommand(c, rest[0])
}

func helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{Use: "help [命令]", Short: "显示命令的说明",
		RunE: func(_ *cobra.Command, args []string) error {
			c, rest, err := root.Find(args)
			if err == nil && c != nil && len(rest) > 0 && c.HasAvailableSubCommands() {
				return noCommand(c, rest[0])
			}
			if err != nil || c == nil || len(rest) > 0 {
				return explain.Usagef("没有名为 %q 的命令", strings.Join(args, " "))
			}
			return c.Help()
		}}
}

// Help is all that --help shows of a command.
func Help(c *cobra.Command, withoutData []string) string {
	text := c.Long
	if text == "" {
		text = c.Short
	}
	return strings.TrimSpace(text) + "\n\n" + usage(c, withoutData)
}

// usage is the help of a command without its description.
func usage(c *cobra.Command, withoutData []string) string {
	var b strings.Builder
	b.WriteString("用法：\n  " + useLine(c) + "\n")
	if c.HasExample() {
		b.WriteString("\n示例：\n" + c.Example + "\n")
	}
	if c.HasAvailableSubCommands() {
		for _, g := range c.Groups() {
			b.WriteString("\n" + g.Title + "的命令：\n" + subcommands(c, g.ID))
		}
		b.WriteString("\n" + others(c) + "：\n" + subcommands(c, ""))
	}
	if c.HasAvailableLocalFlags() {
		b.WriteString("\n参数：\n" + flagHelp(c.LocalFlags()))
	}
	if c.HasAvailableInheritedFlags() && !takesNoData(c, withoutData) {
		b.WriteString("\n通用参数：\n" + flagHelp(c.InheritedFlags()))
	}
	if c.HasAvailableSubCommands() {
		b.WriteString("\n各命令的说明：" + c.CommandPath() + " [命令] --help\n")
	}
	return b.String()
}

// takesNoData reports whether c is one of the commands of the root named in withoutData, or below one.
func takesNoData(c *cobra.Command, withoutData []string) bool {
	for ; c.HasParent(); c = c.Parent() {
		if !c.Parent().HasParent() {
			return slices.Contains(withoutData, c.Name())
		}
	}
	return false
}

func useLine(c *cobra.Command) string {
	if c.HasAvailableSubCommands() && len(strings.Fields(c.Use)) == 1 {
		return c.CommandPath() + " [命令]"
	}
	path := c.Use
	if c.HasParent() {
		path = c.Parent().CommandPath() + " " + c.Use
	}
	return path + " [参数]"
}

// others is the heading of commands without a group.
func others(c *cobra.Command) string {
	if len(c.Groups()) > 0 {
		return "其他命令"
	}
	return "命令"
}

func subcommands(c *cobra.Command, group string) string {
	var b strings.Builder
	for _, sub := range c.Commands() {
		if sub.GroupID == group && (sub.IsAvailableCommand() || sub.Name() == "help") {
			fmt.Fprintf(&b, "  %s  %s\n", display.Pad(sub.Name(), 13), sub.Short)
		}
	}
	return b.String()
}

// flagHelp lists flags in two columns, the second wrapped to the screen.
func flagHelp(fs *pflag.FlagSet) string {
	var names, texts []string
	wide := 0
	fs.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		name, text := describeFlag(f)
		names, texts, wide = append(names, name), append(texts, text), max(wide, display.Columns(name))
	})
	var b strings.Builder
	for i := range names {
		for k, line := range display.Wrap(texts[i], display.Width-wide-2) {
			if k > 0 {
				names[i] = ""
			}
			b.WriteString(display.Pad(names[i], wide+2) + line + "\n")
		}
	}
	return b.String()
}

// describeFlag returns "  -h, --help" with the kind of its value, and its description with the default.
func describeFlag(f *pflag.Flag) (name, text string) {
	kind, text := pflag.UnquoteUsage(f)
	name = "      --" + f.Name
	if f.Shorthand != "" {
		name = "  -" + f.Shorthand + ", --" + f.Name
	}
	if kind = valueKind(kind); kind != "" {
		name += " " + kind
	}
	switch v := strings.Trim(f.DefValue, "[]"); v {
	case "", "false", "0s":
	default:
		text += "（默认 " + v + "）"
	}
	return name, text
}

// valueKind is the Chinese name of a type of pflag; a word in backquotes within the usage is used
// as it is.
func valueKind(kind string) string {
	switch kind {
	case "string", "stringArray":
		return "文本"
	case "int":
		return "整数"
	case "duration":
		return "时长"
	case "strings":
		return "列表"
	}
	return kind
}
