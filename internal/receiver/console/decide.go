package console

import (
	"errors"
	"fmt"
	"path"
	"strconv"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
)

// decision is one kind of decision of the second person. Its form has a choice, which nothing chooses beforehand, and
// one button; what was chosen is shown once more before it is done, on a page that needs no script.
type decision struct {
	what   string // as people read it
	agreed string // what an agreement means
	done   string // the notice after it
	asked  func(intake.Work) askedFor
	agree  func(q *request, id string, asked time.Time, read *intake.Seen) error
	refuse func(q *request, id, reason string) error
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
	agree: func(q *request, id string, asked time.Time, _ *intake.Seen) error {
		return q.Cases.ConfirmReturn(q.Context(), q.who, id, asked)
	},
	refuse: func(q *request, id, reason string) error { return q.Cases.RefuseReturn(q.Context(), q.who, id, reason) },
}

var publishDecision = decision{
	what: "公示", agreed: "本案的严重提示没有人核对过，同意后即登记为已公示，由申请人和您共同负责。", done: "agreed",
	asked: func(w intake.Work) askedFor {
		return askedFor{w.Publish.Asked, w.Publish.By, w.Publish.Day, w.Publish.Reason, ""}
	},
	agree: func(q *request, id string, asked time.Time, read *intake.Seen) error {
		return q.Cases.AgreePublish(q.Context(), q.who, id, asked, read)
	},
	refuse: func(q *request, id, reason string) error {
		return q.Cases.RefusePublish(q.Context(), q.who, id, reason)
	},
}

// decideData is what the page shows that asks once more.
type decideData struct {
	casework.CaseFile
	Deed, What, Agreed string
	Asked              askedFor
	Choice, Text, Read string
	Doubts             []tag
	Back               string
}

// decide is the route of a decision: without "sure" it asks once more.
func decide(d decision) func(*request) (answer, error) {
	return func(q *request) (answer, error) {
		id := q.PathValue("acceptid")
		asked, read, err := readDecision(q, d)
		if err == nil && q.field("sure") == "" {
			return askOnceMore(q, d, id, asked)
		}
		notice := "saved"
		switch {
		case err != nil:
		case q.field("choice") == "agree":
			notice = d.done
			err = d.agree(q, id, asked, read)
		default:
			err = d.refuse(q, id, q.field("text"))
		}
		if errors.Is(err, intake.ErrInvalid) || errors.Is(err, intake.ErrExists) || errors.Is(err, intake.ErrSamePerson) {
			return showCase(q, err)
		}
		if err != nil {
			return nil, err
		}
		return done("/cases/"+id, notice), nil
	}
}

// readDecision reads the form. A reason against it beside a choice for it is no decision.
func readDecision(q *request, d decision) (asked time.Time, read *intake.Seen, err error) {
	reason := !api.Blank(q.field("text"))
	switch choice := q.field("choice"); {
	case choice != "agree" && choice != "refuse":
		return asked, nil, intake.Invalid("请选择“同意%s”或者“不同意”", d.what)
	case choice == "agree" && reason:
		return asked, nil, intake.Invalid("选择了“同意%s”，却填写了不同意的理由；请核对您的选择，同意的请删去理由", d.what)
	case choice == "refuse" && !reason:
		return asked, nil, intake.Invalid("须写明不同意的理由")
	}
	ms, err := strconv.ParseInt(q.field("asked"), 10, 64)
	if err != nil {
		return asked, nil, intake.Invalid("不知道决定的是哪一次申请，请在案件页上决定")
	}
	read, err = readSeen(q)
	return time.UnixMilli(ms), read, err
}

// askOnceMore asks once more, with the reason that was given and what is known of the case.
func askOnceMore(q *request, d decision, id string, asked time.Time) (answer, error) {
	f, err := q.Cases.CaseFile(q.Context(), q.who, id)
	if err != nil {
		return nil, err
	}
	now := d.asked(f.Work)
	if !now.At.Equal(asked) {
		return showCase(q, fmt.Errorf("%w：%s申请已经撤回、决定或者重新提出，请看过现在的情况再决定", intake.ErrExists, d.what))
	}
	title := "确认同意" + d.what
	if q.field("choice") == "refuse" {
		title = "确认不同意" + d.what
	}
	data := decideData{CaseFile: f, Deed: path.Base(q.URL.Path), What: d.what, Agreed: d.agreed, Asked: now, Choice: q.field("choice"), Text: q.field("text"),
		Read: q.field("seen"), Doubts: doubts(f.CaseRow), Back: q.link("/cases/" + id)}
	return page{Name: "decide", Title: title, Data: data}, nil
}
