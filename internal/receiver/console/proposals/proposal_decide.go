package proposals

import (
	"encoding/hex"
	"errors"
	"net/url"
	"strconv"

	"diaoxiao/api"
	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// A form of a decision has a choice, which nothing chooses beforehand, and one button; what was chosen is shown once
// more before it is done, on a page that needs no script.

// agreedMeans is what an agreement to a proposal of a kind means.
var agreedMeans = map[release.Kind]string{
	release.Release:  "所列市场主体放行，可以登记公示，由申请人和您共同负责。",
	release.Withhold: "所列市场主体不予公示。",
	release.Return:   "案件退回，报送单位可以用原案件编号重新报送，不能撤销。",
	release.Publish:  "所列市场主体放行以后有新的疑点，同意后即登记为已公示，由申请人和您共同负责。",
	release.Recall:   "所列市场主体恢复为未决定。",
}

// decideData is the page that asks once more.
type decideData struct {
	Choice, Text string
	Action, Back string
	Several      bool
	Ones         []decidedOne
	None         bool // of several, none can be agreed to
}

// Agree reports whether the choice is an agreement.
func (d decideData) Agree() bool { return d.Choice == "agree" }

// decidedOne is a proposal on which a decision is about to be made.
type decidedOne struct {
	casework.ProposalFile
	Row      row
	Shown    string
	Means    string
	Problem  string   // why it cannot be agreed to; "": it can
	Doubtful []string // see page.Request.DoubtsText
	Left     string   // why it is left out of an agreement to several; "": it is not
}

// result is what came of a decision on one of several.
type result struct {
	No            int64
	Kind          release.Kind
	Done, Problem string
}

func digestText(d [32]byte) string { return hex.EncodeToString(d[:]) }

func readDigest(text string) (d [32]byte, err error) {
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != len(d) {
		return d, intake.Invalid("不知道依据的是什么时候的情况，请打开申请的页面再决定")
	}
	copy(d[:], b)
	return d, nil
}

// readChoice reads what was chosen. A reason against it beside a choice for it is no decision.
func readChoice(q *page.Request) (agree bool, err error) {
	reason := !api.Blank(q.FormValue("text"))
	switch choice := q.Field("choice"); {
	case choice != "agree" && choice != "refuse":
		return false, intake.Invalid("请选择“同意”或者“不同意”")
	case choice == "agree" && reason:
		return false, intake.Invalid("选择了“同意”，却填写了不同意的理由；请核对您的选择，同意的请删去理由")
	case choice == "refuse" && !reason:
		return false, intake.Invalid("须写明不同意的理由")
	}
	return q.Field("choice") == "agree", nil
}

// decideOne decides on the proposal of the path: without "sure" it asks once more.
func decideOne(q *page.Request) (page.Answer, error) {
	no, err := numberOf(q)
	if err != nil {
		return nil, err
	}
	path := "/proposals/" + strconv.FormatInt(no, 10)
	agree, err := readChoice(q)
	if err == nil && q.Field("sure") == "" {
		return askOnceMore(q, no, agree, path)
	}
	if err == nil {
		err = decide(q, no, agree, q.Field("shown"))
	}
	if errors.Is(err, intake.ErrInvalid) || errors.Is(err, intake.ErrExists) || errors.Is(err, intake.ErrSamePerson) {
		return showOne(q, err)
	}
	if err != nil {
		return nil, err
	}
	return page.Done(path, map[bool]string{true: "proposalconfirmed", false: "proposalrefused"}[agree]), nil
}

// decide makes a decision. shown is the digest of what the officer was shown.
func decide(q *page.Request, no int64, agree bool, shown string) error {
	if !agree {
		return q.Cases.RefuseProposal(q.Context(), q.Who, no, q.Field("text"))
	}
	digest, err := readDigest(shown)
	if err != nil {
		return err
	}
	return q.Cases.ConfirmProposal(q.Context(), q.Who, no, digest)
}

// askOnceMore asks once more about one proposal, where it is as it was shown.
func askOnceMore(q *page.Request, no int64, agree bool, path string) (page.Answer, error) {
	one, err := loadDecided(q, no)
	if err != nil {
		return nil, err
	}
	switch {
	case one.Answer != release.Waits:
		return showOne(q, intake.Exists("第%d号申请已有结果：%s", no, one.Answer))
	case one.Mine:
		return showOne(q, intake.ErrSamePerson)
	case agree && (one.Changed || one.Shown != q.Field("shown")):
		return showOne(q, intake.Exists("申请以后或者打开页面以后，其中的市场主体有了变化，请看过现在的情况再决定"))
	}
	d := decideData{Choice: q.Field("choice"), Text: q.FormValue("text"), Action: q.Link(path + "/decide"),
		Back: q.Link(path), Ones: []decidedOne{one}}
	return page.View{Template: "proposal_decide", Title: "确认" + choiceTitle(agree) + one.Kind.String(), Data: d}, nil
}

func choiceTitle(agree bool) string {
	if agree {
		return "同意"
	}
	return "不同意"
}

func loadDecided(q *page.Request, no int64) (one decidedOne, err error) {
	f, err := q.Cases.ProposalFile(q.Context(), q.Who, no)
	if err != nil {
		return one, err
	}
	one = decidedOne{ProposalFile: f, Row: newRow(q, f.ProposalRow), Shown: digestText(f.Now),
		Means: agreedMeans[f.Kind], Doubtful: q.DoubtsText(f.Doubts)}
	switch {
	case f.Answer != release.Waits:
		one.Problem = "已有结果：" + f.Answer.String()
	case f.Mine:
		one.Problem = intake.ErrSamePerson.Error()
	case f.Changed:
		one.Problem = "申请以后有了变化，不能再同意，请打开申请查看"
	}
	return one, nil
}

// decideSeveral decides on the chosen proposals: without "sure" it lists each and asks once more.
func decideSeveral(q *page.Request) (page.Answer, error) {
	agree, err := readChoice(q)
	var nos []int64
	if err == nil {
		nos, err = chosenNumbers(q)
	}
	if err != nil {
		return showList(q, nil, err)
	}
	if q.Field("sure") == "" {
		d := decideData{Choice: q.Field("choice"), Text: q.FormValue("text"), Action: q.Link("/proposals/decide"),
			Back: q.Link("/proposals"), Several: true}
		d.None = agree
		for _, no := range nos {
			one, err := loadDecided(q, no)
			if err != nil {
				return nil, err
			}
			if agree {
				one.Left = whyAlone(one.ProposalFile)
			}
			d.None = d.None && one.Left != ""
			d.Ones = append(d.Ones, one)
		}
		return page.View{Template: "proposal_decide", Title: "确认" + choiceTitle(agree), Data: d}, nil
	}
	var results []result
	for _, no := range nos {
		r := result{No: no, Done: choiceTitle(agree)}
		f, err := q.Cases.ProposalFile(q.Context(), q.Who, no)
		if err == nil {
			r.Kind = f.Kind
			if agree {
				r.Problem = whyAlone(f)
			}
		}
		if err == nil && r.Problem == "" {
			err = decide(q, no, agree, q.Field("shown."+strconv.FormatInt(no, 10)))
		}
		if err != nil {
			r.Problem = page.ErrorText(err)
		}
		results = append(results, r)
	}
	return showList(q, results, nil)
}

// whyAlone is why a proposal that waits is not agreed to together with others; "": it can be.
func whyAlone(f casework.ProposalFile) string {
	const open = "须逐件打开："
	switch {
	case f.Answer != release.Waits || f.Mine || !f.Alone():
		return ""
	case f.Asker.Kind != "":
		return open + "申请人的账户近期有变动，请先向本人核实"
	case f.Kind == release.Publish:
		return open + "存疑公示须看过每一户的疑点"
	case f.Doubts.Severe > 0:
		return open + "其中" + display.Count(f.Doubts.Severe) + "户有严重提示"
	case len(f.Doubts.Cleared) > 0:
		return open + "其中有人工核对过的市场主体"
	}
	return open + "其中有疑点"
}

// chosenNumbers are the proposals that were chosen.
func chosenNumbers(q *page.Request) (nos []int64, err error) {
	q.ParseForm()
	for _, text := range url.Values(q.PostForm)["no"] {
		no, err := strconv.ParseInt(text, 10, 64)
		if err != nil || no < 1 {
			return nil, intake.Invalid("没有第%s号申请", text)
		}
		nos = append(nos, no)
	}
	switch {
	case len(nos) == 0:
		return nil, intake.Invalid("请先勾选申请")
	case len(nos) > mostListed:
		return nil, intake.Invalid("一次至多选择%d件申请", mostListed)
	}
	return nos, nil
}
