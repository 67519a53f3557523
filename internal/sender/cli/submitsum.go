package cli

import (
	"fmt"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/submission"
)

// checked prints the result of the checks, before anything is sent.
func (p *submitPrinter) checked(t submission.Tally, dry bool) error {
	if p.asJSON {
		return nil
	}
	text := fmt.Sprintf(
		"检查：%s 件 %s 户，可报送 %s，须改正 %s；核验提示：%s", display.Count(t.Cases), display.Count(t.Items), display.Count(t.Fit),
		display.Count(t.Blocked), foundWords(t),
	)
	if !dry && t.Warnings+t.Notices > 0 {
		text += "（警示和提示用 --dry-run 逐条查看）"
	}
	if t.Skipped > 0 {
		text += fmt.Sprintf("；以前已受理 %s", display.Count(t.Skipped))
		text += unlistedOf(p.alike["skipped"])
	}
	if dry {
		if more := unlistedOf(p.alike["fit"]); more != "" {
			text += "\n可报送的只列出 20 件" + more
		}
		text += "\n只作检查，没有报送，也没有与发件箱中的案件对照"
	}
	_, err := fmt.Fprintln(p.out, text)
	return err
}

// unlistedOf says how many of n messages of one kind were not printed one by one.
func unlistedOf(n int) string {
	if n <= maxAlike {
		return ""
	}
	return fmt.Sprintf("（另有 %s 件未逐件列出，--json 全部给出）", display.Count(n-maxAlike))
}

// end prints the sum.
func (p *submitPrinter) end(t sumView, box *outbox.Outbox) error {
	if p.asJSON {
		return cli.PrintJSON(p.out, map[string]sumView{"summary": t})
	}
	text := fmt.Sprintf("完成：受理 %s", display.Count(t.Accepted))
	for _, part := range []struct {
		n    int
		text string
	}{
		{t.Skipped, "以前已受理 %s"},
		{t.Returned, "已退回而未改 %s"},
		{t.Differing, "与接收方不符 %s"},
		{t.Refused, "被拒绝 %s"},
		{t.Unknown, "结果未知 %s（请再次运行同一命令）"},
		{t.Pending, "待发送 %s（请再次运行同一命令）"},
		{t.Held, "待确认 %s（有严重提示或存疑，没有报送）"},
		{t.Blocked, "未报送 %s（改正后再次运行）"},
	} {
		if part.n > 0 {
			text += "，" + fmt.Sprintf(part.text, display.Count(part.n))
		}
	}
	if t.broken {
		text += fmt.Sprintf("，未存入 %s 和其后没有读到的案件", display.Count(t.Unrecorded))
	}
	text += fmt.Sprintf("；用时 %.1f 秒", t.Seconds)
	if t.Receipts != nil {
		text += "\n" + t.Receipts.words()
	}
	if t.Next != "" {
		text += "\n下一步：" + t.Next
	}
	text += fmt.Sprintf("\n发件箱 %s", box.Dir())
	if t.Accepted+t.Skipped > 0 {
		text += "；导出报送结果：diaoxiao outbox export 报送结果.csv" + p.box
	}
	_, err := fmt.Fprintln(p.out, text)
	return err
}
