package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"

	"github.com/spf13/pflag"

	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/store"
)

// Where is the part of the settings that says where the data is. Every command takes it.
type Where struct {
	Data                 string `toml:"data" env:"DATA"`
	Database             string `toml:"database" env:"DATABASE"`
	DatabasePasswordFile string `toml:"database_password_file" env:"DATABASE_PASSWORD_FILE"`
}

func (w *Where) flags(f *pflag.FlagSet) {
	f.StringVar(&w.Data, "data", w.Data, "数据`目录`（内嵌数据库）；也可用环境变量 DIAOXIAO_DATA 或配置文件")
	f.StringVar(&w.Database, "database", w.Database, "PostgreSQL 数据库的`地址`，如 postgres://用户@主机1,主机2/库名；给出时不用数据目录")
	f.StringVar(&w.DatabasePasswordFile, "database-password-file", w.DatabasePasswordFile, "存有数据库口令的`文件`；口令也可放在环境变量 DIAOXIAO_DATABASE 的地址中或 ~/.pgpass")
}

// place is what store.Open takes.
func (w *Where) place() string {
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
	case w.Database != "" && !store.IsURL(w.Database):
		return fmt.Errorf("database=%q：应为 postgres://用户@主机:端口/库名", display.Address(w.Database))
	}
	return nil
}

// refuseSecret keeps passwords off the command line, where every user of the machine can read them.
func refuseSecret(given *pflag.FlagSet) error {
	f := given.Lookup("database")
	if f == nil || !f.Changed || display.Address(f.Value.String()) == f.Value.String() {
		return nil
	}
	return errors.New("命令行人人可见，--database 中不得带口令；请用 --database-password-file、~/.pgpass，或把整个地址放在环境变量 DIAOXIAO_DATABASE 中")
}

// shown names the place without a password, shorter than String.
func (w *Where) shown() string {
	if w.Database == "" {
		return w.Data
	}
	return display.Address(w.Database)
}

// options adds the password.
func (w *Where) options(o store.Options) (store.Options, error) {
	if w.DatabasePasswordFile == "" {
		return o, nil
	}
	text, err := os.ReadFile(w.DatabasePasswordFile)
	if err != nil {
		return o, fmt.Errorf("数据库口令：%w", err)
	}
	o.Password = strings.TrimRight(string(text), "\r\n")
	return o, nil
}

// open opens the store.
func (w *Where) open(ctx context.Context, o store.Options) (*store.Store, error) {
	o, err := w.options(o)
	if err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, w.place(), o)
	if err != nil {
		return nil, w.openError(ctx, err)
	}
	return s, nil
}

// openError names the place, but for errors that name it themselves.
func (w *Where) openError(ctx context.Context, err error) error {
	if errors.Is(err, store.ErrSchema) {
		return explain.WithStep(err, "使用与数据库版本相符的程序（diaoxiao version）：命令与服务用同一个程序，升级先停止服务；要退回旧版本，用 diaoxiao db restore 把升级前的备份恢复到新目录")
	}
	if errors.Is(err, store.ErrNoRoom) {
		return explain.WithStep(err, "腾出空间或扩大磁盘，再启动。已受理的案件都在，没有丢失；数据目录中的文件一个都不要删（预写日志 diaoxiao.db-wal 中有刚受理的案件）")
	}
	for _, known := range []error{store.ErrLocked, store.ErrNoData, store.ErrWeak, store.ErrUnfinished} {
		if errors.Is(err, known) {
			return err
		}
	}
	if errors.Is(err, store.ErrForeign) {
		return explain.WithStep(err, "用 diaoxiao db check 列出全部不符；查明是谁建立的，由数据库管理员删去或改回后再启动")
	}
	if errors.Is(err, store.ErrStale) {
		return explain.WithStep(err, "可能丢失了案件的（旧的副本、快照、备份直接复制而来），执行 diaoxiao db gap --reason 原因 留出空号，"+
			"或用 diaoxiao db restore 恢复备份；确知它就是最新的，执行 diaoxiao db confirm --reason 原因。随后再启动")
	}
	if errors.Is(err, syscall.EROFS) {
		return explain.WithStep(fmt.Errorf("打不开%s：%w", w, err), "磁盘只读：查明原因（dmesg）；先把整个目录（连同 diaoxiao.db-wal）复制到好的磁盘，对副本执行命令或启动服务")
	}
	step := "检查该目录的权限和磁盘；如文件已损坏，用 diaoxiao db restore 把备份恢复到新目录"
	if w.Database != "" {
		step = "检查数据库是否在运行、地址、用户与口令（--database-password-file）是否正确，网络与防火墙是否放行"
	}
	if ctx.Err() != nil {
		return context.Canceled
	}
	return explain.WithStep(fmt.Errorf("打不开%s：%w", w, err), step)
}
