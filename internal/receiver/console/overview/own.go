package overview

import (
	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// ownFigure is how much waits for the officer alone.
func ownFigure(q *page.Request) (figure, error) {
	if q.Who.Role.May(intake.ConfirmReturns) {
		return decidableFigure(q)
	}
	n, err := q.Cases.CountMine(q.Context(), q.Who)
	return figure{Title: "我的待办", Value: display.Count(n) + "项", Note: "被驳回的申请、认领的案件",
		Link: q.Link("/mine"), Alarm: n > 0}, err
}

// decidableFigure is how many proposals wait on which the officer may decide.
func decidableFigure(q *page.Request) (figure, error) {
	n, err := q.Cases.CountDecidable(q.Context(), q.Who, mostCounted)
	f := figure{Title: "待我复核", Value: display.Count(n) + "项", Note: "可以由您决定的申请", Link: q.Link("/proposals"),
		Alarm: n > 0}
	if n == mostCounted {
		f.Value += "以上"
	}
	return f, err
}

// mostCounted is up to how many proposals are counted, as in the menu.
const mostCounted = 100

// fillDecide lists the oldest proposals on which the officer may decide.
func fillDecide(q *page.Request, d *overviewData) error {
	if d.Reviews = q.Who.Role.May(intake.ConfirmReturns); !d.Reviews {
		return nil
	}
	rows, err := q.Cases.Decidable(q.Context(), q.Who)
	d.Decide = q.ProposalLines(rows[:min(len(rows), mostUrgent)])
	return err
}
