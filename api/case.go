package api

// Case (案件) is one batch revocation as a sender states it: the request parameters of clause 3.2. Values are exactly
// what the JSON strings denote; nothing is trimmed, folded or normalised.
type Case struct {
	CaseID           string   `json:"caseid"`           // 案件编号
	CaseName         string   `json:"casename"`         // 案件名称
	CaseIntroduction string   `json:"caseintroduction"` // 案由
	Illegality       string   `json:"illegality"`       // 违法行为
	Penalty          string   `json:"penalty"`          // 处罚内容
	PenaltyDate      string   `json:"penaltydate"`      // 处罚决定日期, yyyy-MM-dd
	PenaltyOrg       string   `json:"penaltyorg"`       // 处罚决定机关
	PenaltyList      []Entity `json:"penaltylist"`      // 吊销市场主体清单
}

// Entity (市场主体) is one item of penaltylist (clause 4.1).
type Entity struct {
	PripID  string `json:"pripid"`  // 市场主体身份代码
	UniscID string `json:"uniscid"` // 统一社会信用代码
	Legal   string `json:"legal"`   // 法定代表人（负责人）
	EntType string `json:"enttype"` // 市场主体类型
}

// member is one string member of the document with the code for its absence and its length limit in code points (S15).
type member struct {
	name  string
	empty Code
	limit int
}

// caseMembers and entityMembers stand in document order, which is the order of error entries (S10).
var (
	caseMembers = [...]member{
		{"caseid", EmptyCaseID, 200},
		{"casename", EmptyCaseName, 500},
		{"caseintroduction", EmptyCaseIntroduction, 20000},
		{"illegality", EmptyIllegality, 20000},
		{"penalty", EmptyPenalty, 20000},
		{"penaltydate", EmptyPenaltyDate, 20000},
		{"penaltyorg", EmptyPenaltyOrg, 500},
	}
	entityMembers = [...]member{
		{"pripid", EmptyItem, 64},
		{"uniscid", EmptyItem, 64},
		{"legal", EmptyItem, 200},
		{"enttype", EmptyItem, 100},
	}
)

const listMember = "penaltylist"
