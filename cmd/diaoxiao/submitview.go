package main

import (
	"encoding/hex"
	"fmt"
	"path/filepath"

	"diaoxiao/api"
	"diaoxiao/internal/display"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/sheet"
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

// The states of a case in a submission, besides those of the outbox.
const (
	stateBlocked = "未报送" // it must not be sent as it is
	stateFit     = "可报送" // of a dry run
)

// submitView is what became of a case, as --json shows it.
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

// foundView is what the receiver will find in a case.
type foundView struct {
	Severe   int         `json:"severe"`
	Warnings int         `json:"warnings"`
	Notices  int         `json:"notices"`
	List     []findingAt `json:"list,omitempty"`
}

// takeEntry fills in what the outbox has.
func (v *submitView) takeEntry(e outbox.Entry) {
	v.CaseID, v.State, v.AcceptID, v.Items, v.Bytes = e.CaseID, e.State.String(), e.AcceptID, e.Items, e.Bytes
	v.Held, v.RequestID, v.Codes, v.Message, v.Attempts = e.Held, e.RequestID, e.Codes, e.Message, e.Tries
	v.Digest, v.SHA256 = hex.EncodeToString(e.Digest[:]), hex.EncodeToString(e.SHA256[:])
}

// takeAttempt fills in what an attempt has changed.
func (v *submitView) takeAttempt(a outbox.Attempt) {
	v.State, v.AcceptID, v.RequestID, v.Codes, v.Message = a.Outcome.String(), a.AcceptID, a.RequestID, a.Codes, a.Message
	v.Shared = a.Shared
	v.Attempts++
}

// tally counts what became of the cases of a submission.
type tally struct {
	Files     int     `json:"files"`
	Cases     int     `json:"cases"`
	Items     int     `json:"items"`
	Accepted  int     `json:"accepted"`
	Skipped   int     `json:"skipped"`   // accepted before
	Returned  int     `json:"returned"`  // given back, and unchanged since
	Differing int     `json:"differing"` // accepted, and the receiver says otherwise, or gave the number to another
	Refused   int     `json:"refused"`
	Unknown   int     `json:"unknown"`
	Pending   int     `json:"pending"` // recorded, not sent
	Blocked   int     `json:"blocked"` // must not be sent as they are, and files that cannot be read
	Held      int     `json:"held"`    // recorded, and waiting for consent
	Severe    int     `json:"severe"`
	Doubts    int     `json:"doubts"`
	Warnings  int     `json:"warnings"`
	Notices   int     `json:"notices"`
	Seconds   float64 `json:"seconds"`

	Next   string         `json:"next,omitempty"`           // what to do about what waits for consent
	Others []receiverView `json:"otherReceivers,omitempty"` // of the outbox

	Unrecorded int  `json:"unrecorded,omitempty"` // checked, and not in the outbox: recording broke off
	broken     bool // the checks, before all files were read
}

// count adds one outcome.
func (t *tally) count(s outbox.State, n int) {
	switch s {
	case outbox.Accepted, outbox.Returned:
		t.Accepted += n
	case outbox.Refused:
		t.Refused += n
	case outbox.Unknown, outbox.Sending:
		t.Unknown += n
	case outbox.Pending:
		t.Pending += n
	}
}

// found says findings in a few words.
func (t *tally) found() string {
	text := "无"
	if t.Severe+t.Warnings+t.Notices > 0 {
		text = fmt.Sprintf("严重 %s 条，警示 %s 条，提示 %s 条", display.Count(t.Severe), display.Count(t.Warnings), display.Count(t.Notices))
	}
	if t.Doubts > 0 {
		text += fmt.Sprintf("；存疑 %s 处", display.Count(t.Doubts))
	}
	return text
}

// sourceOf is where a case came from, for the outbox, which outlives the working folder.
func (s *submission) sourceOf(p sheet.Place) outbox.Source {
	path, known := s.paths[p.File]
	if !known {
		var err error
		if path, err = filepath.Abs(p.File); err != nil {
			path = p.File
		}
		s.paths[p.File] = path
	}
	return outbox.Source{File: path, Sheet: p.Sheet, Row: p.Row}
}

func placeOf(s outbox.Source) sheet.Place {
	return sheet.Place{File: s.File, Sheet: s.Sheet, Row: s.Row}
}

// adviceOf is what to do about codes, from the catalogue.
func adviceOf(codes string) string {
	if len(codes) < 5 {
		return ""
	}
	return api.Code(codes[:5]).Info().Advice
}
