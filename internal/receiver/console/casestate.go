package console

import (
	"fmt"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// tag is a word in a frame.
type tag struct{ Class, Text string }

// stateNames are the states of a query in the words of the list.
var stateNames = map[intake.CaseState]string{
	intake.StateUnverified: "待核验",
	intake.StateAlarmed:    "新的严重提示",
	intake.StateToCheck:    "待核对",
	intake.StateSevere:     "有严重提示",
	intake.StateChecked:    "已核对",
	intake.StateToConfirm:  "退回待复核",
	intake.StateToAgree:    "公示待复核",
	intake.StateReturned:   "已退回",
	intake.StateToPublish:  "待公示",
	intake.StateOverdue:    "公示超期",
	intake.StatePublished:  "已公示",
}

// states are where a case stands, what matters most first.
func (s *site) states(r intake.CaseRow) (ts []tag) {
	if !r.Returned.IsZero() {
		return []tag{{"off", "已退回"}}
	}
	switch {
	case r.Alarmed() && r.Work.Published != "":
		ts = append(ts, tag{"severe", "公示后新的严重提示"})
	case r.Alarmed():
		ts = append(ts, tag{"severe", "核对后新的严重提示"})
	}
	if !r.Work.Publish.Asked.IsZero() {
		ts = append(ts, tag{"severe", "公示待复核"})
	}
	if !r.Work.Asked.IsZero() {
		ts = append(ts, tag{"severe", "退回待复核"})
	}
	switch {
	case r.Verified.IsZero():
		ts = append(ts, tag{"off", "待核验"})
	case r.Doubted():
		ts = append(ts, tag{"warning", "待核对"})
	case !r.Work.Checked.IsZero():
		ts = append(ts, tag{"good", "已核对"})
	}
	switch {
	case r.Work.Published != "" && r.Work.Checked.IsZero() && r.AllSevere() > 0:
		ts = append(ts, tag{"warning", "已公示（未经核对）"})
	case r.Work.Published != "":
		ts = append(ts, tag{"good", "已公示"})
	case r.Verified.IsZero():
	case s.deadline(r.PenaltyDate).Left < 0:
		ts = append(ts, tag{"severe", "公示超期"})
	default:
		ts = append(ts, tag{"mild", "待公示"})
	}
	return ts
}

// doubts are the findings of a case by severity, those that there are, with what later cases say of it.
func doubts(r intake.CaseRow) (ts []tag) {
	for _, d := range []struct {
		n int
		s rules.Severity
	}{{r.AllSevere(), rules.Severe}, {r.AllWarnings(), rules.Warning}, {r.Notices, rules.Notice}} {
		if d.n > 0 {
			ts = append(ts, tag{severityClass(d.s), fmt.Sprintf("%s %d", d.s, d.n)})
		}
	}
	return ts
}

func severityClass(s rules.Severity) string {
	switch s {
	case rules.Severe:
		return "severe"
	case rules.Warning:
		return "warning"
	}
	return "mild"
}

// texts are what tags say, in a line.
func texts(ts []tag) (s string) {
	for i, t := range ts {
		if i > 0 {
			s += "、"
		}
		s += t.Text
	}
	return s
}
