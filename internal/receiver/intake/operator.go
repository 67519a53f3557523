package intake

import (
	"bytes"
	"time"
)

// Operator (操作员) is one of the regulator's staff who may sign in at the console.
type Operator struct {
	ID          int64
	Name        string // to sign in with
	Person      string // name of the person
	Phone       string
	Unit        string // 单位、部门
	Role        Role
	Disabled    bool
	Created     time.Time
	Password    string    // hashed, see package credential; "": not enrolled yet
	TOTP        []byte    // sealed with the password
	TOTPStep    int64     // the last one used
	PasswordSet time.Time // zero: never
	SignedIn    time.Time // last; zero: never
	Failures    int       // sign-ins that failed in a row
	Locked      time.Time // until then; zero: not
	Identity    []byte    // of the person, see Identifier; empty: not registered
	Waits       Change    // the change that waits for approval
	Renewed     Change    // the last change of the account: created, reset, enabled, given a role
	SetUpFrom   string    // the address from which its one-time link was used
	Founder     Role      // the role whose first account this is, active without approval; "": of none
	Founded     time.Time // when that first account was set up; zero: not yet
}

// Standing is the state of an operator at a time, in the words that administrators read.
func (o Operator) Standing(now time.Time) string {
	switch {
	case o.Disabled:
		return "已停用"
	case now.Before(o.Locked):
		return "已锁定"
	case o.Password == "":
		return "未激活"
	case o.Suspended():
		return "待批准"
	}
	return "正常"
}

// OperatorTx reads and writes the console's operators within a transaction. Methods that look for one thing return
// ErrNotFound.
type OperatorTx interface {
	InsertOperator(Operator) (id int64, err error) // ErrExists: the name
	Operator(name string) (Operator, error)
	OperatorByID(int64) (Operator, error)
	Operators() ([]Operator, error) // in order of their names
	UpdateOperator(Operator) error  // all but name and time of creation, by ID

	// IdentitySalt is the salt with which the identifiers of persons are hashed. SetIdentitySalt stores it where there
	// is none yet.
	IdentitySalt() ([]byte, error)
	SetIdentitySalt([]byte) error
}

// Approvers are the roles that approve a change of an operator: the security administrator; for accounts of security
// administrators the auditor; for accounts of auditors another auditor or the security administrator. For a change of
// role the stricter rule of the two roles counts.
func (o Operator) Approvers() []Role {
	has := func(r Role) bool { return o.Role == r || o.Waits.Role == r }
	switch {
	case has(SecurityAdmin):
		return []Role{Auditor}
	case has(Auditor):
		return []Role{Auditor, SecurityAdmin}
	}
	return []Role{SecurityAdmin}
}

// Approver says in Chinese which role approves the change for which the operator waits.
func (o Operator) Approver() string {
	words := ""
	for _, r := range o.Approvers() {
		words += "或" + r.String()
	}
	return words[len("或"):]
}

// Identified reports whether the identifier of the person is registered.
func (o Operator) Identified() bool { return len(o.Identity) > 0 }

// SameIdentity reports whether both identifiers are known and belong to one person.
func SameIdentity(a, b []byte) bool { return len(a) > 0 && bytes.Equal(a, b) }
