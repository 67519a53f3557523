package release

// Kind is what a proposal proposes. The numbers are stored.
type Kind int8

// The kinds.
const (
	Release  Kind = iota + 1 // 放行: a set of firms may be published
	Withhold                 // 不予公示: a set of firms is not published
	Return                   // 退回: the case goes back to its sender
	Publish                  // 存疑公示: released firms are published although something new is doubtful about them
	Recall                   // 撤回放行: released or withheld firms that are not published are undecided again
)

// Kinds lists all kinds in order.
func Kinds() []Kind { return []Kind{Release, Withhold, Return, Publish, Recall} }

var kindNames = names{
	{"release", "放行"}, {"withhold", "不予公示"}, {"return", "退回"}, {"publish", "存疑公示"}, {"recall", "撤回放行"},
}

// String is the kind in Chinese.
func (k Kind) String() string { return kindNames.title(int8(k)) }

// Code is the name of the kind in forms, in queries and in --json.
func (k Kind) Code() string { return kindNames.code(int8(k)) }

// KindCalled is the kind with that code; 0: there is none.
func KindCalled(code string) Kind { return Kind(kindNames.called(code)) }

// KindSet is a set of kinds.
type KindSet uint8

// With is the set with k added.
func (s KindSet) With(k Kind) KindSet { return s | 1<<k }

// Has reports whether k is in the set.
func (s KindSet) Has(k Kind) bool { return s&(1<<k) != 0 }

// Answer is what became of a proposal. The numbers are stored.
type Answer int8

// The answers.
const (
	Waits     Answer = iota // 待复核
	Confirmed               // 已同意
	Refused                 // 不同意
	Withdrawn               // 已撤回, by the one who proposed
)

// String is the answer in Chinese.
func (a Answer) String() string {
	switch a {
	case Confirmed:
		return "已同意"
	case Refused:
		return "不同意"
	case Withdrawn:
		return "已撤回"
	}
	return "待复核"
}
