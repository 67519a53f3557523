package verify

import (
	"fmt"

	"diaoxiao/internal/receiver/intake"
)

// FaultKind names the record that does not agree with the others.
type FaultKind string

// The kinds of a Fault, as --json shows them.
const (
	FaultStructure FaultKind = "structure" // the database's file
	FaultSchema    FaultKind = "schema"    // its tables, triggers and the like
	FaultList      FaultKind = "list"      // a list that is kept elsewhere
	FaultCase      FaultKind = "case"      // the row of a case, its number, acceptid and time
	FaultBody      FaultKind = "body"      // a body as sent
	FaultAttempt   FaultKind = "attempt"
	FaultCall      FaultKind = "call"
	FaultWork      FaultKind = "work" // returns, checks, publications and their events
	FaultGap       FaultKind = "gap"
	FaultAudit     FaultKind = "audit"    // the chain
	FaultAccess    FaultKind = "access"   // apps, accounts, secrets, sessions, operators, policies
	FaultDerived   FaultKind = "derived"  // rows, keys, findings and the worklist
	FaultEvidence  FaultKind = "evidence" // the evidence log
	// FaultStatistics: the numbers of a month that is closed.
	FaultStatistics FaultKind = "statistics"
)

// Next is the next step of an operator after a fault of this kind, in Chinese.
func (k FaultKind) Next() string {
	switch k {
	case FaultStructure:
		return "数据库文件已损坏：停止服务，把整个数据目录复制到好的磁盘，再用 diaoxiao db restore 把备份恢复到新目录"
	case FaultSchema:
		return "查明是谁建立或改动的，由数据库管理员删去或改回，然后再次检查"
	case FaultList:
		return "已丢失的，通知报送单位以相同内容重新报送，得到的是新的受理号；已改变的和清单中没有的，与备份核对，查明谁直接写过数据库"
	case FaultCase, FaultBody, FaultAttempt, FaultCall:
		return "与备份核对（diaoxiao db restore 恢复到新目录），以受理清单和报送单位手里的受理号为准，查明谁直接写过数据库"
	case FaultWork:
		return "与经办人员和审计记录（diaoxiao audit）核实，以链完整的审计记录为准，查明谁直接写过数据库"
	case FaultGap:
		return "用 diaoxiao audit 查看恢复和留出空号的记录，与备份和受理清单核对"
	case FaultAudit:
		return "与备份中的审计记录和另外记下的链头对照（diaoxiao audit verify --head），查明谁直接写过数据库"
	case FaultAccess:
		return "与审计记录（diaoxiao audit）核实；来历不明的应用、密钥、账户、操作员先停用，密钥换发，再查明谁直接写过数据库"
	case FaultStatistics:
		return "该月的结账数字不得使用：与备份和导出的XLSX核对，以链完整的审计记录中的摘要为准，查明谁直接写过数据库"
	case FaultEvidence:
		return "与备份、报送单位手里的回执和另行保存的检查点核对，查明谁直接写过数据库；存证日志本身不要改动"
	case FaultDerived:
		return "停止服务后用 diaoxiao reverify 由正文重建；重建后仍不符的，与备份核对"
	}
	return ""
}

// Fault is one disagreement that a check found.
type Fault struct {
	Kind     FaultKind `json:"kind"`
	AcceptID string    `json:"acceptid,omitempty"`
	CaseNo   int64     `json:"caseNo,omitempty"`
	Place    string    `json:"place,omitempty"` // the row, "attempt 3", where it is not the row of the case
	Expected string    `json:"expected,omitempty"`
	Actual   string    `json:"actual,omitempty"`
	What     string    `json:"what"` // in Chinese
}

// faultOf is a fault of a case; the zero case: of no case.
func faultOf(kind FaultKind, c intake.Case, format string, args ...any) Fault {
	return Fault{Kind: kind, AcceptID: c.AcceptID, CaseNo: c.No, What: fmt.Sprintf(format, args...)}
}

// of adds the place of a fault, and the expected and the actual value.
func (f Fault) of(place, expected, actual string) Fault {
	f.Place, f.Expected, f.Actual = place, expected, actual
	return f
}
