package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/sender/profile"
)

// newStatus is the command status: it asks a receiver for one case.
func newStatus(env *cli.Environment) *cobra.Command {
	var flags senderFlags
	var q question
	cmd := &cobra.Command{Use: "status [受理号|案件编号]", Short: "向接收方查询一件案件的受理情况", Args: cli.AtMost("受理号或案件编号"),
		Long: `按受理号或案件编号向接收方查询：受理了没有、核验完没有、是否已退回；已退回的，
给出退回的理由和所涉的条目；各市场主体办到哪一步（可放行、暂缓、放行、不予公示、
退回、已公示）各有几户。后两样须接收方提供。受理号和案件编号写在同一位置，按样子
区分；接收方的编号两可时用 --acceptid 或 --caseid 指明。案件编号须与报送的完全一致，
含空格的加引号。只能查到本应用报送的案件；同一案件编号有多次受理时，是最近的一次。

退出码：0 查到；3 没有该案件，或 --wait 到时仍未核验；1 查询失败；2 参数有误。`,
		Example: `  diaoxiao status 202611240000000019
  diaoxiao status 呼市监处罚〔2026〕1号
  diaoxiao status --caseid 呼市监处罚〔2026〕1号 --wait 5m --json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				q.number = args[0]
			}
			return askStatus(env, cmd, &q)
		}}
	flags.flags(cmd.Flags())
	cmd.Flags().StringVar(&q.AcceptID, "acceptid", "", "受理`号`")
	cmd.Flags().StringVar(&q.CaseID, "caseid", "", "案件`编号`")
	cmd.Flags().DurationVar(&q.wait, "wait", 0, "等到核验完毕，最多等多久，如 5m")
	cmd.Flags().BoolVar(&q.asJSON, "json", false, "以 JSON 输出")
	return cmd
}

// question is the question that status asks.
type question struct {
	api.QueryRequest
	number string // an acceptid or a caseid, until it is known which
	wait   time.Duration
	asJSON bool
}

// statusView is the answer as --json shows it; state is 未找到 where there is no such case.
type statusView struct {
	AcceptID   string `json:"acceptid"`
	CaseID     string `json:"caseid"`
	State      string `json:"state"`
	ReceivedAt string `json:"receivedAt,omitempty"`
	Items      int    `json:"items"`
	Findings   int    `json:"findings"`
	// FirmCounts are the firms by state, where the receiver tells them.
	FirmCounts *api.FirmCounts `json:"firmCounts,omitempty"`
	returnView
}

// returnView is the reason and the rows of a return, as --json shows them.
type returnView struct {
	ReturnedAt     string            `json:"returnedAt,omitempty"`
	ReturnReason   string            `json:"returnReason,omitempty"`
	ReturnRowCount int               `json:"returnRowCount,omitempty"`
	ReturnRows     []api.ReturnedRow `json:"returnRows,omitempty"`
}

func viewReturn(r *api.CaseReturn) (v returnView) {
	if r != nil {
		v = returnView{r.At, r.Reason, r.RowCount, r.Rows}
	}
	return v
}

// stateNone is the state of a case that does not exist.
const stateNone = "未找到"

func askStatus(env *cli.Environment, cmd *cobra.Command, q *question) error {
	switch {
	case q.number == "" && q.AcceptID == "" && q.CaseID == "":
		return explain.Usagef("缺少受理号或案件编号，如 diaoxiao status 呼市监处罚〔2026〕1号")
	case q.number != "" && (q.AcceptID != "" || q.CaseID != ""):
		return explain.Usagef("受理号、案件编号已写在命令后面，不能再用 --acceptid、--caseid")
	case q.wait < 0:
		return explain.Usagef("--wait 不得为负")
	}
	s, err := openSender(env, cmd)
	if err != nil {
		return err
	}
	to, err := s.Client(func(c *client.Config) { c.Attempts = 4 }) // somebody waits
	if err != nil {
		return err
	}
	defer leave(cmd.Context(), to)
	e, err := await(cmd.Context(), to, q)
	if errors.Is(err, api.NoSuchCase) {
		return q.notFound(cmd, s)
	}
	if err != nil {
		return asked(err)
	}
	if err := q.show(cmd, viewStatus(e), e.Return); err != nil {
		return err
	}
	if e.State == api.StateReturned {
		noteReturned(cmd, s, []api.CaseEntry{e})
	}
	if q.wait > 0 && !settled(e.State) {
		fmt.Fprintf(cmd.ErrOrStderr(), "等了 %s，仍未核验完毕；稍后再查，持续如此请联系接收方\n", display.Span(q.wait))
		return explain.ErrFaults
	}
	return nil
}

func viewStatus(e api.CaseEntry) statusView {
	return statusView{e.AcceptID, e.CaseID, e.State, e.ReceivedAt, e.Items, e.Findings, e.Firms, viewReturn(e.Return)}
}

// leave ends the session. Where that fails, the session ends by itself.
func leave(ctx context.Context, c *client.Client) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	c.Logout(ctx)
}

func settled(state string) bool { return state == api.StateVerified || state == api.StateReturned }

// await queries the case. Where the user awaits its verification it repeats the query, less and less often, until the
// case is verified or the time is up.
func await(ctx context.Context, to *client.Client, q *question) (api.CaseEntry, error) {
	end := time.Now().Add(q.wait)
	for pause := 250 * time.Millisecond; ; pause = min(2*pause, 10*time.Second) {
		e, err := q.find(ctx, to)
		left := time.Until(end)
		if err != nil || settled(e.State) || left <= 0 {
			return e, err
		}
		if err := cli.Sleep(ctx, min(pause, left)); err != nil {
			return e, err
		}
	}
}

// asked adds the next step to the error of a question.
func asked(err error) error {
	if errors.Is(err, client.ErrNotOffered) {
		return explain.WithStep(err, "以报送时得到的受理号为准，或请接收方代查（diaoxiao case list --caseid …）")
	}
	return explain.WithStep(err, senderStep(err))
}

// senderStep is the step that a sender takes about an error of the client.
func senderStep(err error) string {
	switch {
	case errors.Is(err, context.Canceled):
		return ""
	case errors.Is(err, client.ErrUnreachable), errors.Is(err, client.ErrNotInterface),
		errors.Is(err, api.ErrNotAnswer):
		return "用 diaoxiao doctor 查明原因"
	case errors.Is(err, api.InvalidAppKey), errors.Is(err, api.MissingAppSecret), errors.Is(err, api.InvalidLogin):
		return "核对 appKey、账户和密钥文件；用 diaoxiao doctor 逐项检查"
	case errors.Is(err, api.Unavailable), errors.Is(err, api.TooManyRequests), errors.Is(err, api.Internal):
		return "稍后再试；持续如此请联系接收方"
	}
	return senderSpeaker().Step(err)
}

func (q *question) notFound(cmd *cobra.Command, s *profile.Sender) error {
	if q.asJSON {
		if err := cli.PrintJSON(
			cmd.OutOrStdout(),
			statusView{AcceptID: q.AcceptID, CaseID: cmp.Or(q.CaseID, q.number), State: stateNone},
		); err != nil {
			return err
		}
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "接收方没有该案件：%s；核对编号（须完全一致，括号如〔〕、空格都算）和接入配置（appKey %s，只能查到本应用报送的）；"+
		"报送过的用 diaoxiao outbox list 查看编号，尚未受理的用 diaoxiao submit 报送\n",
		display.Marked(cmp.Or(q.number, q.AcceptID, q.CaseID)), s.AppKey)
	return errors.Join(explain.ErrFaults, printOthersOf(cmd, s))
}

func (q *question) show(cmd *cobra.Command, v statusView, r *api.CaseReturn) error {
	if q.asJSON {
		return cli.PrintJSON(cmd.OutOrStdout(), v)
	}
	t := display.NewTable(cmd.OutOrStdout())
	findings := ""
	if v.State == api.StateVerified {
		findings = display.Count(v.Findings) + " 条（由接收方的操作人员处理）"
	}
	for _, line := range [][2]string{{"受理号", v.AcceptID}, {"案件编号", v.CaseID}, {"状态", v.State}, {"接收时间", v.ReceivedAt},
		{"市场主体", display.Count(v.Items) + " 户"}, {"办理进度", firmsLine(v.FirmCounts)},
		{"核验提示", findings}, {"退回时间", v.ReturnedAt}, {"下一步", nextOf(v)}} {
		if line[1] != "" {
			t.Add(line[0], line[1])
		}
	}
	err := t.Flush()
	if r != nil {
		for _, line := range returnedLines(r) {
			fmt.Fprintln(cmd.OutOrStdout(), line)
		}
	}
	return err
}

// firmsLine are the firms of a case by state, those with any; "" where the receiver does not tell them.
func firmsLine(c *api.FirmCounts) string {
	if c == nil {
		return ""
	}
	var parts []string
	for _, p := range []struct {
		title string
		n     int
	}{{"待核验", c.Pending}, {"可放行", c.Ready}, {"暂缓", c.Held}, {"放行", c.Released}, {"不予公示", c.Withheld},
		{"退回", c.Returned}, {"其中已公示", c.Published}} {
		if p.n > 0 {
			parts = append(parts, p.title+" "+display.Count(p.n)+" 户")
		}
	}
	return strings.Join(parts, "，")
}

// nextOf is the step that the sender takes about a case in this state; "" where there is none.
func nextOf(v statusView) string {
	switch {
	case v.State == api.StateAccepted:
		return "已持久保存，不必重报；核验还没有完，稍后再查或加 --wait 5m"
	case v.State == api.StateReturned && v.ReturnReason == "":
		return "接收方没有给出理由，请向其索取；更正后以原案件编号重新报送（diaoxiao submit）"
	case v.State == api.StateReturned:
		return "按退回的理由更正后，以原案件编号重新报送（diaoxiao submit）"
	}
	return ""
}
