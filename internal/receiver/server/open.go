package server

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"

	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/config"
	"diaoxiao/internal/receiver/store"
)

// StoreOptions is o with the password of the database.
func StoreOptions(w *config.Where, o store.Options) (store.Options, error) {
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

// OpenStore opens the store that is at w.
func OpenStore(ctx context.Context, w *config.Where, o store.Options) (*store.Store, error) {
	o, err := StoreOptions(w, o)
	if err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, w.Place(), o)
	if err != nil {
		return nil, openError(ctx, w, err)
	}
	return s, nil
}

// openError is err with its place and the next step. Errors that name their place themselves stay as they are.
func openError(ctx context.Context, w *config.Where, err error) error {
	if errors.Is(err, store.ErrSchema) {
		return explain.WithStep(err,
			"使用与数据库版本相符的程序（diaoxiao version）：命令与服务用同一个程序，升级先停止服务；要退回旧版本，用 diaoxiao db restore 把升级前的备份恢复到新目录")
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
		return explain.WithStep(fmt.Errorf("打不开%s：%w", w, err),
			"磁盘只读：查明原因（dmesg）；先把整个目录（连同 diaoxiao.db-wal）复制到好的磁盘，对副本执行命令或启动服务")
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
