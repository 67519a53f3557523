package intake

import (
	"time"

	"diaoxiao/internal/evidence"
)

// EventKind is a kind of action of an operator on a case.
type EventKind string

// The kinds, as they are stored.
const (
	EventNote      EventKind = "note"      // 备注
	EventCheck     EventKind = "check"     // 核对无误
	EventReopen    EventKind = "reopen"    // 撤销核对
	EventPublish   EventKind = "publish"   // 公示
	EventUnpublish EventKind = "unpublish" // 撤销公示
	EventAsk       EventKind = "ask"       // 申请退回
	EventWithdraw  EventKind = "withdraw"  // 撤回申请
	EventRefuse    EventKind = "refuse"    // 不同意退回
	EventReturn    EventKind = "return"    // 退回

	EventAskPublish      EventKind = "ask publish"      // 申请不经核对登记公示: the day, and in further lines the reason
	EventWithdrawPublish EventKind = "withdraw publish" // 撤回公示申请
	EventRefusePublish   EventKind = "refuse publish"   // 不同意公示
	EventAgreePublish    EventKind = "agree publish"    // 同意公示: the case is published on the day that was asked for
)

// The kinds of what is decided on single firms. The events of a return are those above.
const (
	EventFirmAgrees  EventKind = "firm agrees"  // 逐户核对一致: the remark
	EventFirmDiffers EventKind = "firm differs" // 逐户核对不一致
	EventFirmUnclear EventKind = "firm unclear" // 逐户核对待查
	EventFirmUncheck EventKind = "firm uncheck" // 撤销逐户核对
	EventCorrectDay  EventKind = "correct day"  // 更正公示日期: the new day, and in further lines the reason

	EventAskRelease       EventKind = "ask release"
	EventWithdrawRelease  EventKind = "withdraw release"
	EventRefuseRelease    EventKind = "refuse release"
	EventRelease          EventKind = "release" // with a day: it is published as well
	EventAskWithhold      EventKind = "ask withhold"
	EventWithdrawWithhold EventKind = "withdraw withhold"
	EventRefuseWithhold   EventKind = "refuse withhold"
	EventWithhold         EventKind = "withhold"
	EventAskDoubtful      EventKind = "ask doubtful" // 申请存疑公示: the day, and in further lines the reason
	EventWithdrawDoubtful EventKind = "withdraw doubtful"
	EventRefuseDoubtful   EventKind = "refuse doubtful"
	EventDoubtful         EventKind = "doubtful" // 存疑公示: the day
	EventAskRecall        EventKind = "ask recall"
	EventWithdrawRecall   EventKind = "withdraw recall"
	EventRefuseRecall     EventKind = "refuse recall"
	EventRecall           EventKind = "recall"
)

// String is the name that people read.
func (k EventKind) String() string { return evidence.DeedName(string(k)) }

// CaseEvent (办理记录) is one action of an operator on a case. It is written once and never changed.
type CaseEvent struct {
	No     int64
	CaseNo int64
	At     time.Time
	By     Actor
	Kind   EventKind
	Detail string // the note, the reason, see ReadAskDetail for that of EventAsk; the day of a publication
	// Rows are the firms that it concerns, counted from one; "": the case as a whole.
	Rows       RowNumbers
	ProposalNo int64 // with which it came about; 0: with none
}

// AuditDetail is the text that the audit holds of the event: the detail, with the rows behind it as AskDetail writes
// them where the event concerns single firms.
func (e CaseEvent) AuditDetail() string {
	if e.Rows == "" {
		return e.Detail
	}
	return AskDetail(e.Detail, e.Rows)
}
