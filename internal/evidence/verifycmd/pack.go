package verifycmd

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"diaoxiao/internal/display"
	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/pack"
)

// isPack says whether a file is a package of a case (案卷包), which is a zip file. It reads its first bytes only.
func isPack(name string) (bool, error) {
	f, err := os.Open(name)
	if err != nil {
		return false, err
	}
	defer f.Close()
	head := make([]byte, 4)
	if _, err := io.ReadFull(f, head); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	return bytes.Equal(head, []byte("PK\x03\x04")), nil
}

// packed is what was found in a package.
type packed struct {
	pack.Checked
	by subject
}

// judgePack verifies a package of a case.
func (s subject) judgePack(name string) (j judged) {
	found, err := s.checkPack(name)
	if j.err = err; err != nil {
		return j
	}
	j.pack, j.proved = &packed{found, s}, found.Proved
	if len(found.Faults) > 0 {
		j.err = packFaults(found.Faults)
	}
	return j
}

// checkPack checks a package. The error is of a file that is no zip file.
func (s subject) checkPack(name string) (found pack.Checked, err error) {
	f, err := os.Open(name)
	if err != nil {
		return found, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return found, err
	}
	return pack.Check(f, info.Size(), func(receipt []byte, successions [][]byte) (evidence.Proved, error) {
		return subject{pack.Follow(s.policy, successions), s.stamps}.verifyReceipt(receipt)
	})
}

// packFaults is a package that does not hold: all that is wrong with its files.
type packFaults []pack.Fault

func (fs packFaults) Error() string { return fmt.Sprintf("%d faults of a package: %v", len(fs), fs[0]) }

// refusal is the first of them, with their number.
func (fs packFaults) refusal() refusal {
	r := faultRefusal(fs[0])
	if len(fs) > 1 {
		r.Text = fmt.Sprintf("案卷包有 %d 处不符，其一：%s", len(fs), r.Text)
	}
	return r
}

// faultLines say all that is wrong with a package, a line for each.
func (p *packed) faultLines() (lines []string) {
	lines = []string{fmt.Sprintf("不成立：案卷包有 %d 处不符", len(p.Faults))}
	for i, f := range p.Faults {
		if i == mostFaults {
			return append(lines, fmt.Sprintf("……其余 %d 处从略", len(p.Faults)-i))
		}
		r := faultRefusal(f)
		if r.Cause != "" {
			r.Text += "；技术原因：" + r.Cause
		}
		lines = append(lines, r.Text)
	}
	return lines
}

// mostFaults is how many faults of one package are printed.
const mostFaults = 100

// rest says what of a package that holds was not proved.
func (p *packed) rest() (lines []string) {
	of := "全案"
	if !p.Whole {
		of = fmt.Sprintf("清单第 %d 户", p.Proved.Firms[0].Row)
	}
	lines = append(lines, "案卷包（"+of+"）：各文件与散列清单一致；事实、办理经过、报送值与回执一致")
	for _, k := range p.by.policy.Missing(p.Proved.Checkpoint.Origin, p.Proved.Signed) {
		lines = append(lines, "信任策略中的密钥（"+k.String()+"）没有签署该检查点")
	}
	if p.Unproved > 0 {
		lines = append(lines, fmt.Sprintf("办理经过中有 %d 步在检查点之后，不由回执证明", p.Unproved))
	}
	if p.Stamped && p.by.stamps == nil {
		lines = append(lines, "时间戳（"+pack.StampsFile+"）未予验证：请解开后以 --stamps 和 --tsa-ca 验证")
	}
	return append(lines, "不由回执证明，未予核对：封面、审计记录、报送经过，以及比对结论、主体库登记、核验提示和状态")
}

// viewFaults are the faults of a package as --json shows them.
func viewFaults(p *packed) (all []faultView) {
	if p == nil {
		return nil
	}
	for _, f := range p.Faults {
		all = append(all, faultView{f.Name, f.Row, f.Field, f.Is, f.Want, faultRefusal(f)})
	}
	return all
}

// faultRefusal says what is wrong with a file of a package.
func faultRefusal(f pack.Fault) refusal {
	name := "文件 " + display.Plain(f.Name)
	if f.Row > 0 {
		name += fmt.Sprintf(" 第 %d 行", f.Row)
	}
	switch f.Kind {
	case pack.FaultReceipt:
		r := refusalOf(f.Err)
		r.Text = name + "：" + strings.TrimPrefix(r.Text, "不成立：")
		return r
	case pack.FaultForm:
		return refusal{"package-form", name + " 读不了，或格式有误", causeOf(f.Err)}
	case pack.FaultValue:
		if f.Field != "" {
			name += " 的 " + f.Field
		}
		return refusal{Code: "package-value",
			Text: fmt.Sprintf("%s 为 %s，回执证明的是 %s", name, quoted(f.Is), quoted(f.Want))}
	case pack.FaultStep:
		return refusal{Code: "package-step", Text: fmt.Sprintf("%s 的 %s 不在回执中，或回执中有而该文件没有", name, f.Field)}
	case pack.FaultList:
		return refusal{Code: "package-list", Text: fmt.Sprintf("%s 中有不应有的行：%s", name, quoted(f.Field))}
	}
	r := faultTexts[f.Kind]
	r.Text = name + r.Text
	return r
}

// faultTexts are the words of the faults that need no values.
var faultTexts = map[pack.FaultKind]refusal{
	pack.FaultHash:       {Code: "package-hash", Text: " 与散列清单不符，已被改动"},
	pack.FaultGone:       {Code: "package-missing", Text: " 在散列清单中，而案卷包中没有"},
	pack.FaultMissing:    {Code: "package-missing", Text: " 缺少：案卷包须有该文件"},
	pack.FaultUnlisted:   {Code: "package-foreign", Text: " 不在散列清单中"},
	pack.FaultForeign:    {Code: "package-foreign", Text: " 不是案卷包的文件"},
	pack.FaultTwice:      {Code: "package-twice", Text: " 出现两次"},
	pack.FaultLarge:      {Code: "package-large", Text: " 过大，超过案卷包中该文件的上限"},
	pack.FaultBody:       {Code: "package-body", Text: " 不是回执所证明的报文"},
	pack.FaultFirm:       {Code: "package-firm", Text: " 不应在其中：全案的案卷包有 body，一户的有 firm"},
	pack.FaultFirms:      {Code: "package-firms", Text: " 不是回执所证明的清单：户数或各户的报送值不符"},
	pack.FaultIncomplete: {Code: "package-incomplete", Text: " 没有出示案卷包的回执应当出示的内容"},
}

// quoted is a value in a line of text.
func quoted(s string) string {
	const most = 100
	rs := []rune(display.Plain(strings.ReplaceAll(s, "\n", "；")))
	if len(rs) > most {
		return "“" + string(rs[:most]) + "……”"
	}
	return "“" + string(rs) + "”"
}
