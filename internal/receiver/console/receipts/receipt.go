package receipts

import (
	"errors"
	"html/template"
	"io"
	"strconv"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/papercode"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/evidencelog"
	"diaoxiao/internal/receiver/intake"
)

// state is whether there is a receipt.
type state int

const (
	there   state = iota
	notYet        // the case is not signed yet
	noLog         // there is no evidence log here
	altered       // the store does not have what was signed
	masked        // it has a name that this person has not opened
)

// receiptData is what the page shows.
type receiptData struct {
	casework.CaseFile
	State  state
	Firm   int // of the list, from 1; 0: the case
	Here   string
	Proved evidence.Proved
	Codes  []code
	Large  bool // too large for paper
}

// Missing says that there is no receipt to show.
func (d receiptData) Missing() bool { return d.State != there }

// Altered, NotYet and NoLog say why there is no receipt.
func (d receiptData) Altered() bool { return d.State == altered }

// NotYet says that the case is not signed yet.
func (d receiptData) NotYet() bool { return d.State == notYet }

// NoLog says that there is no evidence log here.
func (d receiptData) NoLog() bool { return d.State == noLog }

// Masked says that the receipt has a name that this person has not opened.
func (d receiptData) Masked() bool { return d.State == masked }

// code is a picture of one part of the receipt.
type code struct {
	No, Of int
	SVG    template.HTML
}

func show(q *page.Request) (page.Answer, error) {
	d, file, err := receiptOf(q)
	if err != nil {
		return nil, err
	}
	if d.State == there {
		if d.Codes, err = codesOf(file); errors.Is(err, papercode.ErrLarge) {
			d.Large, err = true, nil
		}
		if err == nil {
			err = q.Noted(d.AcceptID, "受理回执", 1)
		}
	}
	again := 0
	if d.State == notYet {
		again = 2
	}
	return page.View{Template: "receipt", Title: "受理回执", Data: d, Again: again,
		Head: "受理号 " + d.AcceptID}, err
}

// take gives the file out.
func take(q *page.Request) (page.Answer, error) {
	d, file, err := receiptOf(q)
	if err != nil || d.State != there {
		return page.View{Template: "receipt", Title: "受理回执", Data: d}, err
	}
	name := "受理回执_" + d.AcceptID
	if d.Firm > 0 {
		name += "_" + strconv.Itoa(d.Firm)
	}
	if err := q.Noted(d.AcceptID, "受理回执文件", 1); err != nil {
		return nil, err
	}
	return page.File{Name: name + ".receipt", Kind: "text/plain; charset=utf-8", Write: func(w io.Writer) error {
		_, err := w.Write(file)
		return err
	}}, nil
}

// receiptOf is the receipt that is asked for, and its file. Of a firm it has the name of its legal representative, so
// the names of the case must have been opened.
func receiptOf(q *page.Request) (d receiptData, file []byte, err error) {
	if d.CaseFile, err = q.Cases.CaseFile(q.Context(), q.Who, q.PathValue("acceptid")); err != nil {
		return d, nil, err
	}
	d.Here = q.Link("/cases/" + d.AcceptID)
	if d.Firm, err = firmOf(q, d.CaseFile); err != nil {
		return d, nil, err
	}
	if d.Firm > 0 {
		whole, err := q.Cases.Revealed(q.Context(), q.Who, q.Who.Token, d.No)
		if err != nil || !whole {
			d.State = masked
			return d, nil, err
		}
	}
	r, err := evidencelog.New(q.Desk).Receipt(q.Context(), q.Who, d.AcceptID, contentOf(d.Firm))
	if d.State = stateOf(err); err != nil {
		return d, nil, unless(d.State != there, err)
	}
	if d.Proved, err = provedBy(r); err == nil {
		file, err = r.Marshal()
	}
	return d, file, err
}

// contentOf is what the receipt of a firm, or of the case where it is 0, shows.
func contentOf(firm int) evidencelog.Content {
	if firm > 0 {
		return evidencelog.Content{Rows: []int{firm}, Events: true}
	}
	return evidencelog.Content{Whole: true, Events: true}
}

// unless is err, or nil where the page itself says it.
func unless(said bool, err error) error {
	if said {
		return nil
	}
	return err
}

func stateOf(err error) state {
	switch {
	case errors.Is(err, evidencelog.ErrNotYet):
		return notYet
	case errors.Is(err, evidencelog.ErrNoLog):
		return noLog
	case errors.Is(err, evidencelog.ErrAltered):
		return altered
	}
	return there
}

// provedBy is the content of a receipt, which its log verified when it made it.
func provedBy(r evidence.Receipt) (evidence.Proved, error) {
	c, err := evidence.UnsignedCheckpoint(r.Note)
	if err != nil {
		return evidence.Proved{}, err
	}
	return r.Against(c)
}

func firmOf(q *page.Request, f casework.CaseFile) (n int, err error) {
	text := q.Field("entity")
	if text == "" {
		return 0, nil
	}
	n, err = strconv.Atoi(text)
	if err != nil || n < 1 || n > f.Items {
		return 0, intake.Invalid("清单中没有第%s户，清单共%d户", text, f.Items)
	}
	return n, nil
}

func codesOf(file []byte) (all []code, err error) {
	texts, err := papercode.Encode(file)
	for i, text := range texts {
		svg, err := page.DrawCode(text, "回执二维码"+strconv.Itoa(i+1))
		if err != nil {
			return nil, err
		}
		all = append(all, code{i + 1, len(texts), svg})
	}
	return all, err
}
