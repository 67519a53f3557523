package verifycmd

import (
	"time"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/evidence"
)

// view is a file as --json shows it. Hashes are 64 hexadecimal digits, as in leaves; leaves and rows are as the log has
// them; times are RFC 3339. docs/evidence.md has the members.
type view struct {
	File       string                 `json:"file"`
	OK         bool                   `json:"ok"`
	Error      *refusal               `json:"error,omitzero"`
	Faults     []faultView            `json:"faults,omitempty"` // of a package
	Kind       string                 `json:"kind,omitempty"`   // case, event or consistency
	Checkpoint *checkpointView        `json:"checkpoint,omitzero"`
	Signed     *signedView            `json:"signed,omitzero"`
	Existed    *existedView           `json:"existed,omitzero"`
	Index      *int64                 `json:"index,omitzero"`
	Case       *evidence.CaseLeaf     `json:"case,omitzero"`
	Event      *evidence.EventLeaf    `json:"event,omitzero"`
	Body       *evidence.Digests      `json:"body,omitzero"`
	Values     *evidence.Hex          `json:"values,omitzero"`
	Texts      *evidence.TextsRow     `json:"texts,omitzero"`
	Firms      []evidence.FirmRow     `json:"firms,omitempty"`
	Events     []evidence.EventLeaf   `json:"events,omitempty"`
	Details    []evidence.TextOfEvent `json:"details,omitempty"`
	From       *checkpointView        `json:"from,omitzero"`
	To         *checkpointView        `json:"to,omitzero"`
}

// faultView is what is wrong with a file of a package.
type faultView struct {
	File  string `json:"file"`
	Row   int    `json:"row,omitzero"`
	Field string `json:"field,omitempty"`
	Is    string `json:"is,omitempty"`
	Want  string `json:"want,omitempty"`
	refusal
}

type checkpointView struct {
	Origin string       `json:"origin"`
	Size   int64        `json:"size"`
	SHA256 evidence.Hex `json:"sha256"`
	SM3    evidence.Hex `json:"sm3"`
	At     time.Time    `json:"at"`
	Upto   uptoView     `json:"upto"`
}

type uptoView struct {
	Gaps     int64 `json:"gaps"`
	Cases    int64 `json:"cases"`
	Events   int64 `json:"events"`
	Attempts int64 `json:"attempts"`
	Audit    int64 `json:"audit"`
	Rows     int64 `json:"rows"`
}

type signedView struct {
	By        []string `json:"by"`        // algorithms of keys of the log
	Whole     bool     `json:"whole"`     // a signature covers the whole checkpoint, its time too
	Witnesses []string `json:"witnesses"` // titles in the policy
	Unknown   int      `json:"unknown"`   // signatures by keys that the policy does not name
}

type existedView struct {
	At       time.Time `json:"at"`
	By       string    `json:"by"`
	Renewals int       `json:"renewals"`
	Renewed  time.Time `json:"renewed"`
	Until    time.Time `json:"until"`
}

func viewOf(j judged) view {
	v := view{File: j.file, OK: j.err == nil}
	switch {
	case j.err != nil:
		r := refusalOf(j.err)
		v.Error = &r
		v.Faults = viewFaults(j.pack)
	case j.is != nil:
		v.Kind, v.From, v.To = "consistency", viewCheckpoint(*j.was), viewCheckpoint(*j.is)
	default:
		v.show(j.proved)
	}
	return v
}

// show takes over all that a receipt proves.
func (v *view) show(p evidence.Proved) {
	v.Kind, v.Checkpoint, v.Index = string(p.Kind), viewCheckpoint(p.Checkpoint), &p.Index
	v.Case, v.Event, v.Body, v.Values, v.Texts = p.Case, p.Event, p.Body, p.Values, p.Texts
	v.Firms, v.Events = p.Firms, p.Events
	v.Signed = &signedView{[]string{}, p.Signed.Whole(), append([]string{}, p.Signed.Witnesses...), p.Signed.Unknown}
	for _, k := range p.Signed.By {
		v.Signed.By = append(v.Signed.By, k.String())
	}
	of := p.Events
	if p.Event != nil {
		of = []evidence.EventLeaf{*p.Event}
	}
	for _, e := range of {
		if d, opened := p.Details[e.No]; opened {
			v.Details = append(v.Details, d)
		}
	}
	if e := p.Existed; e != nil {
		v.Existed = &existedView{inBeijing(e.At), e.By, e.Renewals, inBeijing(e.Renewed), inBeijing(e.Until)}
	}
}

func viewCheckpoint(c evidence.Checkpoint) *checkpointView {
	return &checkpointView{c.Origin, c.Size, evidence.Hex(c.Roots[0]), evidence.Hex(c.Roots[1]), inBeijing(c.At),
		uptoView(c.Upto)}
}

func inBeijing(t time.Time) time.Time { return t.In(beijingtime.Zone) }
