package register

// State (登记状态) is the state of a firm in the register. The numbers are stored.
type State int8

// The states.
const (
	StateUnknown State = iota // the word of the extract is in no table
	Live                      // 存续
	Revoked                   // 已吊销, not deregistered
	Deregistered              // 已注销, after a revocation too
	MovedOut                  // 迁出
	Dormant                   // 歇业
	Liquidating               // 清算
	Annulled                  // 撤销登记
)

// String is the state in Chinese, as people read it.
func (s State) String() string {
	switch s {
	case Live:
		return "存续"
	case Revoked:
		return "已吊销"
	case Deregistered:
		return "已注销"
	case MovedOut:
		return "迁出"
	case Dormant:
		return "歇业"
	case Liquidating:
		return "清算"
	case Annulled:
		return "撤销登记"
	}
	return "状态不明"
}

// Ended reports whether a firm of this state is no longer in the register of this place: it shares no code with a live
// one.
func (s State) Ended() bool { return s == Deregistered || s == MovedOut || s == Annulled }
