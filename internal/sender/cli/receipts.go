package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/verifycmd"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/receipt"
	"diaoxiao/internal/sender/submission"
)

// The words for the receipt of a case.
const (
	receiptVerified = "已验证"
	receiptFaulty   = "不成立"
)

// receiptWord says how it is with the receipt of an entry; "" where there is none.
func receiptWord(faults map[int64]string, no int64) string {
	switch fault, there := faults[no]; {
	case !there:
		return ""
	case fault != "":
		return receiptFaulty
	}
	return receiptVerified
}

// withReceipt adds a column for the receipts, where there are any.
func withReceipt(faults map[int64]string, word string, cells []string) []string {
	if len(faults) == 0 {
		return cells
	}
	return append(cells, word)
}

// readPolicy reads the trust policy that receipts are verified by; nil where the settings name none.
func readPolicy(path string) (*evidence.Policy, error) {
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, explain.BadUsage(fmt.Errorf("信任策略（receipts）：%w", err))
	}
	p, err := evidence.ParsePolicy(string(text))
	if err != nil {
		return nil, explain.BadUsage(explain.WithStep(
			fmt.Errorf("信任策略 %s 不能使用；技术原因：%w", path, err), "向接收方索取 policy.txt，须从可靠的途径取得"))
	}
	return &p, nil
}

// receiptFault says why a receipt does not hold, or is not of what was sent.
func receiptFault(err error) string {
	m, other := errors.AsType[*receipt.Mismatch](err)
	_, fault := errors.AsType[*evidence.Fault](err)
	switch {
	case other && m.Field == receipt.Kind:
		return "不是案件受理的回执，或没有出示报文的摘要"
	case other:
		name := map[receipt.Field]string{receipt.AcceptID: "受理号", receipt.CaseID: "案件编号", receipt.App: "appKey",
			receipt.Account: "账户", receipt.Bytes: "报文的长度", receipt.SHA256: "报文的 SHA-256",
			receipt.SM3: "报文的 SM3"}[m.Field]
		return fmt.Sprintf("所证明的不是这次报送：%s为 %s，本方为 %s", name, display.Plain(m.Proved), display.Plain(m.Sent))
	case errors.Is(err, api.NoSuchCase):
		return "接收方没有该受理号的案件"
	case fault, errors.Is(err, evidence.ErrReceipt):
		return strings.TrimPrefix(verifycmd.Refusal(err), "不成立：")
	}
	return senderSpeaker().Words(err)
}

// collect fetches the receipts that the outbox lacks, where the settings ask for them.
func (d *delivery) collect() (err error) {
	if d.policy == nil {
		return nil
	}
	c := receipt.Collector{Box: d.box, Client: d.client, Policy: *d.policy, Words: receiptFault, Told: d.out.faulty,
		Target: outbox.Target{URL: d.to.URL, AppKey: d.to.AppKey}}
	d.receipts, err = c.Collect(d.cmd.Context())
	if err != nil && !errors.Is(err, context.Canceled) {
		err = submission.BoxError(err)
	}
	return err
}

// faultyView is a receipt that does not hold as --json shows it.
type faultyView struct {
	CaseID   string `json:"caseid"`
	AcceptID string `json:"acceptid"`
	Receipt  string `json:"receipt"`
	Fault    string `json:"receiptFault"`
}

// faulty prints a receipt that does not hold.
func (p *submitPrinter) faulty(e outbox.Entry, r outbox.Receipt) {
	if p.asJSON {
		cli.PrintJSON(p.out, faultyView{e.CaseID, e.AcceptID, receiptFaulty, r.Fault})
		return
	}
	p.line.Above(func() error {
		_, err := fmt.Fprintf(p.out, "✘ 受理回执不成立  受理号 %s  案件 %s：%s\n    请保留发件箱，与接收方核对\n", e.AcceptID,
			display.Plain(e.CaseID), display.Plain(r.Fault))
		return err
	})
}

