package cli

import (
	"bufio"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"

	"diaoxiao/api"
	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

func newExportCommand(env *cli.Environment) *cobra.Command {
	var sel selection
	var raw string
	cmd := &cobra.Command{Use: "export", Short: "导出已受理的案件（JSON Lines，每行一件）", Args: cli.Args(),
		Long: `按受理次序把案件写到标准输出，每行一个 JSON 对象：规范中的全部字段
（penaltylist 完整、按原次序、值逐字节相同），另加 acceptid、receivedAt、appKey、
account、sha256。内容取自保存的报文正文，并逐件与受理时的摘要核对；不符即中止
（退出码 1）。--raw 同时把每件的报文按原样写成 目录/<受理号>.json。
可在服务运行时执行。`,
		Example: `  diaoxiao export > 全部案件.jsonl
  diaoxiao export --since 2026-03-01 --until 2026-03-31 --app 呼和浩特市执法办案系统 \
      --raw 报文 > 三月.jsonl`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withDesk(env, cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
				return exportTo(env, cmd, desk, &sel, raw)
			})
		}}
	sel.flags(cmd.Flags())
	cmd.Flags().StringVar(&raw, "raw", "", "同时把报文原样写入该`目录`")
	return cmd
}

func exportTo(env *cli.Environment, cmd *cobra.Command, desk *intake.Desk, sel *selection, raw string) error {
	by := actorOf(env)
	query, err := sel.query(cmd, desk, by)
	if err != nil {
		return err
	}
	if err := given(cmd, casework.New(desk).NoteCaseExport(cmd.Context(), by, sel.words(raw))); err != nil {
		return err
	}
	out := bufio.NewWriterSize(cmd.OutOrStdout(), 64<<10)
	var dir *os.Root
	if raw != "" {
		if err := os.MkdirAll(raw, 0o700); err != nil {
			return err
		}
		if dir, err = os.OpenRoot(raw); err != nil {
			return err
		}
		defer dir.Close()
	}
	n, p := 0, cli.NewProgress(cmd.ErrOrStderr(), "导出")
	err = eachCase(cmd.Context(), desk, by, query, func(k intake.Case) error {
		// An interruption takes effect after the current case, so that the last line is whole.
		if err := exportCase(context.WithoutCancel(cmd.Context()), desk, by, k, out, dir); err != nil {
			return fmt.Errorf("受理号 %s：%w", k.AcceptID, err)
		}
		n++
		p.At("%s 件", display.Count(n))
		return nil
	})
	if unsaid := out.Flush(); err == nil {
		err = unsaid
	}
	if err != nil {
		return explain.Undone("导出", err, exportStep(err, n))
	}
	_, err = fmt.Fprintf(cmd.ErrOrStderr(), "已导出 %s 件\n", display.Count(n))
	return err
}

// exportStep is the next step for the user after an export that ended early.
func exportStep(err error, done int) string {
	if errors.Is(err, intake.ErrDamaged) {
		return "用 diaoxiao db check 查出全部不符之处，并与备份核对"
	}
	return fmt.Sprintf("已完整写出 %s 件，其后的没有导出", display.Count(done))
}

func exportCase(
	ctx context.Context, desk *intake.Desk, by intake.By, c intake.Case, out *bufio.Writer, dir *os.Root) error {
	if err := writeLine(ctx, desk, by, c, out); err != nil {
		return err
	}
	if dir == nil {
		return nil
	}
	return writeRaw(ctx, desk, by, c, dir)
}

// writeLine writes a case as one line of JSON, its texts before its list. It decodes the body twice, because in the
// body the list may come before the texts, and memory must not grow with the list.
func writeLine(ctx context.Context, desk *intake.Desk, by intake.By, c intake.Case, out *bufio.Writer) error {
	got, err := desk.Decode(ctx, by, c, nil)
	if err != nil {
		return err
	}
	v := got.Case
	b := append(make([]byte, 0, 4<<10), '{')
	for _, m := range [][2]string{{"caseid", v.CaseID}, {"casename", v.CaseName},
		{"caseintroduction", v.CaseIntroduction}, {"illegality", v.Illegality}, {"penalty", v.Penalty},
		{"penaltydate", v.PenaltyDate}, {"penaltyorg", v.PenaltyOrg}} {
		b = appendMember(b, m[0], m[1])
	}
	out.Write(append(b, `"penaltylist":[`...))
	_, err = desk.Decode(ctx, by, c, func(i int, e api.Entity) error {
		b = b[:0]
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '{')
		for _, m := range [][2]string{{"pripid", e.PripID}, {"uniscid", e.UniscID}, {"legal", e.Legal},
			{"enttype", e.EntType}} {
			b = appendMember(b, m[0], m[1])
		}
		b[len(b)-1] = '}'
		_, err := out.Write(b)
		return err
	})
	if err != nil {
		return err
	}
	b = append(b[:0], "],"...)
	for _, m := range [][2]string{{"acceptid", c.AcceptID},
		{"receivedAt", c.Received.In(beijingtime.Zone).Format(time.RFC3339Nano)}, {"appKey", c.AppKey},
		{"account", c.Account}, {"sha256", hex.EncodeToString(c.SHA256[:])}} {
		b = appendMember(b, m[0], m[1])
	}
	b[len(b)-1] = '}'
	_, err = out.Write(append(b, '\n'))
	return err
}

// appendMember appends "name":"value", with a comma after it.
func appendMember(b []byte, name, value string) []byte {
	b = append(append(append(b, '"'), name...), `":`...)
	b, err := jsontext.AppendQuote(b, value)
	if err != nil {
		panic(err) // cannot happen: the strict decoder lets only valid UTF-8 through
	}
	return append(b, ',')
}

// writeRaw writes the body as it was sent. It writes under another name and renames the file at the end, so that a file
// with the right name is complete.
func writeRaw(ctx context.Context, desk *intake.Desk, by intake.By, c intake.Case, dir *os.Root) error {
	name := c.AcceptID + ".json"
	f, err := dir.OpenFile(name+".part", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err = errors.Join(copyBody(ctx, f, desk, by, c), f.Close()); err != nil {
		return errors.Join(err, dir.Remove(name+".part"))
	}
	return dir.Rename(name+".part", name)
}

func copyBody(ctx context.Context, w io.Writer, desk *intake.Desk, by intake.By, c intake.Case) error {
	body, err := desk.Body(ctx, by, c)
	if err != nil {
		return err
	}
	defer body.Close()
	_, err = io.Copy(w, body)
	return err
}
