package page

import (
	"strconv"
	"strings"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/registrar"
	"diaoxiao/internal/rules"
)

// RegisterState is the state of the register as pages show it, by the template "register".
type RegisterState struct {
	registrar.State
	MayImport bool // whoever looks may import one
}

// RegisterState is the state of the register now.
func (q *Request) RegisterState() (RegisterState, error) {
	s, err := q.Register.Current(q.Context(), q.Who)
	return RegisterState{s, q.Who.Role.May(intake.ImportRegister)}, err
}

// FirmStateTag is the state of a firm in the register: green where it is live, red where it is not to be revoked any
// more, amber where it rests or is wound up.
func FirmStateTag(s register.State) Tag {
	switch s {
	case register.Live:
		return Tag{"good", s.String()}
	case register.Revoked, register.Deregistered, register.MovedOut, register.Annulled:
		return Tag{"severe", s.String()}
	case register.Dormant, register.Liquidating:
		return Tag{"warning", s.String()}
	}
	return Tag{"mild", s.String()}
}

// VerdictTag is a verdict as it is shown, coloured by the rule that decided.
func VerdictTag(r register.Result, stale bool) Tag {
	v := r.Shown(stale)
	switch v {
	case register.Consistent:
		return Tag{"good", v.String()}
	case register.NotCompared:
		return Tag{"off", v.String()}
	case register.Stale:
		return Tag{"warning", v.String()}
	}
	if rule, ok := rules.ByNo(r.Rule); ok {
		return Tag{SeverityClass(rule.Severity), v.String()}
	}
	return Tag{"severe", v.String()}
}

// fieldTitles are the members of a verdict in words.
var fieldTitles = map[string]string{"pripid": "身份代码", "uniscid": "统一社会信用代码", "regno": "注册号", "legal": "法定代表人",
	"enttype": "类型"}

// FieldsText is which members differ, in words; "" where none does.
func FieldsText(f register.Fields) string {
	var titles []string
	for _, name := range f.Names() {
		titles = append(titles, fieldTitles[name])
	}
	return strings.Join(titles, "、")
}

// FirmPath is the page of one row of a snapshot, "" where it is none.
func FirmPath(snapshot int64, rowNo int) string {
	if snapshot == 0 || rowNo == 0 {
		return ""
	}
	return "/firms/" + strconv.FormatInt(snapshot, 10) + "/" + strconv.Itoa(rowNo)
}
