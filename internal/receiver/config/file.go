package config

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/BurntSushi/toml"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
)

func (c *Settings) fromFile(path string) error {
	if path == "" {
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("配置文件：%w", err)
	}
	if line, err := c.fromTOML(string(text)); err != nil {
		return fmt.Errorf("配置文件 %s 第 %d 行：%w", path, line, err)
	}
	return nil
}

// fromTOML returns the line of the first thing wrong with text. It is stricter than the decoder, which would take
// Listen for listen and a bare 10 for ten nanoseconds.
func (c *Settings) fromTOML(text string) (line int, err error) {
	var all map[string]any
	meta, err := toml.Decode(text, &all)
	if e, ok := errors.AsType[toml.ParseError](err); ok {
		return e.Position.Line, errors.New("不是有效的 TOML：" + e.Message)
	}
	for _, key := range meta.Keys() {
		f, ok := find("toml", key.String())
		if !ok {
			return lineOf(text, key), fmt.Errorf("没有名为 %s 的设置；可用：%s", key, strings.Join(Names("toml"), "、"))
		}
		if kind := Kind(f); !cli.Fits(kind, all[key[0]]) {
			return lineOf(text, key), fmt.Errorf("%s 应为%s", key, cli.WantedTOML(kind))
		}
	}
	if url, ok := all["database"].(string); ok && display.Address(url) != url {
		return lineOf(text, toml.Key{"database"}), errors.New("database 中不得带口令，配置文件可能为多人所见；" +
			"请用 database_password_file、~/.pgpass，或把整个地址放在环境变量 DIAOXIAO_DATABASE 中")
	}
	_, err = toml.Decode(text, c)
	if e, ok := errors.AsType[toml.ParseError](err); ok {
		return e.Position.Line, fmt.Errorf("%s 应为%s", e.LastKey, cli.WantedTOML("duration"))
	}
	return 1, err
}

// lineOf finds the line on which a key is given its value, or its table begins.
func lineOf(text string, key toml.Key) int {
	no := 0
	for line := range strings.Lines(text) {
		no++
		name, _, _ := strings.Cut(strings.Trim(strings.TrimSpace(line), "[]"), "=")
		if name = strings.Trim(strings.TrimSpace(name), `"'`); name == key.String() || name == key[len(key)-1] {
			return no
		}
	}
	return no
}
