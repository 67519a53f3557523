package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"diaoxiao/internal/explain"
)

// args asks for exactly the named arguments.
func args(names ...string) cobra.PositionalArgs {
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

// atMost takes one argument or none.
func atMost(name string) cobra.PositionalArgs {
	return func(c *cobra.Command, given []string) error {
		if len(given) == 0 {
			return nil
		}
		return args(name)(c, given)
	}
}

// need refuses a command line without the named flags.
func need(c *cobra.Command, flags ...string) error {
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

// flagError says in Chinese what pflag has against a command line.
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
		return fmt.Errorf("--%s=%q：应为%s", e.GetFlag().Name, e.GetValue(), wanted(e.GetFlag().Value.Type()))
	}
	if _, ok := errors.AsType[*pflag.InvalidSyntaxError](err); ok {
		return errors.New("参数写法有误，应为 --名称 值 或 --名称=值")
	}
	return err
}

// wanted says what a value of a type looks like; the names are those of pflag.
func wanted(kind string) string {
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
