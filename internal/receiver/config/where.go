package config

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"diaoxiao/internal/display"
)

// Where is the part of the settings that says where the data is. Every command takes it.
type Where struct {
	Data                 string `toml:"data" env:"DATA"`
	Database             string `toml:"database" env:"DATABASE"`
	DatabasePasswordFile string `toml:"database_password_file" env:"DATABASE_PASSWORD_FILE"`
}

// Flags registers a flag for each setting of w.
func (w *Where) Flags(f *pflag.FlagSet) {
	f.StringVar(&w.Data, "data", w.Data, "数据`目录`（内嵌数据库）；也可用环境变量 DIAOXIAO_DATA 或配置文件")
	f.StringVar(&w.Database, "database", w.Database, "PostgreSQL 数据库的`地址`，如 postgres://用户@主机1,主机2/库名；给出时不用数据目录")
	f.StringVar(&w.DatabasePasswordFile, "database-password-file", w.DatabasePasswordFile,
		"存有数据库口令的`文件`；口令也可放在环境变量 DIAOXIAO_DATABASE 的地址中或 ~/.pgpass")
}

// Place is what store.Open takes.
func (w *Where) Place() string {
	if w.Database != "" {
		return w.Database
	}
	return w.Data
}

// String names the place without its password.
func (w *Where) String() string {
	if w.Database == "" {
		return "数据目录 " + w.Data
	}
	return "数据库 " + display.Address(w.Database)
}

func (w *Where) check() error {
	switch {
	case w.Data == "" && w.Database == "":
		return errors.New("数据目录不能为空；用 --data 指明")
	case w.Database != "" && !isURL(w.Database):
		return fmt.Errorf("database=%q：应为 postgres://用户@主机:端口/库名", display.Address(w.Database))
	}
	return nil
}

// isURL reports whether a text is the address of a PostgreSQL database.
func isURL(s string) bool {
	return strings.HasPrefix(s, "postgres://") || strings.HasPrefix(s, "postgresql://")
}

// refuseSecret keeps passwords off the command line, where every user of the machine can read them.
func refuseSecret(given *pflag.FlagSet) error {
	f := given.Lookup("database")
	if f == nil || !f.Changed || display.Address(f.Value.String()) == f.Value.String() {
		return nil
	}
	return errors.New("命令行人人可见，--database 中不得带口令；" +
		"请用 --database-password-file、~/.pgpass，或把整个地址放在环境变量 DIAOXIAO_DATABASE 中")
}

// Shown names the place without a password, shorter than String.
func (w *Where) Shown() string {
	if w.Database == "" {
		return w.Data
	}
	return display.Address(w.Database)
}
