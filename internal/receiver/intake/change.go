package intake

import (
	"cmp"
	"time"
)

// ChangeKind is what is done with an operator's account and needs a second person.
type ChangeKind string

// The kinds, as they are stored.
const (
	ChangeCreate   ChangeKind = "create"   // 新建
	ChangeReset    ChangeKind = "reset"    // 重置
	ChangeEnable   ChangeKind = "enable"   // 启用
	ChangeRole     ChangeKind = "role"     // 改角色
	ChangeIdentity ChangeKind = "identity" // 更换身份标识
	ChangeRenew    ChangeKind = "renew"    // 重置 of the last who can act in a role that approves: nothing happens before
)

// changeKinds are all of them, with what people read and the audit keeps.
var changeKinds = map[ChangeKind]string{ChangeCreate: "新建", ChangeReset: "重置", ChangeEnable: "启用", ChangeRole: "改角色",
	ChangeIdentity: "更换身份标识", ChangeRenew: "重置（批准后执行）"}

// String is what people read.
func (k ChangeKind) String() string { return cmp.Or(changeKinds[k], string(k)) }

// ChangeCalled is the kind with that name, "" for none.
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

// Change (账户变更) is one of them: one that waits for approval, or one that was done.
type Change struct {
	Kind     ChangeKind // "": none
	At       time.Time
	By       Actor  // who asked for it
	Role     Role   // the new one
	Identity []byte // the new one
}

// Suspended reports whether the operator can do nothing until a change is approved.
func (o Operator) Suspended() bool { return o.Waits.Kind.Suspends() }

// NothingWaits is how the audit names that an account waits for no approval.
const NothingWaits = "无"

// Said is how the audit names what an account waits for.
func (c Change) Said() string {
	if c.Kind == "" {
		return NothingWaits
	}
	return c.Kind.String()
}

// Fact is what an account waits for, for the audit.
func (c Change) Fact() Fact { return WordFact(FactWaits, c.Said()) }
