package intake

import "strings"

const (
	rowsBegin = ` rows="`
	rowsEnd   = `"`
)

// AskDetail is the text that the event and the audit hold of a request for a return: the reason, and behind it the rows
// as a value, also where there are none.
func AskDetail(reason string, rows RowNumbers) string {
	return reason + rowsBegin + string(rows) + rowsEnd
}

// ReadAskDetail returns the reason and the rows from a text of AskDetail. Not said: an older program wrote the text,
// which did not write the rows; then all of it is the reason.
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
