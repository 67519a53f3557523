package intake

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"

	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/rules"
)

// Doubts are what is doubtful about one firm.
type Doubts struct {
	Findings []rules.Finding // severe ones and warnings, its own
	Marks    []Counterpart   // of later rows about it, whose cases are not returned
	Verdict  register.Result
}

// Basis identifies the doubts: by rules and members, not by the wording of findings, and by the register's row where
// the verdict is another than 一致. 无法比对 is no doubt.
func (d Doubts) Basis() release.Basis {
	var text strings.Builder
	for _, f := range d.Findings {
		fmt.Fprintf(&text, "finding %d %q\n", f.Rule, f.Field)
	}
	for _, k := range d.Marks {
		fmt.Fprintf(&text, "mark %d %d %d\n", k.Rule, k.CaseNo, k.Pos)
	}
	if v := d.Verdict; v.Verdict > register.Consistent {
		f := v.Firm
		fmt.Fprintf(&text, "verdict %d %d %d %q %q %q %q %d\n", v.Verdict, v.Rule, v.Fields, f.PripID, f.UniscID,
			f.Name, f.Legal, f.State)
	}
	if text.Len() == 0 {
		return 0
	}
	sum := sha256.Sum256([]byte(text.String()))
	return cmp.Or(release.Basis(binary.BigEndian.Uint64(sum[:])), 1)
}

// worst are the severities among the findings and the marks.
func (d Doubts) worst() (severe, warning bool) {
	note := func(rule int) {
		r, _ := rules.ByNo(rule)
		severe = severe || r.Severity == rules.Severe
		warning = warning || r.Severity == rules.Warning
	}
	for _, f := range d.Findings {
		note(f.Rule)
	}
	for _, k := range d.Marks {
		note(k.Rule)
	}
	return severe, warning
}
