// Package release is the state of each listed firm between its acceptance and its publication: which firm may be
// released (放行), which is held (暂缓) and why. It is pure: it decides on facts that others read.
package release

// State is the state of one listed firm. The numbers are stored and sent.
type State int8

// The states, in the order of a firm's life. Every firm of a list has exactly one.
const (
	Pending  State = iota + 1 // 待核验: the case is not verified yet
	Ready                     // 可放行: nothing holds the firm, or a person found that it agrees with the registry
	Held                      // 暂缓: see Holds
	Released                  // 放行: two persons released it; it may be published
	Withheld                  // 不予公示: two persons decided that it is not published
	Returned                  // 退回: its case was returned to the sender
)

// States lists all states in order.
func States() []State { return []State{Pending, Ready, Held, Released, Withheld, Returned} }

// stateNames are in the order of States.
var stateNames = names{
	{"pending", "待核验"}, {"ready", "可放行"}, {"held", "暂缓"}, {"released", "放行"}, {"withheld", "不予公示"},
	{"returned", "退回"},
}

// String is the state in Chinese, as people read it.
func (s State) String() string { return stateNames.title(int8(s)) }

// Code is the name of the state in queries, in --json and on the wire.
func (s State) Code() string { return stateNames.code(int8(s)) }

// StateCalled is the state with that code; 0: there is none.
func StateCalled(code string) State { return State(stateNames.called(code)) }

// Outcome (核对结果) is what a person found who compared one firm with the registry. The numbers are stored.
type Outcome int8

// The outcomes.
const (
	NotChecked Outcome = iota // 未核对
	Agrees                    // 一致
	Differs                   // 不一致
	Unclear                   // 待查
)

// String is the outcome in Chinese.
func (o Outcome) String() string {
	switch o {
	case Agrees:
		return "一致"
	case Differs:
		return "不一致"
	case Unclear:
		return "待查"
	}
	return "未核对"
}

// Decision is what two persons decided on a firm. The numbers are stored.
type Decision int8

// The decisions.
const (
	Undecided Decision = iota
	ToRelease
	ToWithhold
)

// Holds are the reasons for which a firm is held.
type Holds uint16

// The reasons.
const (
	HeldSevere     Holds = 1 << iota // a severe finding, its own or of a later row about it
	HeldCase                         // a severe finding on the case itself, which concerns all of its firms
	HeldWarning                      // a warning
	HeldVerdict                      // a verdict of the register other than 一致
	HeldUncompared                   // 无法比对: no register, or the case was not compared with it yet
	HeldStale                        // 快照过旧
	HeldDiffers                      // a person found that it differs
	HeldUnclear                      // a person has to find out more
)

var holdTitles = [...]string{"严重提示", "案件有严重提示", "警示", "比对不一致", "未与主体库比对", "主体库快照过旧", "核对不一致", "待查"}

// Titles are the reasons in Chinese, the gravest first.
func (h Holds) Titles() (ts []string) {
	for i, t := range holdTitles {
		if h&(1<<i) != 0 {
			ts = append(ts, t)
		}
	}
	return ts
}
