package planted

import (
	"strings"

	"diaoxiao/internal/receiver/register"
)

// Decided is the day of the decisions of all lists. Firms that were revoked by them have been entered on that day and
// in the weeks after it.
const Decided = "2026-03-16"

// state gives a firm a state, with the word of an extract and the day.
func (m *maker) state(f *register.Firm) {
	f.State, f.StateText = register.Live, "存续（在营、开业、在册）"
	year := int(f.Founded[0]-'0')*1000 + int(f.Founded[1]-'0')*100 + int(f.Founded[2]-'0')*10 + int(f.Founded[3]-'0')
	f.Approved = m.day(year+1, 2026)
	switch p := m.IntN(1000); {
	case p < 835:
	case p < 885:
		f.State, f.StateText = register.Revoked, "吊销，未注销"
		if m.IntN(3) == 0 {
			f.Approved = m.dayIn(2026, 4, 6)
		} else if m.IntN(8) == 0 {
			f.Approved = Decided
		}
	case p < 955:
		f.State, f.StateText = register.Deregistered, "注销"
		m.maybeAfter(f)
	case p < 967:
		f.State, f.StateText = register.MovedOut, "迁出"
		m.maybeAfter(f)
	case p < 977:
		f.State, f.StateText = register.Dormant, "歇业"
	case p < 986:
		f.State, f.StateText = register.Liquidating, "清算"
	case p < 994:
		f.State, f.StateText = register.Annulled, "撤销登记"
	default:
		f.State, f.StateText = register.StateUnknown, "待核查"
	}
}

// maybeAfter: some ended after the decisions.
func (m *maker) maybeAfter(f *register.Firm) {
	if m.IntN(10) == 0 {
		f.Approved = m.dayIn(2026, 4, 6)
	}
}

// odd gives a few rows what real registers have: no name of a person, blanks and other dots in one.
func (m *maker) odd(f *register.Firm) {
	switch p := m.IntN(1000); {
	case p < 5:
		f.Legal = ""
	case p < 10 && len(f.Legal) == len("张三"):
		f.Legal = f.Legal[:3] + " " + f.Legal[3:]
	case p < 100 && strings.Contains(f.Legal, "·"):
		f.Legal = strings.Replace(f.Legal, "·", m.pick([]string{"•", "・", ".", ""}), 1)
	}
}

// twin is another live firm with the credit code of the one before.
func (m *maker) twin() register.Firm {
	f := m.last
	f.PripID = m.pripID(f.PripID[:6], f.Founded)
	f.Name, f.Legal, f.RegNo = m.pick(firmWords)+f.Name, m.person(), ""
	return f
}

// movedFrom is the row of the firm before at the place from which it moved.
func (m *maker) movedFrom() register.Firm {
	f := m.last
	f.PripID = m.pripID(f.PripID[:6], f.Founded)
	f.Organ, f.RegNo = "鄂尔多斯市东胜区市场监督管理局", ""
	f.State, f.StateText, f.Approved = register.MovedOut, "迁出", m.day(2020, 2025)
	return f
}
