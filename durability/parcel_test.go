//go:build linux

package durability

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"diaoxiao/sandbox"
)

// parcel is the body sent for one case.
type parcel struct {
	caseID string
	body   []byte
	sum    string // SHA-256 of body
}

// newParcel is the case number no of items entities. Number and size stand in the caseid, so that every body can be
// made again from it.
func newParcel(no uint64, items int) parcel {
	c := sandbox.Batch(no, items)
	c.CaseID = fmt.Sprintf("耐久〔2026〕%d-%d号", no, items)
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // of strings
	}
	return parcel{c.CaseID, b, sum(b)}
}

// parcelOf makes the parcel of a caseid again.
func parcelOf(caseID string) parcel {
	var no uint64
	var items int
	if _, err := fmt.Sscanf(caseID, "耐久〔2026〕%d-%d号", &no, &items); err != nil {
		panic(fmt.Sprintf("%q is not a caseid of ours: %v", caseID, err))
	}
	return newParcel(no, items)
}

// respelled is the same case in other bytes, which a repeat may have (S17).
func (p parcel) respelled() parcel {
	var b bytes.Buffer
	if err := json.Indent(&b, p.body, "", " "); err != nil {
		panic(err) // of JSON
	}
	return parcel{p.caseID, b.Bytes(), sum(b.Bytes())}
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}
