package main

import (
	"cmp"
	"slices"
	"time"

	"diaoxiao/api"
)

// differenceKind is one way in which the two ends may disagree.
type differenceKind struct{ name, meaning, step string }

// The names of the kinds.
const (
	lost      = "缺失"
	contrary  = "不同"
	surplus   = "多出"
	undecided = "未决"
	givenBack = "已退回"
)

// differenceKinds, the worst first.
var differenceKinds = []differenceKind{
	{lost, "本地记为已受理，接收方没有", "立即联系接收方，附上受理号和请求编号（diaoxiao outbox show），在查明之前不要删除发件箱；接收方可能刚从备份恢复"},
	{contrary, "两边的内容或受理号不一致", "与接收方逐件核对（接收方：diaoxiao case show 受理号），以接收方保存的报文为准；需要更正的请接收方退回后重报"},
	{surplus, "接收方有，本地没有", "按账户找到报送的人；若同一应用还在别的电脑上报送，用其发件箱对账；都不是时请接收方换发密钥（diaoxiao app rotate-secret）"},
	{undecided, "本地不知结果，接收方已受理", "diaoxiao outbox retry 以相同内容重发，取回受理号"},
	{givenBack, "接收方已退回", "退回理由请向接收方索取，更正后重新报送（diaoxiao submit），案件编号不变；确要按原样重报：diaoxiao outbox retry 编号"},
}

// stepOf is what to do about a kind.
func stepOf(kind string) string {
	return differenceKinds[slices.IndexFunc(differenceKinds, func(k differenceKind) bool { return k.name == kind })].step
}

// difference is one case on which the two ends disagree.
type difference struct {
	Kind          string `json:"kind"`
	CaseID        string `json:"caseid"`
	AcceptID      string `json:"acceptid"`
	State         string `json:"state"`
	TheirAcceptID string `json:"serverAcceptid"`
	TheirState    string `json:"serverState"`
	ReceivedAt    string `json:"receivedAt"`
	Account       string `json:"account"`
	What          string `json:"what"`

	ours   *held
	theirs api.CaseEntry
}

// sort puts the worst first.
func (a *comparison) sort() {
	rank := make(map[string]int)
	for i, k := range differenceKinds {
		rank[k.name] = i
	}
	slices.SortFunc(a.Differences, func(x, y difference) int {
		return cmp.Or(rank[x.Kind]-rank[y.Kind], cmp.Compare(cmp.Or(x.TheirAcceptID, x.AcceptID), cmp.Or(y.TheirAcceptID, y.AcceptID)), cmp.Compare(x.CaseID, y.CaseID))
	})
}

// reconciledView is a comparison as --json shows it.
type reconciledView struct {
	From        string       `json:"from"`
	To          string       `json:"to"`
	URL         string       `json:"url"`
	AppKey      string       `json:"appKey"`
	Equal       int64        `json:"equal"`
	Uncompared  int64        `json:"uncompared"`
	Open        int64        `json:"open"`
	Elsewhere   int64        `json:"elsewhere"`
	Differences []difference `json:"differences"`
}

func (a *comparison) view(r *reconciling) reconciledView {
	return reconciledView{r.days.from.Format(time.DateOnly), r.days.to.Format(time.DateOnly), r.sender.URL, r.sender.AppKey, a.Equal, a.Uncompared, a.Open, a.Elsewhere,
		append([]difference{}, a.Differences...)}
}
