package cli

import (
	"fmt"
	"time"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/sender/outbox"
)

// entryView is a case in the outbox as --json shows it.
type entryView struct {
	No         int64         `json:"no"`
	CaseID     string        `json:"caseid"`
	CaseName   string        `json:"casename"`
	State      string        `json:"state"`
	Held       string        `json:"held,omitempty"` // why it waits for consent
	AcceptID   string        `json:"acceptid"`
	Items      int           `json:"items"`
	URL        string        `json:"url"`
	AppKey     string        `json:"appKey"`
	Origin     string        `json:"recordedFor,omitempty"` // the address before a merge
	File       string        `json:"file"`
	Sheet      string        `json:"sheet,omitempty"`
	Row        int           `json:"row,omitempty"`
	RecordedAt string        `json:"recordedAt"`
	SettledAt  string        `json:"settledAt,omitempty"`
	Attempts   int           `json:"attempts"`
	RequestID  string        `json:"requestId,omitempty"`
	Codes      string        `json:"codes,omitempty"`
	Message    string        `json:"message,omitempty"`
	Digest     string        `json:"digest"`
	SHA256     string        `json:"sha256"`
	Bytes      int64         `json:"bytes"`
	Receipt    string        `json:"receipt,omitempty"`      // 已验证 or 不成立; "": there is none
	Fault      string        `json:"receiptFault,omitempty"` // why it does not hold
	Superseded int64         `json:"supersededBy,omitempty"`
	History    []attemptView `json:"history,omitempty"`
}

// attemptView is one sending as --json shows it.
type attemptView struct {
	At        string  `json:"at"`
	Seconds   float64 `json:"seconds"`
	Requests  int     `json:"requests"`
	Outcome   string  `json:"outcome"`
	Status    int     `json:"status,omitempty"`
	Codes     string  `json:"codes,omitempty"`
	RequestID string  `json:"requestId,omitempty"`
	Message   string  `json:"message,omitempty"`
}

func viewEntry(e outbox.Entry, faults map[int64]string) entryView {
	return entryView{
		Receipt:    receiptWord(faults, e.No),
		Fault:      faults[e.No],
		No:         e.No,
		CaseID:     e.CaseID,
		CaseName:   e.CaseName,
		State:      e.State.String(),
		Held:       e.Held,
		AcceptID:   e.AcceptID,
		Items:      e.Items,
		URL:        e.URL,
		AppKey:     e.AppKey,
		Origin:     e.Origin,
		File:       e.File,
		Sheet:      e.Sheet,
		Row:        e.Row,
		RecordedAt: rfc3339(e.Recorded),
		SettledAt:  rfc3339(e.Settled),
		Attempts:   e.Tries,
		RequestID:  e.RequestID,
		Codes:      e.Codes,
		Message:    e.Message,
		Digest:     fmt.Sprintf("%x", e.Digest),
		SHA256:     fmt.Sprintf("%x", e.SHA256),
		Bytes:      e.Bytes,
		Superseded: e.Superseded,
	}
}

func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(beijingtime.Zone).Format(time.RFC3339)
}
