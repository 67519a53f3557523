package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/submission"
)

func newOutboxShowCommand(env *cli.Environment) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "show CASEID",
		Short: "显示一件案件的经过，包括被替换的",
		Args:  cli.Args("CASEID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withOutbox(env, cmd, func(b *outbox.Outbox) error {
				found := false
				err := b.Entries(
					cmd.Context(),
					outbox.Filter{CaseID: args[0], History: true},
					func(e outbox.Entry) error {
						found = true
						return showEntry(cmd.OutOrStdout(), b, e, asJSON)
					},
				)
				if err == nil && !found {
					err = explain.WithStep(
						fmt.Errorf("%w：%s", outbox.ErrNotFound, args[0]),
						"用 diaoxiao outbox list 查看已有的案件",
					)
				}
				return err
			})
		},
	}
	outboxFlags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON Lines 输出")
	return cmd
}

func showEntry(out io.Writer, b *outbox.Outbox, e outbox.Entry, asJSON bool) error {
	attempts, err := b.Attempts(e.No)
	if err != nil {
		return err
	}
	faults, err := b.Receipts()
	if err != nil {
		return submission.BoxError(err)
	}
	v := viewEntry(e, faults)
	for _, a := range attempts {
		v.History = append(v.History, attemptView{
			rfc3339(a.Began),
			a.Took.Seconds(),
			a.Tries,
			a.Outcome.String(),
			a.Status,
			a.Codes,
			a.RequestID,
			a.Message,
		})
	}
	if asJSON {
		return cli.PrintJSON(out, v)
	}
	return v.print(out, e)
}

func (v entryView) print(out io.Writer, e outbox.Entry) error {
	t := display.NewTable(out)
	state := stateWord(e)
	if v.Superseded > 0 && v.Superseded != v.No {
		state += fmt.Sprintf("（已由第 %d 条取代）", v.Superseded)
	}
	for _, line := range [][2]string{
		{"案件编号", v.CaseID},
		{"案件名称", v.CaseName},
		{"状态", state},
		{"受理号", v.AcceptID},
		{"户数", display.Count(v.Items)},
		{"接收方", v.URL + "  " + v.AppKey},
		{"原地址", v.Origin},
		{"来源", submission.PlaceOf(e.Source).String() + "  " + v.File},
		{"存入", cli.Beijing(e.Recorded)},
		{"报文", fmt.Sprintf("%s 字节，SHA-256 %s", display.Count(v.Bytes), v.SHA256)},
		{"内容摘要", v.Digest},
		{"受理回执", v.Receipt},
		{"不成立的原因", v.Fault},
	} {
		if line[1] != "" {
			t.Add(line[0], line[1])
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for line := range strings.Lines(v.Held) {
		if _, err := fmt.Fprintln(out, display.Plain(strings.TrimRight(line, "\n"))); err != nil {
			return err
		}
	}
	for i, a := range v.History {
		text := fmt.Sprintf("第 %d 次  %s  用时 %.3f 秒，请求 %d 次  %s", i+1, a.At, a.Seconds, a.Requests, a.Outcome)
		if a.Codes != "" {
			text += "  " + a.Codes
		}
		if a.RequestID != "" {
			text += "  请求编号 " + a.RequestID
		}
		if a.Message != "" {
			text += "\n    " + a.Message
		}
		if _, err := fmt.Fprintln(out, display.Prose(text)); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(out)
	return err
}
