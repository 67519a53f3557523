package reconcile

import (
	"cmp"
	"slices"

	"diaoxiao/api"
)

// Kind is one way in which the two ends may disagree; it is the word that people read.
type Kind string

// The kinds.
const (
	Missing   Kind = "缺失"
	Unheard   Kind = "未到"
	Different Kind = "不同"
	Surplus   Kind = "多出"
	Undecided Kind = "未决"
	GivenBack Kind = "已退回"
)

// kinds is what each kind means and what to do about it, the worst first.
var kinds = []struct {
	kind          Kind
	meaning, step string
}{
	{Missing, "本地记为已受理，接收方没有", "立即联系接收方，附上受理号和请求编号（diaoxiao outbox show），在查明之前不要删除发件箱；接收方可能刚从备份恢复"},
	{Unheard, "本地结果未知（没有受理号），接收方没有", "以完全相同的内容再次报送，取得受理号"},
	{Different, "两边的内容或受理号不一致", "与接收方逐件核对（接收方：diaoxiao case show 受理号），以接收方保存的报文为准；需要更正的请接收方退回后重报"},
	{Surplus, "接收方有，本地没有", "先看接收方是否换过地址：旧地址名下的案件不在核对之列（diaoxiao outbox list），换过的用 diaoxiao outbox merge --from 旧地址 " +
		"声明后再对账；没有换过的，按账户找到报送的人；若同一应用还在别的电脑上报送，用其发件箱对账；都不是时请接收方换发密钥（diaoxiao app rotate-secret）"},
	{Undecided, "本地不知结果，接收方已受理", "diaoxiao outbox retry 以相同内容重发，取回受理号；本地用清单的，把上面的接收方受理号存入自己的系统"},
	{GivenBack, "接收方已退回", "按退回的理由更正后重新报送（diaoxiao submit），案件编号不变；没有列出理由的用 diaoxiao status 受理号 查看，仍没有的请向接收方索取；确要按原样重报：" +
		"diaoxiao outbox retry 编号"},
}

// Kinds lists the kinds, the worst first.
func Kinds() (all []Kind) {
	for _, k := range kinds {
		all = append(all, k.kind)
	}
	return all
}

// Meaning says a kind in a few words.
func (k Kind) Meaning() string { return kinds[k.rank()].meaning }

// Step is what to do about a difference of the kind.
func (k Kind) Step() string { return kinds[k.rank()].step }

// rank is where a kind stands among those of this package, of which it must be one.
func (k Kind) rank() int { return slices.Index(Kinds(), k) }

// Difference is one case on which the two ends disagree. Anything that an end does not have is "".
type Difference struct {
	Kind          Kind   `json:"kind"`
	CaseID        string `json:"caseid"`
	AcceptID      string `json:"acceptid"`
	State         string `json:"state"`
	TheirAcceptID string `json:"serverAcceptid"`
	TheirState    string `json:"serverState"`
	ReceivedAt    string `json:"receivedAt"`
	Account       string `json:"account"`
	What          string `json:"what"`
	// The firms by state, where the receiver tells them.
	FirmCounts *api.FirmCounts `json:"firmCounts,omitempty"`
	// Why the receiver has given it back, where it tells.
	ReturnReason   string            `json:"returnReason,omitempty"`
	ReturnRowCount int               `json:"returnRowCount,omitempty"`
	ReturnRows     []api.ReturnedRow `json:"returnRows,omitempty"`

	ours   *held
	theirs api.CaseEntry
}

// sort puts the worst first.
func (a *Comparison) sort() {
	slices.SortFunc(a.Differences, func(x, y Difference) int {
		return cmp.Or(
			x.Kind.rank()-y.Kind.rank(),
			cmp.Compare(cmp.Or(x.TheirAcceptID, x.AcceptID), cmp.Or(y.TheirAcceptID, y.AcceptID)),
			cmp.Compare(x.CaseID, y.CaseID),
		)
	})
}
