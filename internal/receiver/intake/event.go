package intake

import "time"

// EventKind is a kind of action of an operator on a case.
type EventKind string

// The kinds, as they are stored.
const (
	EventNote      EventKind = "note"      // 备注
	EventCheck     EventKind = "check"     // 核对无误
	EventReopen    EventKind = "reopen"    // 重新核对
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

// String is the name that people read.
func (k EventKind) String() string {
	switch k {
	case EventNote:
		return "备注"
	case EventCheck:
		return "核对无误"
	case EventReopen:
		return "重新核对"
	case EventPublish:
		return "公示"
	case EventUnpublish:
		return "撤销公示"
	case EventAsk:
		return "申请退回"
	case EventWithdraw:
		return "撤回退回申请"
	case EventRefuse:
		return "不同意退回"
	case EventReturn:
		return "退回"
	case EventAskPublish:
		return "申请不经核对登记公示"
	case EventWithdrawPublish:
		return "撤回公示申请"
	case EventRefusePublish:
		return "不同意公示"
	case EventAgreePublish:
		return "同意公示"
	}
	return string(k)
}

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
