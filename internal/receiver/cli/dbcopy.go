package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/config"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/server"
	"diaoxiao/internal/receiver/store"
)

// The variables of the environment that name the two ends. They are no settings of the server. A URL in them may
// contain a password.
const (
	copyFrom = "COPY_FROM"
	copyTo   = "COPY_TO"
)

func newDBCopyCommand(env *cli.Environment) *cobra.Command {
	var from, to config.Where
	var asJSON bool
	cmd := &cobra.Command{Use: "copy", Short: "搬迁到另一数据目录或数据库：SQLite 与 PostgreSQL 之间、同类之间", Args: cli.Args(),
		Long: `把受理的一切从来源搬到目标：应用、账户、案件、报文正文、退回、报送记录、空号和审计；
受理号和各种编号不变。两边各为一个数据目录或 postgres:// 地址，服务都须已停止。
目标须为空，或是同一来源没有搬完的副本：中断之后再次执行同一命令，从中断处接着做。
搬完之前目标打不开，来源始终不变。搬完后把两边逐表重读一遍，条数和摘要须一致，再对
目标做与 diaoxiao db check 相同的检查。
会话不搬，报送程序须重新登录；核验结果不搬，由服务启动后从正文重新得出。
搬完之后不要再启动来源上的服务：两边会发出相同的受理号。
口令不得写在命令行：用 --from-password-file、--to-password-file、~/.pgpass，或把整个
地址放在环境变量 DIAOXIAO_COPY_FROM、DIAOXIAO_COPY_TO 中。
退出码：0 搬完且全部相符；3 已搬完但发现不符。`,
		Example: `  diaoxiao db copy --from /var/lib/diaoxiao --to postgres://diaoxiao@db1,db2/diaoxiao
  diaoxiao db copy --from postgres://diaoxiao@db1/diaoxiao --to /var/lib/diaoxiao`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := copyEnds(env, cmd, &from, &to); err != nil {
				return explain.BadUsage(err)
			}
			return copyAll(env, cmd, &from, &to, asJSON)
		}}
	endFlags(cmd, "from", "来源", &from)
	endFlags(cmd, "to", "目标", &to)
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON Lines 输出：第一行为搬迁的合计，其后同 diaoxiao db check --json")
	return cmd
}

func endFlags(cmd *cobra.Command, name, side string, w *config.Where) {
	cmd.Flags().StringVar(&w.Data, name, "", side+"：数据`目录或 postgres:// 地址`")
	cmd.Flags().StringVar(&w.DatabasePasswordFile, name+"-password-file", "", "存有"+side+"数据库口令的`文件`")
}

// copyEnds completes both ends from the environment and decides for each whether it is a folder or a database.
func copyEnds(env *cli.Environment, cmd *cobra.Command, from, to *config.Where) error {
	for _, name := range []string{"data", "database", "database-password-file"} {
		if cmd.Flags().Changed(name) {
			return fmt.Errorf("搬迁的两边由 --from 和 --to 指明，不接受 --%s", name)
		}
	}
	if _, err := config.Read(env, cmd.Flags()); err != nil { // reports faults in the environment
		return err
	}
	environ := env.Variables()
	if err := completeEnd(from, "from", environ[cli.EnvPrefix+copyFrom]); err != nil {
		return err
	}
	return completeEnd(to, "to", environ[cli.EnvPrefix+copyTo])
}

// completeEnd takes the place of one end from its flag, or else from its variable.
func completeEnd(w *config.Where, flag, variable string) error {
	place := w.Data
	switch {
	case place == "" && variable == "":
		return fmt.Errorf("缺少 --%s", flag)
	case place == "":
		place = variable
	case store.IsURL(place) && display.Address(place) != place:
		return fmt.Errorf("命令行人人可见，--%s 中不得带口令；请用 --%s-password-file、~/.pgpass 或环境变量", flag, flag)
	}
	if store.IsURL(place) {
		w.Data, w.Database = "", place
	}
	return nil
}

func copyAll(env *cli.Environment, cmd *cobra.Command, from, to *config.Where, asJSON bool) error {
	source, err := endOf(from)
	if err != nil {
		return err
	}
	target, err := endOf(to)
	if err != nil {
		return err
	}
	began := time.Now()
	p := cli.NewProgress(cmd.ErrOrStderr(), "搬迁")
	done, err := store.Copy(cmd.Context(), source, target, func(at store.Progress) { tellCopy(p, at) },
		func(tx intake.Tx) error { return intake.Moved(tx, time.Now(), actorOf(env), from.Shown()) })
	if err != nil {
		return notCopied(err)
	}
	if asJSON {
		err = cli.PrintJSON(cmd.OutOrStdout(), done)
	} else {
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "已搬迁 %s 行（%s 字节，本次 %s 行，用时 %s），两边逐表一致\n", display.Count(done.Rows),
			display.Count(done.Bytes), display.Count(done.Moved), cli.Since(began))
	}
	if err != nil {
		return err
	}
	return checkCopy(env, cmd, to, asJSON)
}

// endOf is one end of a copy, with its password.
func endOf(w *config.Where) (store.Place, error) {
	o, err := server.StoreOptions(w, store.Options{})
	return store.Place{Name: w.Place(), Password: o.Password}, err
}

func tellCopy(p *cli.Progress, at store.Progress) {
	what := "已搬"
	if at.Checking {
		what = "复读核对"
	}
	p.At("表 %s %s %s 行，%s MiB", at.Table, what, display.Count(at.Rows), display.Count(at.Bytes>>20))
}

// notCopied adds the next step to an error of a copy. It does not change errors that name their next step themselves.
func notCopied(err error) error {
	for _, known := range []error{store.ErrLocked, store.ErrNoData, store.ErrNotEmpty, store.ErrSourceChanged,
		store.ErrUnfinished,
		store.ErrSchema, store.ErrWeak} {
		if errors.Is(err, known) && !errors.Is(err, context.Canceled) {
			return err
		}
	}
	if errors.Is(err, store.ErrNotEqual) {
		return explain.WithStep(err, "请另用一个空的目标重新搬迁；如仍如此，用 diaoxiao db check 检查来源")
	}
	return explain.Undone("搬迁", err, "来源没有改动；再次执行同一命令即从中断处接着做")
}

// checkCopy checks the target as db check does, without the source.
func checkCopy(env *cli.Environment, cmd *cobra.Command, to *config.Where, asJSON bool) (err error) {
	s, err := server.OpenStore(cmd.Context(), to, existing)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	fmt.Fprintf(cmd.ErrOrStderr(), "已搬迁到 %s，开始检查\n", to.Shown())
	err = check(cmd, intake.NewDesk(intake.Config{Store: s}), actorOf(env), s, &acceptanceList{}, asJSON)
	if err != nil && !errors.Is(err, explain.ErrFaults) {
		return explain.WithStep(err, "搬迁已完成，可用 diaoxiao db check 再检查目标")
	}
	return err
}
