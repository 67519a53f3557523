package pack

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"diaoxiao/internal/beijingtime"
)

// Facts are what is on record of the case as a whole: facts.json. The receipt proves all but State, Attempts, and steps
// that came after its checkpoint.
type Facts struct {
	AcceptID   string     `json:"acceptid"`
	CaseID     string     `json:"caseid"`
	Revision   int        `json:"revision"`
	Supersedes string     `json:"supersedes,omitempty"`
	App        string     `json:"app"`
	Account    string     `json:"account"`
	Received   string     `json:"received"`
	Items      int        `json:"items"`
	Bytes      int64      `json:"bytes"`
	SHA256     string     `json:"sha256,omitempty"` // of the body; "" for one firm: with it the others could be guessed
	State      string     `json:"state"`
	Texts      Texts      `json:"texts"`
	Attempts   []Attempt  `json:"attempts"`
	Events     []Event    `json:"events"` // in order
	Proposals  []Proposal `json:"proposals"`
	Firm       int        `json:"firm,omitzero"` // the one firm that the package is of; 0: all
}

// Texts are what the case says about itself.
type Texts struct {
	CaseID           string `json:"caseid"`
	CaseName         string `json:"casename"`
	CaseIntroduction string `json:"caseintroduction"`
	Illegality       string `json:"illegality"`
	Penalty          string `json:"penalty"`
	PenaltyDate      string `json:"penaltydate"`
	PenaltyOrg       string `json:"penaltyorg"`
}

// Attempt is one time that the case was sent.
type Attempt struct {
	At      string `json:"at"`
	Outcome string `json:"outcome"`
	Codes   string `json:"codes,omitempty"`
	Request string `json:"requestid"`
	Source  string `json:"source"`
}

// Event is a step on the case, or an entry of the audit.
type Event struct {
	No       int64  `json:"no"`
	At       string `json:"at"`
	By       string `json:"by"`
	Deed     string `json:"deed"`
	Rows     string `json:"rows,omitempty"`
	Detail   string `json:"detail,omitempty"`
	Proposal int64  `json:"proposal,omitzero"`
}

// Proposal is what one person asked for and another one answered.
type Proposal struct {
	No         int64  `json:"no"`
	Kind       string `json:"kind"`
	Rows       string `json:"rows"`
	Count      int    `json:"count"`
	Held       int    `json:"held"`
	Reason     string `json:"reason,omitempty"`
	Shown      string `json:"shown"` // SHA-256 of what was shown
	Asked      string `json:"asked"`
	AskedBy    string `json:"askedby"`
	Answer     string `json:"answer,omitempty"`
	Answered   string `json:"answered,omitempty"`
	AnsweredBy string `json:"answeredby,omitempty"`
	Reply      string `json:"reply,omitempty"`
}

// The answers to a proposal.
const (
	Waits     = "待复核"
	Confirmed = "已同意"
	Refused   = "不同意"
	Withdrawn = "已撤回"
)

// Firm is a line of the list of firms: firms.jsonl. The receipt proves the row with its four values; the rest is from
// the store.
type Firm struct {
	Row       int            `json:"row"`
	PripID    string         `json:"pripid"`
	UniscID   string         `json:"uniscid"`
	Legal     string         `json:"legal"`
	EntType   string         `json:"enttype"`
	Verdict   string         `json:"verdict,omitempty"`
	AsOf      string         `json:"asof,omitempty"`     // the day of the register
	Register  jsontext.Value `json:"register,omitempty"` // the firm as the register has it
	Findings  []Finding      `json:"findings,omitempty"`
	State     string         `json:"state,omitempty"`
	Published string         `json:"published,omitempty"`
	Checked   string         `json:"checked,omitempty"`
	CheckedBy string         `json:"checkedby,omitempty"`
	CheckedAt string         `json:"checkedat,omitempty"`
	Remark    string         `json:"remark,omitempty"`
}

// Finding is one finding. Its text is left out of the package of one firm where it can name others.
type Finding struct {
	Rule     int    `json:"rule"`
	Title    string `json:"title"`
	Severity string `json:"severity"`
	Field    string `json:"field,omitempty"`
	Text     string `json:"text"`
}

// LeftOut stands in the package of one firm for a text that can name others.
const LeftOut = "涉及其他市场主体或案件，内容未列入本案卷包"

// Clock is a time as packages write it, in Beijing as RFC 3339; "" for none.
func Clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(beijingtime.Zone).Format("2006-01-02T15:04:05.000-07:00")
}
