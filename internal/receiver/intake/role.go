package intake

import "slices"

// Role (角色) says what an operator may do. Nobody has two roles: an operator who works on cases does not administer, and
// somebody else watches each administrator (三员分立).
type Role string

// The roles.
const (
	Clerk         Role = "clerk"          // 业务员: looks at cases and works on them
	Reviewer      Role = "reviewer"       // 复核员: the second person for returns and for publications without a check
	SystemAdmin   Role = "system-admin"   // 系统管理员: apps and operators
	SecurityAdmin Role = "security-admin" // 安全管理员: policies, locks, visits; approves changes of accounts
	Auditor       Role = "auditor"        // 审计员: the audit; approves changes of the accounts that approve
)

// Right (权限) permits one kind of action.
type Right int

// The rights.
const (
	LookCases Right = iota + 1
	WorkCases
	ConfirmReturns
	LookCalls
	ManageApps
	ManageOperators
	ManagePolicies
	LookAudit
	LookSystem
	ApproveOperators // as the second person, see ApproveOperator
	Maintain         // actions of the command line alone
	LookRegister     // the market-entity register
	ImportRegister   // 导入主体库
	OwnVisit         // one's own visits, preferences and password: everybody who is signed in
)

// roles is the only table of the rights of each role. A right that is not in it is denied.
var roles = []struct {
	role   Role
	title  string
	about  string
	rights []Right
}{
	{Clerk, "业务员", "查看案件，核对、备注、登记公示、申请退回", []Right{LookCases, WorkCases, LookCalls, LookRegister}},
	{Reviewer, "复核员", "查看案件，复核退回和公示申请", []Right{LookCases, ConfirmReturns, LookCalls, LookRegister}},
	{
		SystemAdmin, "系统管理员", "管理接入应用和操作员，导入主体库，查看运行状况",
		[]Right{ManageApps, ManageOperators, LookCalls, LookSystem, ImportRegister},
	},
	{SecurityAdmin, "安全管理员", "管理安全策略、锁定和在线会话，批准操作员账户的变更", []Right{ManagePolicies, ApproveOperators, LookSystem}},
	{Auditor, "审计员", "查看和导出审计记录，批准安全管理员和审计员账户的变更", []Right{LookAudit, ApproveOperators}},
}

// Roles lists all roles.
func Roles() (rs []Role) {
	for _, r := range roles {
		rs = append(rs, r.role)
	}
	return rs
}

// String is the title that people read. An unknown role is its own title.
func (r Role) String() string {
	for _, e := range roles {
		if e.role == r {
			return e.title
		}
	}
	return string(r)
}

// About says in Chinese what the role is for.
func (r Role) About() string {
	for _, e := range roles {
		if e.role == r {
			return e.about
		}
	}
	return ""
}

// ParseRole takes a role or its title. ErrInvalid lists all titles.
func ParseRole(s string) (Role, error) {
	titles := ""
	for _, e := range roles {
		if s == string(e.role) || s == e.title {
			return e.role, nil
		}
		titles += "、" + e.title
	}
	return "", invalid("没有角色%s，可用：%s", Quote(s), titles[len("、"):])
}

// Approves reports whether the role is one of the two that approve.
func (r Role) Approves() bool { return r.May(ApproveOperators) }

// May reports whether the role has the right. An unknown role has none.
func (r Role) May(right Right) bool {
	for _, e := range roles {
		if e.role == r {
			return right == OwnVisit || slices.Contains(e.rights, right)
		}
	}
	return false
}

// checking are groups of roles that check each other. Nobody has two roles of one group.
var checking = [][]Role{{Clerk, Reviewer}, {SystemAdmin, SecurityAdmin, Auditor}}

// Checks reports whether two roles check each other.
func (r Role) Checks(other Role) bool {
	for _, group := range checking {
		in := 0
		for _, g := range group {
			if g == r || g == other {
				in++
			}
		}
		if in == 2 {
			return true
		}
	}
	return false
}
