package cases

import (
	"errors"
	"path"
	"strconv"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// decision is one kind of decision of the second person. Its form has a choice, which nothing chooses beforehand, and
// one button; what was chosen is shown once more before it is done, on a page that needs no script.
type decision struct {
	what   string // as people read it
	agreed string // what an agreement means
	done   string // the notice after it
	asked  func(intake.Work) askedFor
	agree  func(q *page.Request, id string, asked time.Time, read *intake.Seen) error
	refuse func(q *page.Request, id, reason string) error
}

// askedFor is what was asked for.
type askedFor struct {
	At     time.Time
	By     intake.Actor
	Day    string // of a publication
	Reason string
	Rows   intake.RowNumbers
}

var returnDecision = decision{
	what: "退回", agreed: "报送单位可以用原案件编号重新报送，不能撤销。", done: "returned",
	asked: func(w intake.Work) askedFor { return askedFor{w.Asked, w.AskedBy, "", w.Reason, w.Rows} },
	agree: func(q *page.Request, id string, asked time.Time, _ *intake.Seen) error {
		return q.Cases.ConfirmReturn(q.Context(), q.Who, id, asked)
	},
	refuse: func(q *page.Request, id, reason string) error {
		return q.Cases.RefuseReturn(q.Context(), q.Who, id, reason)
	},
}

var publishDecision = decision{
	what: "公示", agreed: "本案的严重提示没有人核对过，同意后即登记为已公示，由申请人和您共同负责。", done: "agreed",
	asked: func(w intake.Work) askedFor {
		return askedFor{w.Publish.Asked, w.Publish.By, w.Publish.Day, w.Publish.Reason, ""}
	},
	agree: func(q *page.Request, id string, asked time.Time, read *intake.Seen) error {
		return q.Cases.AgreePublish(q.Context(), q.Who, id, asked, read)
	},
	refuse: func(q *page.Request, id, reason string) error {
		return q.Cases.RefusePublish(q.Context(), q.Who, id, reason)
	},
}

// decideData is what the page shows that asks once more.
type decideData struct {
	casework.CaseFile
	Form, What, Agreed string
	Asked              askedFor
	Choice, Text, Read string
	Doubts             []page.Tag
	Back               string
	Here               string // the query of the page of the case
}

// decide is the route of a decision: without "sure" it asks once more.
func decide(d decision) func(*page.Request) (page.Answer, error) {
	return func(q *page.Request) (page.Answer, error) {
		id := q.PathValue("acceptid")
		asked, read, err := readDecision(q, d)
		if err == nil && q.Field("sure") == "" {
			return askOnceMore(q, d, id, asked)
		}
		notice := "refused"
		switch {
		case err != nil:
		case q.Field("choice") == "agree":
			notice = d.done
			err = d.agree(q, id, asked, read)
		default:
			err = d.refuse(q, id, q.Field("text"))
		}
		if errors.Is(err, intake.ErrInvalid) || errors.Is(err, intake.ErrExists) ||
			errors.Is(err, intake.ErrSamePerson) {
			return showCase(q, err)
		}
		if err != nil {
			return nil, err
		}
		return page.Done(q.Selecting("/cases/"+id), notice), nil
	}
}

// readDecision reads the form. A reason against it beside a choice for it is no decision.
func readDecision(q *page.Request, d decision) (asked time.Time, read *intake.Seen, err error) {
	reason := !api.Blank(q.Field("text"))
	switch choice := q.Field("choice"); {
	case choice != "agree" && choice != "refuse":
		return asked, nil, intake.Invalid("请选择“同意%s”或者“不同意”", d.what)
	case choice == "agree" && reason:
		return asked, nil, intake.Invalid("选择了“同意%s”，却填写了不同意的理由；请核对您的选择，同意的请删去理由", d.what)
	case choice == "refuse" && !reason:
		return asked, nil, intake.Invalid("须写明不同意的理由")
	}
	ms, err := strconv.ParseInt(q.Field("asked"), 10, 64)
	if err != nil {
		return asked, nil, intake.Invalid("不知道决定的是哪一次申请，请在案件页上决定")
	}
	read, err = readSeen(q)
	return time.UnixMilli(ms), read, err
}

// askOnceMore asks once more, with the reason that was given and what is known of the case.
func askOnceMore(q *page.Request, d decision, id string, asked time.Time) (page.Answer, error) {
	f, err := q.Cases.CaseFile(q.Context(), q.Who, id)
	if err != nil {
		return nil, err
	}
	now := d.asked(f.Work)
	if !now.At.Equal(asked) {
		return showCase(q, intake.Exists("%s申请已经撤回、决定或者重新提出，请看过现在的情况再决定", d.what))
	}
	title := "确认同意" + d.what
	if q.Field("choice") == "refuse" {
		title = "确认不同意" + d.what
	}
	data := decideData{CaseFile: f, Form: path.Base(q.URL.Path), What: d.what, Agreed: d.agreed, Asked: now,
		Choice: q.Field("choice"), Text: q.Field("text"),
		Read: q.Field("seen"), Doubts: page.Doubts(f.CaseRow), Back: q.Link(q.Selecting("/cases/" + id)),
		Here: q.Selecting("")}
	return page.View{Template: "case_decide", Title: title, Data: data}, nil
}
