package casepack

import (
	"encoding/hex"
	"io"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"diaoxiao/api"
	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/evidence"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

// facts are what is on record of the case as a whole.
type facts struct {
	AcceptID   string     `json:"acceptid"`
	CaseID     string     `json:"caseid"`
	Revision   int        `json:"revision"`
	Supersedes string     `json:"supersedes,omitempty"`
	App        string     `json:"app"`
	Account    string     `json:"account"`
	Received   string     `json:"received"`
	Items      int        `json:"items"`
	Bytes      int64      `json:"bytes"`
	SHA256     string     `json:"sha256"`
	State      string     `json:"state"`
	Texts      api.Case   `json:"texts"`
	Attempts   []attempt  `json:"attempts"`
	Events     []event    `json:"events"`
	Proposals  []proposal `json:"proposals"`

	Checkpoint evidence.Checkpoint `json:"-"`
	Firm       int                 `json:"firm,omitempty"`
}

type attempt struct {
	At      string `json:"at"`
	Outcome string `json:"outcome"`
	Codes   string `json:"codes,omitempty"`
	Request string `json:"requestid"`
	Source  string `json:"source"`
}

type event struct {
	No     int64  `json:"no"`
	At     string `json:"at"`
	By     string `json:"by"`
	Deed   string `json:"deed"`
	Rows   string `json:"rows,omitempty"`
	Detail string `json:"detail,omitempty"`
}

type proposal struct {
	No         int64  `json:"no"`
	Kind       string `json:"kind"`
	Rows       string `json:"rows"`
	Count      int    `json:"count"`
	Held       int    `json:"held"`
	Reason     string `json:"reason,omitempty"`
	Shown      string `json:"shown"` // SHA-256 of what was shown
	Asked      string `json:"asked"`
	AskedBy    string `json:"askedby"`
	Answer     string `json:"answer,omitempty"`
	Answered   string `json:"answered,omitempty"`
	AnsweredBy string `json:"answeredby,omitempty"`
	Reply      string `json:"reply,omitempty"`
}

// clock is a time in Beijing as RFC 3339 writes it, "" for none.
func clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(beijingtime.Zone).Format("2006-01-02T15:04:05.000-07:00")
}

func (g *gathering) addFacts() error {
	f := &g.facts
	c := g.c
	f.AcceptID, f.CaseID, f.Revision, f.Supersedes, f.App = c.AcceptID, c.CaseID, c.Revision, c.Supersedes, c.AppKey
	f.Account, f.Received, f.Items, f.Bytes = c.Account, clock(c.Received), c.Items, c.Bytes
	f.SHA256, f.State, f.Firm = hex.EncodeToString(c.SHA256[:]), c.State(), g.want.Firm
	for _, read := range []func() error{g.readTexts, g.readAttempts, g.readSteps} {
		if err := read(); err != nil {
			return err
		}
	}
	return g.w.add(factsFile, func(to io.Writer) error { return writeJSON(to, f, jsontext.WithIndent("  ")) })
}

func writeJSON(to io.Writer, v any, options ...json.Options) error {
	if err := json.MarshalWrite(to, v, options...); err != nil {
		return err
	}
	_, err := io.WriteString(to, "\n")
	return err
}

func (g *gathering) readTexts() (err error) {
	g.facts.Texts, err = g.cases.CaseTexts(g.ctx, g.by, g.c)
	g.facts.Texts.PenaltyList = nil
	return err
}

func (g *gathering) readAttempts() error {
	all, err := g.cases.AttemptsOf(g.ctx, g.by, g.c.AcceptID)
	for _, a := range all {
		g.facts.Attempts = append(g.facts.Attempts, attempt{clock(a.At), string(a.Outcome), a.Codes, a.RequestID,
			a.Source})
	}
	return err
}

// concerns says whether rows concern the package: all of the case, or the one firm.
func (g *gathering) concerns(rows intake.RowNumbers) bool {
	return g.want.Firm == 0 || rows == "" || rows.Set()(g.want.Firm)
}

// rowsOf is rows as the package has them: of one firm only its own number.
func (g *gathering) rowsOf(rows intake.RowNumbers) string {
	if g.want.Firm > 0 && rows != "" {
		return strconv.Itoa(g.want.Firm)
	}
	return string(rows)
}

// said is what a person wrote about rows. Of what concerns more than the one firm the package has nothing: it can name
// others.
func (g *gathering) said(rows intake.RowNumbers, text string) string {
	if g.want.Firm > 0 && text != "" && string(rows) != strconv.Itoa(g.want.Firm) {
		return leftOut
	}
	return text
}

