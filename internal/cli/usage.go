package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"diaoxiao/internal/explain"
)

// Args asks for exactly the named arguments.
func Args(names ...string) cobra.PositionalArgs {
	return func(c *cobra.Command, given []string) error {
		switch {
		case len(given) < len(names):
			return explain.Usagef("缺少 %s", strings.Join(names[len(given):], " "))
		case len(given) > len(names):
			return explain.Usagef("多余的 %q", given[len(names)])
		}
		for i, name := range names {
			if given[i] == "" {
				return explain.Usagef("%s 不能为空", name)
			}
		}
		return nil
	}
}

// AtMost takes one argument or none.
func AtMost(name string) cobra.PositionalArgs {
	return func(c *cobra.Command, given []string) error {
		if len(given) == 0 {
			return nil
		}
		return Args(name)(c, given)
	}
}

// Need refuses a command line without the named flags.
func Need(c *cobra.Command, flags ...string) error {
	var missing []string
	for _, name := range flags {
		if !c.Flags().Changed(name) {
			missing = append(missing, "--"+name)
		}
	}
	if len(missing) > 0 {
		return explain.Usagef("缺少 %s", strings.Join(missing, "、"))
	}
	return nil
}

// flagError is an error of pflag in Chinese.
func flagError(err error) error {
	if e, ok := errors.AsType[*pflag.NotExistError](err); ok {
		if short := e.GetSpecifiedShortnames(); short != "" {
			return fmt.Errorf("没有名为 -%s 的参数", e.GetSpecifiedName())
		}
		return fmt.Errorf("没有名为 --%s 的参数", e.GetSpecifiedName())
	}
	if e, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return fmt.Errorf("--%s 后面缺少值", e.GetFlag().Name)
	}
	if e, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return fmt.Errorf("--%s=%q：应为%s", e.GetFlag().Name, e.GetValue(), Wanted(e.GetFlag().Value.Type()))
	}
	if _, ok := errors.AsType[*pflag.InvalidSyntaxError](err); ok {
		return errors.New("参数写法有误，应为 --名称 值 或 --名称=值")
	}
	return err
}

// Wanted describes the values of a type; the names of the types are those of pflag.
func Wanted(kind string) string {
	switch kind {
	case "int", "int64", "uint64":
		return "整数"
	case "bool":
		return " true 或 false"
	case "duration":
		return "时长，如 30s、5m、168h"
	case "strings", "stringSlice":
		return "以逗号分隔的列表"
	}
	return "文本"
}
