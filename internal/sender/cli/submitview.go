package cli

import (
	"encoding/hex"
	"fmt"
	"time"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/sender/sheet"
	"diaoxiao/internal/sender/submission"
)

// placeView is a place in a file as --json shows it.
type placeView struct {
	File   string `json:"file"`
	Sheet  string `json:"sheet,omitempty"`
	Row    int    `json:"row,omitempty"`
	Column string `json:"column,omitempty"`
}

func viewPlace(p sheet.Place) placeView { return placeView{p.File, p.Sheet, p.Row, p.Column} }

// problemView is a problem of a file as --json shows it.
type problemView struct {
	placeView
	Field string `json:"field,omitempty"`
	Text  string `json:"text"`
	Next  string `json:"next,omitempty"`
}

func viewProblems(ps []sheet.Problem) (views []problemView) {
	for _, p := range ps {
		views = append(views, problemView{viewPlace(p.Place), p.Field, p.Text, p.Next})
	}
	return views
}

// submitView is the outcome of a case, as --json shows it.
type submitView struct {
	placeView
	CaseID      string `json:"caseid"`
	PenaltyDate string `json:"penaltydate,omitempty"`
	PenaltyOrg  string `json:"penaltyorg,omitempty"`
	State       string `json:"state"`
	// Held is why the case waits for consent, a line for each reason.
	Held    string `json:"held,omitempty"`
	Skipped bool   `json:"skipped,omitempty"` // accepted before, not sent now
	// Difference is how the receiver disagrees, as reconcile calls it; the message says more.
	Difference string        `json:"difference,omitempty"`
	Shared     string        `json:"sameAcceptidAs,omitempty"` // another case that the receiver has given this acceptid
	AcceptID   string        `json:"acceptid,omitempty"`
	Items      int           `json:"items"`
	Codes      string        `json:"codes,omitempty"`
	Message    string        `json:"message,omitempty"`
	RequestID  string        `json:"requestId,omitempty"`
	Attempts   int           `json:"attempts,omitempty"`
	Digest     string        `json:"digest,omitempty"`
	SHA256     string        `json:"sha256,omitempty"`
	Bytes      int64         `json:"bytes,omitempty"`
	Problems   []problemView `json:"problems,omitempty"`
	Doubts     []problemView `json:"doubts,omitempty"`
	Notes      []problemView `json:"notes,omitempty"`
	First      *entityView   `json:"first,omitempty"` // of the list, as it is sent
	Last       *entityView   `json:"last,omitempty"`
	Found      *foundView    `json:"findings,omitempty"`
}

// foundView is the findings that the receiver will have on a case.
type foundView struct {
	Severe   int         `json:"severe"`
	Warnings int         `json:"warnings"`
	Notices  int         `json:"notices"`
	List     []findingAt `json:"list,omitempty"`
}

// viewOutcome is a case as --json shows it.
func viewOutcome(o *submission.Outcome) submitView {
	v := submitView{
		placeView:   viewPlace(o.Place),
		CaseID:      o.CaseID,
		PenaltyDate: o.PenaltyDate,
		PenaltyOrg:  o.PenaltyOrg,
		State:       o.State,
		Held:        o.Held,
		Skipped:     o.Skipped,
		Difference:  string(o.Difference),
		Shared:      o.Shared,
		AcceptID:    o.AcceptID,
		Items:       o.Items,
		Codes:       o.Codes,
		Message:     o.Message,
		RequestID:   o.RequestID,
		Attempts:    o.Attempts,
		Bytes:       o.Bytes,
		Problems:    viewProblems(o.Problems),
		Doubts:      viewProblems(o.Doubts),
		Notes:       viewProblems(o.Notes),
		First:       viewEntity(o.First),
		Last:        viewEntity(o.Last),
	}
	if o.Digest != nil {
		v.Digest = hex.EncodeToString(o.Digest[:])
	}
	if o.SHA256 != [32]byte{} {
		v.SHA256 = hex.EncodeToString(o.SHA256[:])
	}
	if f := o.Found; f.Total() > 0 {
		v.Found = &foundView{f.Severe, f.Warnings, f.Notices, viewFindings(f.List)}
	}
	return v
}

// entityView is one entity of a list, as it is sent.
type entityView struct {
	placeView `json:"at"`
	PripID    string `json:"pripid"`
	UniscID   string `json:"uniscid"`
	Legal     string `json:"legal"`
	EntType   string `json:"enttype"`
}

func viewEntity(e *submission.Listed) *entityView {
	if e == nil {
		return nil
	}
	return &entityView{viewPlace(e.At), e.PripID, e.UniscID, e.Legal, e.EntType}
}

// findingAt is a finding at its place in a file as --json shows it.
type findingAt struct {
	cli.FindingView
	placeView `json:"at"`
}

func viewFindings(all []submission.Finding) (views []findingAt) {
	for _, f := range all {
		views = append(views, findingAt{cli.ViewFinding(f.Finding), viewPlace(f.At)})
	}
	return views
}

// sumView is the outcome of all cases of a run, as --json shows it.
type sumView struct {
	Files     int     `json:"files"`
	Cases     int     `json:"cases"`
	Items     int     `json:"items"`
	Accepted  int     `json:"accepted"`
	Skipped   int     `json:"skipped"`
	Returned  int     `json:"returned"`
	Differing int     `json:"differing"`
	Refused   int     `json:"refused"`
	Unknown   int     `json:"unknown"`
	Pending   int     `json:"pending"`
	Blocked   int     `json:"blocked"`
	Held      int     `json:"held"`
	Severe    int     `json:"severe"`
	Doubts    int     `json:"doubts"`
	Warnings  int     `json:"warnings"`
	Notices   int     `json:"notices"`
	Seconds   float64 `json:"seconds"`

	Next   string         `json:"next,omitempty"`           // what to do about what waits for consent
	Others []receiverView `json:"otherReceivers,omitempty"` // of the outbox

	Receipts *receiptsView `json:"receipts,omitempty"` // where they are asked for

	Unrecorded int  `json:"unrecorded,omitempty"`
	broken     bool // for people
}

func viewSum(t submission.Tally, took time.Duration) sumView {
	return sumView{
		Files:      t.Files,
		Cases:      t.Cases,
		Items:      t.Items,
		Accepted:   t.Accepted,
		Skipped:    t.Skipped,
		Returned:   t.Returned,
		Differing:  t.Differing,
		Refused:    t.Refused,
		Unknown:    t.Unknown,
		Pending:    t.Pending,
		Blocked:    t.Blocked,
		Held:       t.Held,
		Severe:     t.Severe,
		Doubts:     t.Doubts,
		Warnings:   t.Warnings,
		Notices:    t.Notices,
		Seconds:    took.Seconds(),
		Unrecorded: t.Unrecorded,
		broken:     t.Broken,
	}
}

// foundWords sums up findings in a few words.
func foundWords(t submission.Tally) string {
	text := "无"
	if t.Severe+t.Warnings+t.Notices > 0 {
		text = fmt.Sprintf(
			"严重 %s 条，警示 %s 条，提示 %s 条", display.Count(t.Severe), display.Count(t.Warnings), display.Count(t.Notices),
		)
	}
	if t.Doubts > 0 {
		text += fmt.Sprintf("；存疑 %s 处", display.Count(t.Doubts))
	}
	return text
}
