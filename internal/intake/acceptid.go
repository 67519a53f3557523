package intake

import (
	"fmt"
	"strconv"
	"time"

	"diaoxiao/internal/rules"
)

// maxCaseNo is the largest case number that an acceptid can carry.
const maxCaseNo = 999_999_999

// AcceptID (业务受理号) returns the acceptid of case number no received at t: the day in Beijing (8 digits), the case number
// (9) and the ISO 7064 MOD 11,10 check digit of those 17 (S18). Case numbers are never reused, so it is unique.
func AcceptID(t time.Time, no int64) (string, error) {
	if no < 1 || no > maxCaseNo {
		return "", fmt.Errorf("case number %d does not fit an acceptid", no)
	}
	digits := t.In(Beijing).Format("20060102") + fmt.Sprintf("%09d", no)
	return digits + string(rules.Mod11_10(digits)), nil
}

// CaseNo returns the case number in an acceptid, or ErrNotFound where id is none.
func CaseNo(id string) (int64, error) {
	if len(id) != 18 {
		return 0, ErrNotFound
	}
	for _, c := range []byte(id) {
		if c < '0' || c > '9' {
			return 0, ErrNotFound
		}
	}
	if id[17] != rules.Mod11_10(id[:17]) {
		return 0, ErrNotFound
	}
	no, err := strconv.ParseInt(id[8:17], 10, 64)
	if err != nil || no == 0 {
		return 0, ErrNotFound
	}
	return no, nil
}
