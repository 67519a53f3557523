package config

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"time"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/tomlfile"
)

// fromFile takes over what the file at path says; "" is no file.
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

// fromTOML takes over what a text says. It returns the line of the first thing that is wrong with it.
func (c *Settings) fromTOML(text string) (line int, err error) {
	keys, err := tomlfile.Parse(text)
	if e, ok := errors.AsType[*tomlfile.SyntaxError](err); ok {
		return e.Line, errors.New("不是有效的 TOML：" + e.Text)
	}
	for _, check := range []func(tomlfile.Key) error{checkKey, refusePassword, c.take} {
		for _, k := range keys {
			if err := check(k); err != nil {
				return k.Line, err
			}
		}
	}
	return 0, nil
}

// checkKey refuses a key that is no setting, and a value of another kind than the setting's.
func checkKey(k tomlfile.Key) error {
	f, ok := find("toml", k.String())
	if !ok {
		return fmt.Errorf("没有名为 %s 的设置；可用：%s", k, strings.Join(Names("toml"), "、"))
	}
	if kind := Kind(f); !cli.Fits(kind, k.Value) {
		return fmt.Errorf("%s 应为%s", k, cli.WantedTOML(kind))
	}
	return nil
}

// refusePassword keeps the password of the database out of a file that others may read.
func refusePassword(k tomlfile.Key) error {
	if url, ok := k.Value.(string); k.String() == "database" && ok && display.Address(url) != url {
		return errors.New("database 中不得带口令，配置文件可能为多人所见；" +
			"请用 database_password_file、~/.pgpass，或把整个地址放在环境变量 DIAOXIAO_DATABASE 中")
	}
	return nil
}

// take takes over the value of a key that was checked.
func (c *Settings) take(k tomlfile.Key) error {
	f, _ := find("toml", k.String())
	field := reflect.ValueOf(c).Elem().FieldByIndex(f.Index)
	switch v := k.Value.(type) {
	case string:
		if Kind(f) != "duration" {
			field.SetString(v)
			return nil
		}
		d, err := time.ParseDuration(v)
		if err != nil {
			return fmt.Errorf("%s 应为%s", k, cli.WantedTOML("duration"))
		}
		field.SetInt(int64(d))
	case []any:
		field.Set(reflect.ValueOf(textsOf(v)))
	default:
		field.Set(reflect.ValueOf(v).Convert(f.Type))
	}
	return nil
}

// textsOf are the texts of a list that has nothing else.
func textsOf(list []any) []string {
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i], _ = v.(string)
	}
	return texts
}
