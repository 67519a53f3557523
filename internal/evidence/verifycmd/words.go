package verifycmd

import (
	"errors"
	"fmt"
	"strings"

	"diaoxiao/internal/display"
	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/papercode"
)

// refusal says why a receipt proves nothing.
func refusal(err error) []string {
	if f, ok := asStampFault(err); ok {
		return []string{stampRefusal(f)}
	}
	var missing *papercode.MissingError
	switch {
	case errors.As(err, &missing):
		return []string{fmt.Sprintf("不成立：二维码没有读全，缺第 %s 个", strings.Trim(fmt.Sprint(missing.Numbers), "[]"))}
	case errors.Is(err, papercode.ErrMixed):
		return []string{"不成立：二维码来自不止一份回执，请分开读取"}
	}
	var p *packError
	if errors.As(err, &p) {
		return []string{"不成立：" + fmt.Sprintf(packWords(err), display.Plain(p.name))}
	}
	var f *evidence.Fault
	if !errors.As(err, &f) {
		return []string{"不成立：不是受理回执，或文件已损坏（" + errText(err) + "）"}
	}
	switch {
	case errors.Is(err, evidence.ErrWitness):
		return []string{"不成立：检查点缺少信任策略要求的见证方签名"}
	case errors.Is(err, evidence.ErrRetired):
		return []string{"不成立：检查点由已经更换的密钥签署，而其项数超过更换时的检查点"}
	}
	why := map[evidence.Part]string{
		evidence.PartCheckpoint: "检查点的签名不成立，或不是信任策略中的密钥所签",
		evidence.PartLeaf:       "所证明的内容不在该检查点的存证日志中",
		evidence.PartForm:       "内容的格式不是本程序所知的",
		evidence.PartShown:      "所出示的内容与存证日志中的记录不一致",
	}[f.Part]
	return []string{fmt.Sprintf("不成立：%s（%s）", why, errText(f.Err))}
}

func errText(err error) string { return display.Plain(strings.ReplaceAll(err.Error(), "\n", "；")) }

// Refusal says in one line why a receipt proves nothing: what Policy.Verify or ParseReceipt failed with.
func Refusal(err error) string { return strings.Join(refusal(err), "") }

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
