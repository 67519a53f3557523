// Package acceptid makes and reads acceptids (业务受理号). It knows no case: an acceptid that reads well may name none.
package acceptid

import (
	"fmt"
	"strconv"
	"time"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/iso7064"
)

// MaxCaseNo is the largest case number that an acceptid can carry.
const MaxCaseNo = 999_999_999

// New returns the acceptid of case number no received at t: the day in Beijing (8 digits), the case number (9) and the
// ISO 7064 MOD 11,10 check digit of those 17 (S18). Case numbers are never reused, so it is unique.
func New(t time.Time, no int64) (string, error) {
	if no < 1 || no > MaxCaseNo {
		return "", fmt.Errorf("case number %d does not fit an acceptid", no)
	}
	digits := t.In(beijingtime.Zone).Format("20060102") + fmt.Sprintf("%09d", no)
	return digits + string(iso7064.Mod11_10(digits)), nil
}

// CaseNo returns the case number in an acceptid; ok is false where id is none. The day is not looked at.
func CaseNo(id string) (no int64, ok bool) {
	if len(id) != 18 {
		return 0, false
	}
	if check := iso7064.Mod11_10(id[:17]); check == 0 || check != id[17] {
		return 0, false
	}
	no, err := strconv.ParseInt(id[8:17], 10, 64)
	return no, err == nil && no > 0
}
