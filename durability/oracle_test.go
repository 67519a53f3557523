//go:build linux

package durability

import "time"

// stored is one case as the product's commands show it.
type stored struct {
	AcceptID   string    `json:"acceptid"`
	CaseID     string    `json:"caseid"`
	ReceivedAt time.Time `json:"receivedAt"`
	SHA256     string    `json:"sha256"` // as listed
	raw        string    // SHA-256 of the exported bytes, "" where they were not exported
}

// judge holds a store against the record of the answers. sent tells for every caseid ever sent the SHA-256 of the body
// first sent under it; a repeat in other bytes must not have replaced that.
func judge(v *verdict, record []entry, sent map[string]string, cases []stored) {
	byReceipt := judgeCases(v, sent, cases)
	receipts := make(map[string]string)
	for _, e := range record {
		if !e.acknowledged() {
			continue
		}
		if first := receipts[e.CaseID]; first != "" && first != e.AcceptID {
			v.add(doubled, "%s was answered with %s and with %s", e.CaseID, first, e.AcceptID)
			continue
		}
		if receipts[e.CaseID] != "" {
			continue
		}
		receipts[e.CaseID] = e.AcceptID
		if byReceipt[e.AcceptID] != e.CaseID {
			v.add(lost, "%s, acknowledged as %s; under that acceptid: %q", e.CaseID, e.AcceptID, byReceipt[e.AcceptID])
		}
	}
}

// judgeCases looks at what is there, acknowledged or not: whole, as sent, once. It returns the caseids by acceptid.
func judgeCases(v *verdict, sent map[string]string, cases []stored) map[string]string {
	byCase, byReceipt := make(map[string]stored), make(map[string]string)
	for _, c := range cases {
		if prev, ok := byCase[c.CaseID]; ok {
			v.add(doubled, "%s is there as %s and as %s", c.CaseID, prev.AcceptID, c.AcceptID)
		}
		if prev, ok := byReceipt[c.AcceptID]; ok {
			v.add(doubled, "%s is the acceptid of %s and of %s", c.AcceptID, prev, c.CaseID)
		}
		byCase[c.CaseID], byReceipt[c.AcceptID] = c, c.CaseID
		switch want, ok := sent[c.CaseID]; {
		case !ok:
			v.add(stranger, "%s as %s", c.CaseID, c.AcceptID)
		case c.SHA256 != want || c.raw != "" && c.raw != want:
			v.add(changed, "%s: sent %s, listed %s, exported %s", c.CaseID, want, c.SHA256, c.raw)
		}
	}
	return byReceipt
}
