// Package api is the wire contract of the batch-revocation (批量吊销) interface: its messages, the spellings they come in,
// the catalogue of codes and the strict reading of request bodies. Both ends use it, so it knows neither storage nor
// rules that only the receiver can decide (is the app known, was the case received before).
//
// "Clause" in comments means a clause of the interface document; C1–C7 and S1–S26 are the rows of docs/divergences.md,
// which records how the document is read where it contradicts itself or is silent.
package api

// Call is one of the calls of the interface, by the last element of its path.
type Call string

// The calls of clause 3, and the extensions of S22, S24 and S26.
const (
	Login   Call = "login"           // 3.1.1 登录
	Logout  Call = "logout"          // 3.1.2 退出登录
	Receive Call = "receiveCaseinfo" // 3.2 接收批量吊销信息
	Query   Call = "queryCaseinfo"   // S22 查询受理情况, an extension
	List    Call = "listCaseinfo"    // S24 对账清单, an extension
	Receipt Call = "receiptCaseinfo" // S26 受理回执, an extension
	Unknown Call = ""                // a request that names no call
)

// Calls lists the calls in the order of the document.
func Calls() []Call { return []Call{Login, Logout, Receive, Query, List, Receipt} }

// Path is where the call stands below {API_ROOT} (clause 2.4).
func (c Call) Path() string { return "/security/" + string(c) }

// Failure is the "name" of an error entry of this call (clause 2.3, C3).
func (c Call) Failure() string {
	switch c {
	case Login:
		return "接口登录失败"
	case Logout:
		return "注销会话失败"
	case Receive:
		return "接收批量吊销信息失败"
	case Query:
		return "查询受理情况失败"
	case List:
		return "查询对账清单失败"
	case Receipt:
		return "取得受理回执失败"
	}
	return "接口调用失败"
}
