package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/auditlog"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

// auditCheckView is what audit verify found, as --json shows it.
type auditCheckView struct {
	OK        bool            `json:"ok"`
	Entries   int64           `json:"entries"`
	Unchained int64           `json:"unchained"`          // the first of them, from before the chain
	Head      string          `json:"head,omitempty"`     // to write down
	Known     string          `json:"known,omitempty"`    // --head
	Contains  *bool           `json:"contains,omitempty"` // whether that is still there
	Broken    *auditBreakView `json:"broken,omitempty"`
}

// auditBreakView is where the chain does not hold: something changed after entry After up to entry No.
type auditBreakView struct {
	After int64     `json:"after"`
	No    int64     `json:"no"`
	At    time.Time `json:"at"`
}

func newAuditVerifyCommand(env *cli.Environment) *cobra.Command {
	var asJSON bool
	var head string
	cmd := &cobra.Command{Use: "verify", Short: "证明审计记录没有被改动、删除、插入或调换", Args: cli.Args(),
		Long: `每条审计记录带有一个链值，由它自己和以前的全部记录算出（SHA-256）。本命令逐条
重算，给出链头，即最后一条的序号和链值。只读，可在服务运行时执行。

请另行妥善保存链头（纸质或独立设备），数据库管理员不得接触，下次用 --head 给出：
证明到那一条为止的记录一条不少、一字未改。没有 --head 时发现不了两种情况：最后几条
被删去；有权写数据库的人把整条链重算了一遍。
服务的日志（消息 audit head、audit）也有每条的链值，送往另一台机器保存即可用来对照。

退出码：0 相符；2 --head 有误；3 不符（指出第一处）。`,
		Example: `  diaoxiao audit verify
  diaoxiao audit verify \
      --head 17:3f0c53ab7a8e5b2a1d0b5f1f0e7f4c2a9f4d7a1c8b6e5d4c3b2a19080f6e7d5c`,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			var known intake.AuditHead
			if head != "" {
				if known, err = intake.ParseAuditHead(head); err != nil {
					return err
				}
			}
			return withDesk(env, cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
				return verifyAudit(cmd, desk, actorOf(env), known, asJSON)
			})
		}}
	cmd.Flags().StringVar(&head, "head", "", "以前记下的`链头`（序号:链值），证明它仍在链中")
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON 输出")
	return cmd
}

func verifyAudit(cmd *cobra.Command, desk *intake.Desk, by intake.By, known intake.AuditHead, asJSON bool) error {
	p := cli.NewProgress(cmd.ErrOrStderr(), "核对审计记录")
	got, err := auditlog.New(desk).VerifyAudit(cmd.Context(), by, known,
		func(n int64) { p.At("%s 条", display.Count(n)) })
	if err != nil {
		return explain.Undone("核对", err, "")
	}
	if asJSON {
		err = cli.PrintJSON(cmd.OutOrStdout(), viewOfAuditCheck(got, known))
	} else {
		err = printAuditCheck(cmd, got, known)
	}
	if err != nil || got.OK() {
		return err
	}
	fmt.Fprintln(cmd.ErrOrStderr(), `下一步：请保留这些数据的一份副本，不要再改动；与备份中的审计记录对照
（diaoxiao db restore 恢复到新目录，再用 diaoxiao audit），并查明谁直接写过数据库。`)
	return explain.ErrFaults
}

func viewOfAuditCheck(got auditlog.Check, known intake.AuditHead) auditCheckView {
	v := auditCheckView{OK: got.OK(), Entries: got.Entries, Unchained: got.Unchained}
	if got.Head.No > 0 {
		v.Head = got.Head.String()
	}
	if known.No > 0 {
		v.Known, v.Contains = known.String(), &got.Contains
	}
	if b := got.Broken; b.Kind != 0 {
		v.Broken = &auditBreakView{b.After, b.No, b.At.In(beijingtime.Zone)}
	}
	return v
}

func printAuditCheck(cmd *cobra.Command, got auditlog.Check, known intake.AuditHead) error {
	out := cmd.OutOrStdout()
	if got.Broken.Kind != 0 {
		fmt.Fprintf(out, "不符  %s\n", got.Broken)
	}
	switch {
	case known.No > 0 && !got.Contains:
		fmt.Fprintf(out, "不符  记下的链头（第%d条）不在链中：到这一条为止有记录被改动或删除，或者这不是记下链头的那个数据库\n", known.No)
	case known.No > 0 && got.Broken.Kind == 0:
		fmt.Fprintf(out, "相符  到记下的链头（第%d条）为止，一条不少、没有改动\n", known.No)
	}
	fmt.Fprintf(out, "审计记录 %s 条", display.Count(got.Entries))
	if got.Unchained > 0 {
		fmt.Fprintf(out, "，其中最初 %s 条写于有链值以前，由其后第一条入链", display.Count(got.Unchained))
	}
	fmt.Fprintln(out)
	var err error
	if got.Head.No > 0 {
		_, err = fmt.Fprintf(out, "链头 %s\n", got.Head)
	}
	if known.No == 0 && got.OK() {
		fmt.Fprintln(cmd.ErrOrStderr(), "链完整。最后几条是否被删去，只有用 --head 与另外记下的链头对照才看得出；请记下上面的链头")
	}
	return err
}
