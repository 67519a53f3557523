package cases

import "diaoxiao/internal/receiver/intake"

// said is what an event says: a text, and rows of the list.
type said struct {
	Text string
	Rows intake.RowNumbers
}

func saidOf(e intake.CaseEvent) said {
	if e.Kind != intake.EventAsk {
		return said{Text: e.Detail}
	}
	reason, rows, _ := intake.ReadAskDetail(e.Detail)
	return said{reason, rows}
}

// outcome is how a receive call ended, in words.
func outcome(o intake.Outcome) string {
	switch o {
	case intake.Accepted:
		return "受理"
	case intake.Repeated:
		return "重复报送，答复原受理号"
	case intake.Refused:
		return "拒绝"
	}
	return string(o)
}
