package calls

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// callErrorsData is the failed calls by app and code.
type callErrorsData struct {
	Periods []period
	Period  period
	Errors  []callErrorRow
	More    int // groups left out
}

// period is a time up to now that may be chosen.
type period struct {
	Key, Title string
	days       int
	Here       bool
	Link       string
}

var periods = []period{{Key: "today", Title: "今天", days: 1}, {Key: "7", Title: "近7天", days: 7},
	{Key: "30", Title: "近30天", days: 30}}

// callErrorRow is one app with one code.
type callErrorRow struct {
	intake.CallErrors
	Info    api.CodeInfo
	Calls   string             // where they are listed
	Latest  string             // the page of the last of them
	Example []intake.ToldError // of the last of them, the errors with this code
}

// examples is how many errors of the last call stand beside its code.
const examples = 2

// callErrorRows is how many groups the page shows.
const callErrorRows = 300

func callErrorsPage(q *page.Request) (page.Answer, error) {
	d := callErrorsData{Periods: append([]period(nil), periods...)}
	here := 1
	for i := range d.Periods {
		d.Periods[i].Link = q.Link("/calls/errors?period=" + d.Periods[i].Key)
		if d.Periods[i].Key == q.Field("period") {
			here = i
		}
	}
	d.Periods[here].Here = true
	d.Period = d.Periods[here]
	from := page.Midnight(q.Clock()).AddDate(0, 0, 1-d.Period.days)
	err := d.read(q.Context(), q, from)
	return page.View{Template: "call_errors", Wide: true, Title: "报送错误统计", Data: d}, err
}

func (d *callErrorsData) read(ctx context.Context, q *page.Request, from time.Time) error {
	es, err := q.Calls.CallErrors(ctx, q.Who, from, time.Time{})
	if len(es) > callErrorRows {
		d.More = len(es) - callErrorRows
		es = es[:callErrorRows]
	}
	for _, e := range es {
		d.Errors = append(d.Errors, callErrorRow{e, page.CodeInfo(e.Code),
			q.Link("/calls?" + callsOf(e, from).Encode()),
			q.Link("/calls/" + strconv.FormatInt(e.Last.No, 10)), exampleOf(e)})
	}
	return err
}

func exampleOf(e intake.CallErrors) (es []intake.ToldError) {
	told, _ := e.Told.Errors()
	for _, t := range told {
		if t.Code == e.Code && len(es) < examples {
			es = append(es, t)
		}
	}
	return es
}

// callsOf selects the calls of a group; of an app that is not known, those that came from the same place as the last.
func callsOf(e intake.CallErrors, from time.Time) url.Values {
	v := url.Values{"code": {e.Code}, "from": {from.Format(page.MinuteForm)}}
	if e.AppID != 0 {
		v.Set("app", strconv.FormatInt(e.AppID, 10))
	} else {
		v.Set("source", e.Source)
	}
	return v
}
