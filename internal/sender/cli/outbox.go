package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/submission"
)

// newOutbox is the command outbox with the commands below it.
func newOutbox(env *cli.Environment) *cobra.Command {
	cmd := &cobra.Command{Use: "outbox", Short: "发件箱：报送过的案件、受理号和回执",
		Long: `发件箱记录每件案件要发送的内容、可能已发出的时刻和接收方的答复，由 submit 建立，每个接入
配置一个。其中只增不减，没有密钥。查看不影响正在进行的报送。`}
	cmd.AddCommand(
		newOutboxListCommand(env), newOutboxShowCommand(env), newOutboxRetryCommand(env), newOutboxExportCommand(env),
		newOutboxDropCommand(env), newOutboxMergeCommand(env),
	)
	return cmd
}

// openOutbox opens an outbox for sending.
func openOutbox(dir string) (*outbox.Outbox, error) {
	b, err := outbox.Open(dir, time.Now)
	return b, submission.BoxError(err)
}

// withOutbox opens the outbox to look at.
func withOutbox(env *cli.Environment, cmd *cobra.Command, f func(*outbox.Outbox) error) error {
	dir, err := outboxDir(env, cmd)
	if err != nil {
		return err
	}
	b, err := outbox.OpenToRead(dir)
	if err != nil {
		return submission.BoxError(err)
	}
	return errors.Join(f(b), b.Close())
}

// outboxDir is the folder to look into: one that is named needs no profile.
func outboxDir(env *cli.Environment, cmd *cobra.Command) (string, error) {
	if dir, _ := cmd.Flags().GetString("outbox"); dir != "" {
		return dir, forSender(env, cmd.Flags())
	}
	_, p, err := senderSettings(env, cmd)
	return p.Outbox, err
}

// outboxFlags name an outbox without the need of anything else.
func outboxFlags(f *pflag.FlagSet) {
	new(senderFlags).fileFlags(f)
	f.String("profile", "", "接入配置的`名称`；也可用环境变量 DIAOXIAO_PROFILE")
	f.String("outbox", "", "发件箱`目录`；缺省为该接入配置的")
}

// entryView is a case in the outbox as --json shows it.
type entryView struct {
	No         int64         `json:"no"`
	CaseID     string        `json:"caseid"`
	CaseName   string        `json:"casename"`
	State      string        `json:"state"`
	Held       string        `json:"held,omitempty"` // why it waits for consent
	AcceptID   string        `json:"acceptid"`
	Items      int           `json:"items"`
	URL        string        `json:"url"`
	AppKey     string        `json:"appKey"`
	Origin     string        `json:"recordedFor,omitempty"` // the address before a merge
	File       string        `json:"file"`
	Sheet      string        `json:"sheet,omitempty"`
	Row        int           `json:"row,omitempty"`
	RecordedAt string        `json:"recordedAt"`
	SettledAt  string        `json:"settledAt,omitempty"`
	Attempts   int           `json:"attempts"`
	RequestID  string        `json:"requestId,omitempty"`
	Codes      string        `json:"codes,omitempty"`
	Message    string        `json:"message,omitempty"`
	Digest     string        `json:"digest"`
	SHA256     string        `json:"sha256"`
	Bytes      int64         `json:"bytes"`
	Superseded int64         `json:"supersededBy,omitempty"`
	History    []attemptView `json:"history,omitempty"`
}

// attemptView is one sending as --json shows it.
type attemptView struct {
	At        string  `json:"at"`
	Seconds   float64 `json:"seconds"`
	Requests  int     `json:"requests"`
	Outcome   string  `json:"outcome"`
	Status    int     `json:"status,omitempty"`
	Codes     string  `json:"codes,omitempty"`
	RequestID string  `json:"requestId,omitempty"`
	Message   string  `json:"message,omitempty"`
}

func viewEntry(e outbox.Entry) entryView {
	return entryView{
		No:         e.No,
		CaseID:     e.CaseID,
		CaseName:   e.CaseName,
		State:      e.State.String(),
		Held:       e.Held,
		AcceptID:   e.AcceptID,
		Items:      e.Items,
		URL:        e.URL,
		AppKey:     e.AppKey,
		Origin:     e.Origin,
		File:       e.File,
		Sheet:      e.Sheet,
		Row:        e.Row,
		RecordedAt: rfc3339(e.Recorded),
		SettledAt:  rfc3339(e.Settled),
		Attempts:   e.Tries,
		RequestID:  e.RequestID,
		Codes:      e.Codes,
		Message:    e.Message,
		Digest:     fmt.Sprintf("%x", e.Digest),
		SHA256:     fmt.Sprintf("%x", e.SHA256),
		Bytes:      e.Bytes,
		Superseded: e.Superseded,
	}
}

func newOutboxListCommand(env *cli.Environment) *cobra.Command {
	var states []string
	var asJSON bool
	cmd := &cobra.Command{Use: "list", Short: "列出发件箱中的案件", Args: cli.Args(),
		Example: `  diaoxiao outbox list --state 结果未知,被拒绝`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, word := range states {
				if s, ok := outbox.StateOf(word); word != stateHeld && (!ok || s == outbox.Dropped) {
					return explain.Usagef("--state %q：应为待发送、待确认、发送中、已受理、被拒绝、结果未知、已退回", word)
				}
			}
			return withOutbox(env, cmd, func(b *outbox.Outbox) error { return listOutbox(cmd, b, states, asJSON) })
		}}
	outboxFlags(cmd.Flags())
	cmd.Flags().StringSliceVar(&states, "state", nil, "只列这些`状态`，以逗号分隔")
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON Lines 输出")
	return cmd
}

func listOutbox(cmd *cobra.Command, b *outbox.Outbox, states []string, asJSON bool) error {
	out := cmd.OutOrStdout()
	each := func(f func(outbox.Entry) error) error {
		return b.Entries(cmd.Context(), outbox.Filter{}, func(e outbox.Entry) error {
			if len(states) > 0 && !slices.Contains(states, e.State.String()) && !slices.Contains(states, stateWord(e)) {
				return nil
			}
			return f(e)
		})
	}
	if asJSON {
		return each(func(e outbox.Entry) error { return cli.PrintJSON(out, viewEntry(e)) })
	}
	all, err := b.Receivers()
	if err != nil {
		return err
	}
	t := display.NewTable(out)
	t.Add(withReceiver(all, "接收方", "状态", "受理号", "时间", "户数", "案件编号", "来源")...)
	err = each(func(e outbox.Entry) error {
		at := e.Settled
		if at.IsZero() {
			at = e.Recorded
		}
		return t.Add(withReceiver(
			all,
			receiverWord(all, e.Target),
			stateWord(e),
			e.AcceptID,
			cli.Beijing(at),
			fmt.Sprint(e.Items),
			e.CaseID,
			submission.PlaceOf(e.Source).String(),
		)...)
	})
	return errors.Join(err, t.Flush(), tellSeveral(cmd, all))
}

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
	v := viewEntry(e)
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

func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(beijingtime.Zone).Format(time.RFC3339)
}
