package casework

import (
	"time"

	"diaoxiao/internal/receiver/intake"
)

// noteSeen records the findings that the deciding person has seen.
func noteSeen(r *intake.CaseRow) {
	m, w := r.Marks, &r.Work
	w.Severe, w.Doubts = r.Severe, r.Severe+r.Warnings
	w.SeenNo, w.SeenSevere, w.SeenDoubts = m.Newest, m.AllSevere, m.AllSevere+m.AllWarnings
	w.SeenWorse = r.Worse
}

// forgetSeen takes that back.
func forgetSeen(w *intake.Work) {
	w.Severe, w.Doubts, w.SeenNo, w.SeenSevere, w.SeenDoubts, w.SeenWorse = 0, 0, 0, 0, 0, time.Time{}
}

// hasRead is nil where read is what is known now, or nil: whatever it is.
func hasRead(r intake.CaseRow, read *intake.Seen) error {
	now := r.Seen()
	if read == nil || read.Verified.Equal(now.Verified) && read.Newest == now.Newest && read.Severe == now.Severe &&
		read.Warnings == now.Warnings && read.Worse.Equal(now.Worse) {
		return nil
	}
	return intake.Exists("案件在打开页面以后重新核验过、重新与主体库比对过，或者后来的案件与它有关，请看过现在的核验提示再决定")
}
