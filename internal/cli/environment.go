// Package cli is the common part of the commands of both halves of the program: the environment that they get, what
// they ask of a command line, and how they print. It knows no command and no flag of one.
package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/caarlos0/env/v11"
)

// EnvPrefix begins the name of every setting in the environment.
const EnvPrefix = "DIAOXIAO_"

// Environment is the part of the world around the program that every command gets.
type Environment struct {
	Environ []string
	File    string   // --config; DIAOXIAO_CONFIG is not looked at
	Known   []string // the variables that some command reads, without envPrefix
}

// Variables are those of the environment by their names.
func (e *Environment) Variables() map[string]string { return env.ToMap(e.Environ) }

// CheckNames refuses variables with EnvPrefix that no command reads: a mistyped name would have no effect, and the user
// would not notice.
func (e *Environment) CheckNames() error {
	for _, name := range slices.Sorted(maps.Keys(e.Variables())) {
		short, ours := strings.CutPrefix(name, EnvPrefix)
		if ours && slices.Contains([]string{"SECRET", "APPSECRET"}, strings.ReplaceAll(short, "_", "")) {
			return fmt.Errorf("密钥不从环境变量读取（%s），子进程和诊断工具都看得到；请存入文件并用 --secret-file 指明", name)
		}
		if ours && !slices.Contains(e.Known, short) {
			return fmt.Errorf("环境变量 %s 不是已知的设置；可用：%s%s", name, EnvPrefix, strings.Join(e.Known, "、"+EnvPrefix))
		}
	}
	return nil
}
