package verifycmd

import (
	"fmt"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/evidence"
)

// lines say what came of a file.
func (j judged) lines() []string {
	switch {
	case j.pack != nil && len(j.pack.Faults) > 0:
		return j.pack.faultLines()
	case j.pack != nil && j.err == nil:
		return append(Words(j.proved), j.pack.rest()...)
	case j.err != nil:
		r := refusalOf(j.err)
		if r.Cause == "" {
			return []string{r.Text}
		}
		return []string{r.Text, "技术原因：" + r.Cause}
	case j.is != nil:
		return []string{fmt.Sprintf("成立。存证日志 %s 从 %d 项（%s签署）到 %d 项（%s签署）只增不改", display.Plain(j.is.Origin),
			j.was.Size, cli.Beijing(j.was.At), j.is.Size, cli.Beijing(j.is.At))}
	}
	return Words(j.proved)
}

// Words say what is proved and what is not, a line each.
func Words(v evidence.Proved) (lines []string) {
	say := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	c := v.Checkpoint
	say("成立。存证日志 %s，第 %d 项；检查点共 %d 项，%s签署：%s", display.Plain(c.Origin), v.Index+1, c.Size,
		beijing(c.At.UnixMilli()), kinds(v.Signed))
	if v.Signed.Unknown > 0 {
		say("另有 %d 个签名的密钥不在信任策略中，未予验证", v.Signed.Unknown)
	}
	if v.Existed != nil {
		say("%s", existedWords(*v.Existed))
	}
	if v.Event != nil {
		say("%s", eventWords(*v.Event))
		return lines
	}
	l := v.Case
	say("受理号 %s，案件编号 %s，第 %d 次报送，市场主体 %d 户", l.AcceptID, display.Plain(l.CaseID), l.Revision+1, l.Items)
	say("%s受理；报送方应用 %s，账户 %s", beijing(l.Received), display.Plain(l.App), display.Plain(l.Account))
	if v.Body != nil {
		say("报文 %d 字节，SHA-256 %x，SM3 %x", l.Bytes, v.Body.SHA256, v.Body.SM3)
	} else {
		say("未出示报文的摘要：本回执只证明下列内容")
	}
	for _, f := range v.Firms {
		say("清单第 %d 户：统一社会信用代码 %s，身份代码 %s，法定代表人 %s，主体类型 %s", f.Row, display.Plain(f.UniscID),
			display.Plain(f.PripID), display.Plain(f.Legal), display.Plain(f.EntType))
	}
	for _, e := range v.Events {
		say("其后：%s", eventWords(e))
	}
	if v.Existed != nil {
		say("不能证明：检查点之后的办理情况")
		return lines
	}
	say("不能证明：检查点之后的办理情况；检查点的时间来自签署方的时钟")
	return lines
}

func eventWords(e evidence.EventLeaf) string {
	rows := "全案"
	if e.Rows != "" {
		rows = "清单第" + e.Rows + "户"
	}
	deed := display.Plain(evidence.DeedName(e.Deed))
	return fmt.Sprintf("%s %s：%s（%s）", beijing(e.At), display.Plain(e.By), deed, display.Plain(rows))
}
