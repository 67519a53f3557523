package cli

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/evidence"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/evidencelog"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/verify"
)

// checkEvidence compares the store with its evidence log, where it has one, and with known checkpoints. It returns the
// number of faults.
func checkEvidence(cmd *cobra.Command, desk *intake.Desk, by intake.By, l *acceptanceList,
	report func(verify.Fault)) (n int64, err error) {
	p := cli.NewProgress(cmd.ErrOrStderr(), "检查存证日志")
	var unsigned []evidencelog.Fault
	known := l.known
	c, err := evidencelog.New(desk).Check(cmd.Context(), by, l.trusted, known, func(f evidencelog.Fault) {
		if f.Kind == evidencelog.FaultUnsigned {
			unsigned = append(unsigned, f)
			return
		}
		n++
		report(evidenceFault(f))
	}, func(c evidencelog.Checked) {
		p.At("检查点 %s 个，%s 项", display.Count(c.Checkpoints), display.Count(c.Leaves))
	})
	none := errors.Is(err, evidencelog.ErrNoLog) || errors.Is(err, evidencelog.ErrNotYet)
	if none && len(known) == 0 {
		return 0, nil
	}
	if none {
		return n, explain.Usagef("数据库中没有存证日志，不能与检查点（%s，%d 项）对照", known[0].Origin, known[0].Size)
	}
	if err != nil {
		return n, explain.Undone("检查存证日志", err, "")
	}
	late, err := reportUnsigned(cmd, unsigned, c.Last.At, report)
	n += late
	if err != nil {
		return n, err
	}
	if c.Waiting > 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s 件的报送记录已列入存证日志，案件本身待列入（报送密集时稍后列入）\n", display.Count(c.Waiting))
	}
	_, err = fmt.Fprintf(cmd.ErrOrStderr(), "存证日志 %s：检查点 %s 个，%s 项，最后签署于 %s；其后未签署 %s 项\n", c.Origin,
		display.Count(c.Checkpoints), display.Count(c.Leaves), cli.Beijing(c.Last.At), display.Count(c.Unsigned))
	return n, err
}

// evidenceFault is a fault of the evidence log as db check shows it.
func evidenceFault(f evidencelog.Fault) verify.Fault {
	v := verify.Fault{Kind: verify.FaultEvidence, AcceptID: f.AcceptID, What: leafWords(f) + faultWords[f.Kind]}
	if f.Of == evidence.KindCase && f.From == f.To {
		v.CaseNo = f.From
	}
	if f.Err != nil {
		v.Actual = f.Err.Error()
	}
	return v
}

var faultWords = map[evidencelog.FaultKind]string{
	evidencelog.FaultSignature:  "的检查点签名不成立",
	evidencelog.FaultTree:       "的散列树与签署的根不符",
	evidencelog.FaultAltered:    "与存证日志中的不符，已被改动",
	evidencelog.FaultMissing:    "在存证日志中，而数据库中没有，已被删除",
	evidencelog.FaultInserted:   "不在存证日志中，是插入的，或已被改动",
	evidencelog.FaultStranger:   "的检查点属于另一个存证日志",
	evidencelog.FaultCheckpoint: "的检查点与另行保存的不符，或已不存在",
	evidencelog.FaultUnreadable: "无法读取",
	evidencelog.FaultNote:       "项以后的检查点无法读取，其后的没有对照",
	evidencelog.FaultOrigin:     "项的检查点属于另一个存证日志，日志的名称被改动",
	evidencelog.FaultUnsigned:   "不在存证日志中，是最后的检查点以后写入的",
	evidencelog.FaultRow:        "不是办理所留的样子，已被改动",
	evidencelog.FaultRowUnknown: "没有办理的记录，是插入的",
	evidencelog.FaultRowGone:    "已被删除",
	evidencelog.FaultStamp:      "不成立：它自己，或其前的时间戳或检查点，已被改动或删除",
}

// leafWords name the rows of a fault.
func leafWords(f evidencelog.Fault) string {
	if f.Key != "" {
		return fmt.Sprintf("%s %s ", rowWords[f.Table], display.Plain(f.Key))
	}
	name := map[evidence.Kind]string{evidence.KindCase: "案件序号", evidence.KindEvent: "办理记录",
		evidence.KindGap: "缺号段", evidence.KindRecords: map[string]string{"attempt": "报送记录",
			"audit": "审计记录", "stamp": "时间戳", "row": "应用、操作员等的变更记录"}[f.Table]}[f.Of]
	if name == "" {
		name = "存证日志第"
	}
	if f.From == f.To {
		return fmt.Sprintf("%s %d ", name, f.From)
	}
	return fmt.Sprintf("%s %d 至 %d ", name, f.From, f.To)
}

// rowWords name the tables of rows that change in place; the key of the row follows.
var rowWords = map[string]string{"app": "应用", "app_secret": "应用密钥", "account": "账户", "operator": "操作员",
	"policy": "安全策略", "session": "会话"}

// settling is how long after the last checkpoint rows may be unsigned.
const settling = time.Minute

// reportUnsigned prints what is not in the log yet. It is a fault where the service would have signed it: cases and
// attempts, which the service alone writes, a minute after the last checkpoint; and whatever is dated before that
// checkpoint. It returns the number of faults.
func reportUnsigned(cmd *cobra.Command, all []evidencelog.Fault, signed time.Time, report func(verify.Fault)) (
	n int64, err error) {
	for _, f := range all {
		served := f.Of == evidence.KindCase || f.Table == "attempt"
		late := served && time.Since(signed) > settling
		if late || !f.At.IsZero() && f.At.Before(signed.Add(-settling)) {
			n++
			report(evidenceFault(f))
			continue
		}
		if _, err := fmt.Fprintf(cmd.ErrOrStderr(), "尚未签署：%s\n", leafWords(f)); err != nil {
			return n, err
		}
	}
	return n, nil
}
