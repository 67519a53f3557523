package intake

import "strings"

const (
	rowsBegin = ` rows="`
	rowsEnd   = `"`
)

// AskDetail is what the event and the audit keep of a return that is asked for: the reason, and behind it the rows as a
// value, also where there are none.
func AskDetail(reason string, rows RowNumbers) string {
	return reason + rowsBegin + string(rows) + rowsEnd
}

// ReadAskDetail is the reason and the rows that the event or the audit keep of a return that was asked for. Not said:
// an older program wrote it, which left the rows out.
func ReadAskDetail(detail string) (reason string, rows RowNumbers, said bool) {
	text, ended := strings.CutSuffix(detail, rowsEnd)
	at := strings.LastIndex(text, rowsBegin)
	if !ended || at < 0 {
		return detail, "", false
	}
	rows = RowNumbers(text[at+len(rowsBegin):])
	if strings.Trim(string(rows), "0123456789,-") != "" {
		return detail, "", false
	}
	return text[:at], rows, true
}
