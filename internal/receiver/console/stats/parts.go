package stats

import (
	"fmt"

	"diaoxiao/internal/display"
)

// partsData is one table of parts.
type partsData struct {
	Title, Name string
	Heads       []head
	Rows        []partRow
	More        string
}

func parts(title, name string, heads []head, rows []partRow, more string) partsData {
	return partsData{title, name, heads, rows, more}
}

// moreText says how many organs are left out; "": none.
func moreText(n int) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf("按户数列前%d个机关，另有%s个机关见导出的XLSX。", organsShown, display.Count(n))
}