func (g *gathering) readSteps() error {
	f, err := g.cases.CaseFile(g.ctx, g.by, g.c.AcceptID)
	if err != nil {
		return err
	}
	asked := make(map[int64]bool)
	for _, e := range f.Events {
		if !g.concerns(e.Rows) {
			continue
		}
		g.facts.Events = append(g.facts.Events, event{e.No, clock(e.At), string(e.By), e.Kind.String(),
			g.rowsOf(e.Rows), g.said(e.Rows, e.Detail)})
		if no := e.ProposalNo; no > 0 && !asked[no] {
			asked[no] = true
			if err := g.readProposal(no); err != nil {
				return err
			}
		}
	}
	return nil
}

func (g *gathering) readProposal(no int64) error {
	f, err := g.cases.ProposalFile(g.ctx, g.by, no)
	if err != nil {
		return err
	}
	p := f.Proposal
	g.facts.Proposals = append(g.facts.Proposals, proposal{p.No, p.Kind.String(), g.rowsOf(p.Rows), p.Count, p.Held,
		g.said(p.Rows, p.Reason), hex.EncodeToString(p.Digest[:]), clock(p.At), string(p.By), p.Answer.String(),
		clock(p.Answered), string(p.AnsweredBy), g.said(p.Rows, p.Reply)})
	return nil
}

// firm is a line of the list of firms.
type firm struct {
	Row       int            `json:"row"`
	PripID    string         `json:"pripid"`
	UniscID   string         `json:"uniscid"`
	Legal     string         `json:"legal"`
	EntType   string         `json:"enttype"`
	Verdict   string         `json:"verdict,omitempty"`
	AsOf      string         `json:"asof,omitempty"` // the day of the register
	Register  *register.Firm `json:"register,omitempty"`
	Findings  []finding      `json:"findings,omitempty"`
	State     string         `json:"state,omitempty"`
	Published string         `json:"published,omitempty"`
	Checked   string         `json:"checked,omitempty"`
	CheckedBy string         `json:"checkedby,omitempty"`
	CheckedAt string         `json:"checkedat,omitempty"`
	Remark    string         `json:"remark,omitempty"`
}

// finding is one finding. Its text is left out of the package of one firm where it can name others.
type finding struct {
	Rule     int    `json:"rule"`
	Title    string `json:"title"`
	Severity string `json:"severity"`
	Field    string `json:"field,omitempty"`
	Text     string `json:"text"`
}

func newFinding(f rules.Finding, text string) finding {
	rule, _ := rules.ByNo(f.Rule)
	return finding{f.Rule, rule.Title, rule.Severity.String(), f.Field, text}
}

// firstOfSeveral is the first of the rules whose findings can name other firms.
const firstOfSeveral = 400

const leftOut = "涉及其他市场主体或案件，内容未列入本案卷包"

func newFirm(e casework.DoubtedEntity, alone bool) firm {
	f := firm{Row: e.Pos + 1, PripID: e.PripID, UniscID: e.UniscID, Legal: e.Legal, EntType: e.EntType,
		State: e.Firm.State.String(), Published: e.Firm.Published}
	if e.Judged.Against > 0 {
		f.Verdict, f.AsOf = e.Judged.Shown.String(), e.Judged.AsOf
		if e.Judged.Firm != (register.Firm{}) {
			f.Register = &e.Judged.Firm
		}
	}
	if k := e.Firm.Check; k.By != "" {
		f.Checked, f.CheckedBy, f.CheckedAt, f.Remark = k.Outcome.String(), string(k.By), clock(k.At), k.Remark
	}
	for _, v := range e.Findings {
		text := v.Detail
		if alone && v.Rule >= firstOfSeveral {
			text = leftOut
		}
		f.Findings = append(f.Findings, newFinding(v.Finding, text))
	}
	return f
}

func (g *gathering) addFirms() error {
	return g.w.add(firmsFile, func(to io.Writer) error {
		if g.want.Firm > 0 {
			es, err := g.cases.CaseEntities(g.ctx, g.by, g.c.No, g.want.Firm-1, 1, casework.EntityFilter{})
			for _, e := range es {
				if err == nil {
					err = writeJSON(to, newFirm(e, true))
				}
			}
			return err
		}
		for e, err := range g.cases.AllEntities(g.ctx, g.by, g.c) {
			if err == nil {
				err = writeJSON(to, newFirm(e, false))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// addAudit adds the entries of the audit about the case. They say nothing of single firms but their numbers.
func (g *gathering) addAudit() error {
	return g.w.add(auditFile, func(to io.Writer) error {
		q := intake.AuditQuery{Targets: []string{g.c.AcceptID}}
		return g.desk.Look(g.ctx, g.by, intake.LookCases, func(tx intake.Tx) error {
			es, err := tx.SearchAudit(q)
			for _, e := range es {
				if err == nil {
					err = writeJSON(to, event{No: e.No, At: clock(e.At), By: string(e.By), Deed: string(e.Action),
						Detail: g.said("", e.Detail)})
				}
			}
			return err
		})
	})
}