// receiptsView counts receipts, as --json shows it.
type receiptsView struct {
	Verified int    `json:"verified"`
	Faulty   int    `json:"faulty"`
	Missing  int    `json:"missing"`
	Why      string `json:"why,omitempty"`
}

func viewReceipts(t receipt.Tally) *receiptsView {
	v := &receiptsView{Verified: t.Verified, Faulty: t.Faulty, Missing: t.Missing}
	switch {
	case errors.Is(t.Why, api.NoEvidenceLog), errors.Is(t.Why, client.ErrNotOffered):
		v.Why = "接收方不出具受理回执"
	case t.Why != nil:
		v.Why = senderSpeaker().Words(t.Why)
	}
	return v
}

// words sums up the receipts.
func (v *receiptsView) words() string {
	text := fmt.Sprintf("受理回执：已验证 %s", display.Count(v.Verified))
	if v.Faulty > 0 {
		text += fmt.Sprintf("，不成立 %s", display.Count(v.Faulty))
	}
	if v.Missing > 0 {
		text += fmt.Sprintf("，尚未取得 %s", display.Count(v.Missing))
		if v.Why != "" {
			text += "（" + display.Plain(v.Why) + "）"
		}
		text += "，以后报送时再取"
	}
	return text
}

func newOutboxReceiptCommand(env *cli.Environment) *cobra.Command {
	var out string
	cmd := &cobra.Command{Use: "receipt 受理号或案件编号", Short: "写出案件的受理回执", Args: cli.Args("受理号或案件编号"),
		Long: `写出发件箱中保存的受理回执。接入配置中有 receipts（或给出 --receipts）时，submit 和
outbox retry 在案件受理之后取得回执，以信任策略验证，并与保存的报文核对，然后存入发件箱。

退出码：0 已验证的回执；1 没有；3 写出的回执不成立，原因在标准错误输出。`,
		Example: `  diaoxiao outbox receipt 202611300000000012 -o 回执.receipt`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return withOutbox(env, cmd, func(b *outbox.Outbox) error { return writeReceipt(cmd, b, args[0], out) })
		}}
	outboxFlags(cmd.Flags())
	cmd.Flags().StringVarP(&out, "out", "o", "", "写入的`文件`；不给出时写到标准输出")
	return cmd
}

func writeReceipt(cmd *cobra.Command, b *outbox.Outbox, id, out string) error {
	e, err := entryOf(cmd.Context(), b, id)
	if err != nil {
		return err
	}
	r, err := b.Receipt(e.No)
	if errors.Is(err, outbox.ErrNotFound) || err == nil && len(r.File) == 0 {
		return explain.WithStep(fmt.Errorf("案件 %s 没有受理回执", display.Plain(e.CaseID)),
			"在接入配置中设 receipts 为信任策略文件后运行 diaoxiao outbox retry")
	}
	if err != nil {
		return submission.BoxError(err)
	}
	if out == "" {
		_, err = cmd.OutOrStdout().Write(r.File)
	} else {
		err = os.WriteFile(out, r.File, 0o644)
	}
	if err == nil && r.Fault != "" {
		fmt.Fprintf(cmd.ErrOrStderr(), "受理回执不成立：%s\n", display.Plain(r.Fault))
		err = explain.ErrFaults
	}
	return err
}

// entryOf is the case with an acceptid, or the current one with a caseid.
func entryOf(ctx context.Context, b *outbox.Outbox, id string) (found outbox.Entry, err error) {
	for _, f := range []outbox.Filter{{AcceptID: id, History: true}, {CaseID: id}} {
		if err := b.Entries(ctx, f, func(e outbox.Entry) error { found = e; return nil }); err != nil {
			return found, submission.BoxError(err)
		}
		if found.No > 0 {
			return found, nil
		}
	}
	return found, explain.WithStep(fmt.Errorf("%w：%s", outbox.ErrNotFound, display.Plain(id)),
		"用 diaoxiao outbox list 查看已有的案件")
}
