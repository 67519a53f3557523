package page

import (
	"strings"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

// Verdict is what the register says of one entity, as it is shown by the templates "firmname" and "verdict".
type Verdict struct {
	Compared bool // its case was compared with a register; otherwise there is nothing to show
	Name     string
	Link     string // to the firm; "": there is none, or it has no code
	State    Tag    // of the firm, where it is not live
	Tag      Tag    // the verdict
	Fields   string // which members differ, in words
	Rule     int    // that decided; 0: none
	Title    string // of the rule
	Others   int    // further firms
	Nothing  bool   // there was nothing to look up by
}

// Verdict is the verdict on an entity as it is shown.
func (q *Request) Verdict(j casework.Judged) (v Verdict) {
	if j.Against == 0 {
		return v
	}
	f := NewFirm(j.Firm, false)
	v = Verdict{Compared: true, Name: f.Name, Link: q.FirmLink(j.Firm), Tag: verdictTag(j),
		Fields: FieldsText(j.Fields), Rule: j.Rule, Others: j.Others, Nothing: j.Shown == register.NotCompared}
	if rule, ok := rules.ByNo(j.Rule); ok {
		v.Title = rule.Title
	}
	if v.Link != "" && v.Name == "" {
		v.Name = f.Title()
	}
	if (v.Name != "" || v.Link != "") && j.Firm.State != register.Live {
		v.State = f.State
	}
	return v
}

// verdictTag is coloured by the rule that decided.
func verdictTag(j casework.Judged) Tag {
	tag := VerdictTag(j.Shown)
	if rule, ok := rules.ByNo(j.Rule); ok && tag.Class == "severe" {
		tag.Class = SeverityClass(rule.Severity)
	}
	return tag
}

// VerdictTag is a verdict by itself.
func VerdictTag(v register.Verdict) Tag {
	switch v {
	case register.Consistent:
		return Tag{"good", v.String()}
	case register.NotCompared:
		return Tag{"off", v.String()}
	case register.Stale:
		return Tag{"warning", v.String()}
	}
	return Tag{"severe", v.String()}
}

// MemberTitle is a member of an entity that a finding or a verdict names, in words; one that is not known, as it is.
func MemberTitle(name string) string {
	switch name {
	case "pripid":
		return "身份代码"
	case "uniscid":
		return "统一社会信用代码"
	case "regno":
		return "注册号"
	case "legal":
		return "法定代表人"
	case "enttype":
		return "类型"
	}
	return name
}

// FieldsText is which members differ, in words; "" where none does.
func FieldsText(f register.Fields) string {
	var titles []string
	for _, name := range f.Names() {
		titles = append(titles, MemberTitle(name))
	}
	return strings.Join(titles, "、")
}

// Comparison is how a case was compared with the register, as it is shown by the template "comparison".
type Comparison struct {
	casework.Comparison
	Age, Days int64 // of the snapshot, and how old it may be
	Total     int
	Counts    []VerdictCount // those that there are
	Missing   bool           // there is no register at all
	MayImport bool
}

// VerdictCount is how many entities have a verdict.
type VerdictCount struct {
	Tag
	Rows int
	Link string // the list of them
	Here bool   // they are what is shown
}

// verdictKeys are the verdicts as queries name them, in the order in which they are listed.
var verdictKeys = []struct {
	verdict register.Verdict
	key     string
}{
	{register.Consistent, "consistent"}, {register.Stale, "stale"}, {register.Different, "different"},
	{register.NotFound, "notfound"}, {register.Shared, "shared"}, {register.Abnormal, "abnormal"},
	{register.NotCompared, "notcompared"},
}

// VerdictByKey is the verdict that a query names.
func VerdictByKey(key string) (register.Verdict, bool) {
	for _, v := range verdictKeys {
		if v.key == key {
			return v.verdict, true
		}
	}
	return 0, false
}

// Comparison is how a case was compared; link is the list of the entities with a verdict, by its key.
func (q *Request) Comparison(caseNo int64, here string, link func(key string) string) (c Comparison, err error) {
	if c.Comparison, err = q.Cases.Comparison(q.Context(), q.Who, caseNo); err != nil {
		return c, err
	}
	now, err := q.RegisterState()
	c.Age, c.Days, c.MayImport = c.Snapshot.Age(q.Clock()), now.Days, now.MayImport
	c.Missing = !now.There
	for _, v := range verdictKeys {
		if n := c.Comparison.Counts[v.verdict]; n > 0 {
			c.Total += n
			c.Counts = append(c.Counts, VerdictCount{VerdictTag(v.verdict), n, link(v.key), v.key == here})
		}
	}
	return c, err
}
