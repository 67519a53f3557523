package cases

import (
	"encoding/hex"
	"errors"
	"strconv"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// The form of a decision of the second person has a choice, which nothing chooses beforehand, and one button; what was
// chosen is shown once more before it is done, on a page that needs no script.

// agreedMeans is what an agreement to a proposal of a kind means.
var agreedMeans = map[release.Kind]string{
	release.Release:  "所列市场主体放行以后即可登记公示，由申请人和您共同负责。",
	release.Withhold: "所列市场主体不予公示。",
	release.Return:   "报送单位可以用原案件编号重新报送，不能撤销。",
	release.Publish:  "所列市场主体放行以后有新的疑点，同意后即登记为已公示，由申请人和您共同负责。",
	release.Recall:   "所列市场主体恢复为未决定。",
}

// decideData is what the page shows that asks once more.
type decideData struct {
	casework.CaseFile
	Proposal            casework.ProposalFile
	What, Agreed        string
	Choice, Text, Shown string
	Doubts              []page.Tag
	Back                string
	Here                string // the query of the page of the case
}

// decided is what the form of a decision says.
type decided struct {
	no    int64
	shown [32]byte
	agree bool
	text  string
}

// decide is the route of a decision: without "sure" it asks once more.
func decide(q *page.Request) (page.Answer, error) {
	c, f, err := readDecision(q)
	if err == nil && q.Field("sure") == "" {
		return askOnceMore(q, c, f)
	}
	notice := "refused"
	switch {
	case err != nil:
	case c.agree:
		notice = "agreed"
		if f.Kind == release.Return {
			notice = "returned"
		}
		err = q.Cases.ConfirmProposal(q.Context(), q.Who, c.no, c.shown)
	default:
		err = q.Cases.RefuseProposal(q.Context(), q.Who, c.no, c.text)
	}
	if errors.Is(err, intake.ErrInvalid) || errors.Is(err, intake.ErrExists) || errors.Is(err, intake.ErrSamePerson) {
		return showCase(q, err)
	}
	if err != nil {
		return nil, err
	}
	return page.Done(q.Selecting("/cases/"+q.PathValue("acceptid")), notice), nil
}

// readDecision reads the form, and the proposal that it is about. A reason against it beside a choice for it is no
// decision.
func readDecision(q *page.Request) (c decided, f casework.ProposalFile, err error) {
	if c.no, err = strconv.ParseInt(q.Field("asked"), 10, 64); err == nil {
		f, err = q.Cases.ProposalFile(q.Context(), q.Who, c.no)
	}
	if err != nil || f.Case.AcceptID != q.PathValue("acceptid") {
		return c, f, intake.Invalid("不知道决定的是哪一次申请，请在案件页上决定")
	}
	c.agree, c.text = q.Field("choice") == "agree", q.Field("text")
	reason := !api.Blank(c.text)
	switch is := q.Field("choice"); {
	case is != "agree" && is != "refuse":
		return c, f, intake.Invalid("请选择“同意%s”或者“不同意”", f.Kind)
	case c.agree && reason:
		return c, f, intake.Invalid("选择了“同意%s”，却填写了不同意的理由；请核对您的选择，同意的请删去理由", f.Kind)
	case !c.agree && !reason:
		return c, f, intake.Invalid("须写明不同意的理由")
	}
	digest, err := hex.DecodeString(q.Field("shown"))
	if err != nil || len(digest) != len(c.shown) {
		return c, f, intake.Invalid("不知道依据的是什么时候的情况，请在案件页上决定")
	}
	copy(c.shown[:], digest)
	return c, f, nil
}

// askOnceMore asks once more, with the reason that was given and what is known of the case.
func askOnceMore(q *page.Request, c decided, p casework.ProposalFile) (page.Answer, error) {
	id := q.PathValue("acceptid")
	f, err := q.Cases.CaseFile(q.Context(), q.Who, id)
	if err != nil {
		return nil, err
	}
	switch {
	case p.Answer != release.Waits:
		return showCase(q, intake.Exists("%s申请已经撤回或者决定，请看过现在的情况再决定", p.Kind))
	case c.agree && (p.Changed || p.Now != c.shown):
		return showCase(q, intake.Exists("申请以后或者打开页面以后，其中的市场主体有了变化，请看过现在的情况再决定"))
	}
	title := "确认同意" + p.Kind.String()
	if !c.agree {
		title = "确认不同意" + p.Kind.String()
	}
	data := decideData{CaseFile: f, Proposal: p, What: p.Kind.String(), Agreed: agreedMeans[p.Kind],
		Choice: q.Field("choice"), Text: c.text, Shown: hex.EncodeToString(c.shown[:]),
		Doubts: page.Doubts(f.CaseRow), Back: q.Link(q.Selecting("/cases/" + id)), Here: q.Selecting("")}
	return page.View{Template: "case_decide", Title: title, Data: data}, nil
}
