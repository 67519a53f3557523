package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/caarlos0/env/v11"
)

// envPrefix begins the name of every setting in the environment.
const envPrefix = "DIAOXIAO_"

// environment is the part of the world around the program that every command gets.
type environment struct {
	environ []string
	file    string   // --config
	known   []string // the variables that some command reads, without envPrefix
}

// variables are those of the environment by their names.
func (e *environment) variables() map[string]string { return env.ToMap(e.environ) }

// checkNames refuses variables with our prefix that nobody reads: a mistyped one would silently not count.
func (e *environment) checkNames() error {
	for _, name := range slices.Sorted(maps.Keys(e.variables())) {
		short, ours := strings.CutPrefix(name, envPrefix)
		if ours && slices.Contains([]string{"SECRET", "APPSECRET"}, strings.ReplaceAll(short, "_", "")) {
			return fmt.Errorf("密钥不从环境变量读取（%s），子进程和诊断工具都看得到；请存入文件并用 --secret-file 指明", name)
		}
		if ours && !slices.Contains(e.known, short) {
			return fmt.Errorf("环境变量 %s 不是已知的设置；可用：%s%s", name, envPrefix, strings.Join(e.known, "、"+envPrefix))
		}
	}
	return nil
}
