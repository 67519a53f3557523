package api

import (
	"encoding/json"
	"errors"
	"fmt"
)

// MaxReturnedRows is how many of the rows that a return names queryCaseinfo tells; RowCount has their number.
const MaxReturnedRows = 1000

// CaseReturn is why a case was returned (退回), as queryCaseinfo tells it (S22).
type CaseReturn struct {
	At       string // Beijing time, RFC 3339
	Reason   string // as the receiver's operator wrote it: at most 2000 bytes, may have several lines
	RowCount int    // rows of the list that the return names
	Rows     []ReturnedRow
}

// ReturnedRow is one row that a return names, with the codes that were sent in it; "" where the receiver does not tell
// them.
type ReturnedRow struct {
	Position int    `json:"position"` // counted from one
	PripID   string `json:"pripid,omitempty"`
	UniscID  string `json:"uniscid,omitempty"`
}

func (r *CaseReturn) append(b []byte) []byte {
	b = appendMember(b, "returnedAt", r.At)
	b = appendMember(b, "returnReason", r.Reason)
	b = fmt.Appendf(b, `"returnRowCount":%d,"returnRows":[`, r.RowCount)
	for i, row := range r.Rows[:min(len(r.Rows), MaxReturnedRows)] {
		if i > 0 {
			b = append(b, ',')
		}
		b = row.append(b)
	}
	return append(b, "],"...)
}

func (r ReturnedRow) append(b []byte) []byte {
	b = fmt.Appendf(b, `{"position":%d,`, r.Position)
	if r.PripID != "" {
		b = appendMember(b, "pripid", r.PripID)
	}
	if r.UniscID != "" {
		b = appendMember(b, "uniscid", r.UniscID)
	}
	b[len(b)-1] = '}'
	return b
}

// returned reads why a case was returned; nil where the answer does not say.
func (m members) returned() (*CaseReturn, error) {
	r := new(CaseReturn)
	var err, err2 error
	r.At, err = m.text("returnedAt")
	r.Reason, err2 = m.text("returnReason")
	if err = errors.Join(err, err2); err != nil || r.At == "" && r.Reason == "" {
		return nil, err
	}
	if raw, ok := m["returnRowCount"]; ok && json.Unmarshal(raw, &r.RowCount) != nil {
		return nil, errors.New("returnRowCount不是整数")
	}
	var rows []members
	if raw, ok := m["returnRows"]; ok && json.Unmarshal(raw, &rows) != nil {
		return nil, errors.New("returnRows不是对象的数组")
	}
	for _, row := range rows[:min(len(rows), MaxReturnedRows)] {
		read, err := row.returnedRow()
		if err != nil {
			return nil, err
		}
		r.Rows = append(r.Rows, read)
	}
	r.RowCount = max(r.RowCount, len(r.Rows))
	return r, nil
}

func (m members) returnedRow() (r ReturnedRow, err error) {
	if json.Unmarshal(m["position"], &r.Position) != nil || r.Position < 1 {
		return r, errors.New("returnRows中的position不是从1起的整数")
	}
	var err2 error
	r.PripID, err = m.text("pripid")
	r.UniscID, err2 = m.text("uniscid")
	return r, errors.Join(err, err2)
}
