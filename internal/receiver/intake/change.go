package intake

import (
	"cmp"
	"time"
)

// ChangeKind is a kind of change of an operator's account that needs a second person.
type ChangeKind string

// The kinds, as they are stored.
const (
	ChangeCreate   ChangeKind = "create"   // 新建
	ChangeReset    ChangeKind = "reset"    // 重置
	ChangeEnable   ChangeKind = "enable"   // 启用
	ChangeRole     ChangeKind = "role"     // 改角色
	ChangeIdentity ChangeKind = "identity" // 更换身份标识
	ChangeRenew    ChangeKind = "renew"    // 重置 of the last usable account of a role that approves: only after approval
)

// changeKinds are all kinds, with the name that people read and the audit holds.
var changeKinds = map[ChangeKind]string{ChangeCreate: "新建", ChangeReset: "重置", ChangeEnable: "启用", ChangeRole: "改角色",
	ChangeIdentity: "更换身份标识", ChangeRenew: "重置（批准后执行）"}

// String is the name that people read.
func (k ChangeKind) String() string { return cmp.Or(changeKinds[k], string(k)) }

// ChangeCalled returns the kind with that name, "" where there is none.
func ChangeCalled(name string) ChangeKind {
	for k, is := range changeKinds {
		if is == name {
			return k
		}
	}
	return ""
}

// Suspends reports whether the account cannot be used until the change is approved.
func (k ChangeKind) Suspends() bool {
	return k == ChangeCreate || k == ChangeReset || k == ChangeEnable
}

// Change (账户变更) is a change of an account that waits for approval, or that was made.
type Change struct {
	Kind     ChangeKind // "": no change
	At       time.Time
	By       Actor  // who asked for it
	Role     Role   // the new one
	Identity []byte // the new one
}

// Suspended reports whether the operator can do nothing until a change is approved.
func (o Operator) Suspended() bool { return o.Waits.Kind.Suspends() }

// NothingWaits is the word of the audit for an account that waits for no approval.
const NothingWaits = "无"

// Said names, for the audit, the change for which an account waits.
func (c Change) Said() string {
	if c.Kind == "" {
		return NothingWaits
	}
	return c.Kind.String()
}

// Fact is, for the audit, the change for which an account waits.
func (c Change) Fact() Fact { return WordFact(FactWaits, c.Said()) }
