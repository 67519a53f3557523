package intake

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// PolicyKind names one policy (安全策略) of the console. The numbers are stored.
type PolicyKind int

// The policies.
const (
	IdleMinutes PolicyKind = iota + 1
	LifeHours
	LockAfter
	LockMinutes
	PasswordLength
	PasswordDays
	SingleVisit
	RevealMinutes
	ExportRows
)

// FreeNames is the policy for how many whole names an operator may see one by one within casework.NameSpan without a
// reason.
const FreeNames PolicyKind = 20

// RegisterDays is the policy for how many days old a snapshot of the register may be for its 一致 to be a comfort.
const RegisterDays PolicyKind = 21

// Policy is one policy with its bounds and its value.
type Policy struct {
	Kind                 PolicyKind
	Title, Unit, Hint    string // in Chinese
	Default, Least, Most int64
	Value                int64
}

// policyTable is every policy with its default.
var policyTable = []Policy{
	{Kind: IdleMinutes, Title: "无操作退出", Unit: "分钟", Hint: "超过这一时间没有操作，须重新登录。", Default: 30, Least: 5, Most: 240},
	{Kind: LifeHours, Title: "最长在线", Unit: "小时", Hint: "登录后到这一时间，无论是否操作，须重新登录。", Default: 10, Least: 1, Most: 24},
	{Kind: LockAfter, Title: "锁定前的失败次数", Unit: "次", Hint: "连续登录失败达到这一次数，账户锁定。", Default: 5, Least: 3, Most: 10},
	{Kind: LockMinutes, Title: "锁定时间", Unit: "分钟", Hint: "到时自动解锁，也可以由安全管理员解锁。", Default: 30, Least: 5, Most: 1440},
	{Kind: PasswordLength, Title: "密码最短长度", Unit: "个字符", Hint: "对以后设置的密码有效。", Default: 10, Least: 8, Most: 64},
	{Kind: PasswordDays, Title: "密码有效期", Unit: "天", Hint: "到期后登录须先修改密码；0为不过期。", Default: 90, Least: 0, Most: 365},
	{
		Kind:    SingleVisit,
		Title:   "同一账户只能一处在线",
		Unit:    "",
		Hint:    "在新的地方登录后，原来的登录即失效。",
		Default: 1,
		Least:   0,
		Most:    1,
	},
	{
		Kind:    RevealMinutes,
		Title:   "姓名显示时间",
		Unit:    "分钟",
		Hint:    "说明用途后，一个案件的姓名在清单中显示这一时间。",
		Default: 30,
		Least:   1,
		Most:    240,
	},
	{
		Kind:    ExportRows,
		Title:   "一次导出XLSX的行数上限",
		Unit:    "行",
		Hint:    "超过时只能导出CSV。",
		Default: 100000,
		Least:   1000,
		Most:    1000000,
	},
	{
		Kind:    FreeNames,
		Title:   "单户查看姓名的数量",
		Unit:    "户",
		Hint:    "十分钟内逐户查看的姓名达到这一数量，再看须先说明目的；0为每户都须说明。",
		Default: 20,
		Least:   0,
		Most:    1000,
	},
	{
		Kind:    RegisterDays,
		Title:   "主体库有效天数",
		Unit:    "天",
		Hint:    "主体库数据截止日距今超过这一天数，原为“一致”的比对结论显示为“快照过旧”；0为不限。",
		Default: 30,
		Least:   0,
		Most:    365,
	},
}

// Policies are all policies by kind.
type Policies map[PolicyKind]int64

// Minutes is the value of a policy as a duration.
func (p Policies) Minutes(k PolicyKind) time.Duration { return time.Duration(p[k]) * time.Minute }

// PoliciesIn returns the policies in force.
func PoliciesIn(tx Tx) (Policies, error) {
	changed, err := tx.Policies()
	ps := make(Policies, len(policyTable))
	for _, p := range policyTable {
		ps[p.Kind] = p.Default
		if v, ok := changed[p.Kind]; ok {
			ps[p.Kind] = v
		}
	}
	return ps, err
}

// List returns every policy with its value, in the order of display.
func (p Policies) List() []Policy {
	all := slices.Clone(policyTable)
	for i := range all {
		all[i].Value = p[all[i].Kind]
	}
	return all
}

// SayPolicy is the text of the audit for one policy that changes. PolicySaid reads it.
func SayPolicy(p Policy, was, is int64) string {
	return fmt.Sprintf("%s：%d→%d；", p.Title, was, is)
}

// PolicySaid returns the value to which an entry of the audit changes a policy. Not set: it does not change the policy.
func PolicySaid(detail string, p Policy) (v int64, set bool) {
	_, change, found := strings.Cut("；"+detail, "；"+p.Title+"：")
	if !found {
		return 0, false
	}
	change, _, _ = strings.Cut(change, "；")
	_, to, _ := strings.Cut(change, "→")
	v, err := strconv.ParseInt(to, 10, 64)
	return v, err == nil
}

// PolicyTx reads and writes the policies that were changed, within a transaction.
type PolicyTx interface {
	Policies() (map[PolicyKind]int64, error)
	SetPolicy(PolicyKind, int64) error
}
