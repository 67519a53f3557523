package sheet

import (
	"bufio"
	"fmt"
	"strings"
	"testing"

	"diaoxiao/api"
)

// sharedBook has n rows whose texts are shared ones, in another order than the rows, too many to be kept in memory.
func sharedBook(t testing.TB, n int) string {
	return packedBook(t, map[string]partWriter{
		"xl/sharedStrings.xml": inTurn(said("<sst>"), func(w *bufio.Writer) {
			for i := range n {
				e := sharedEntity(i)
				fmt.Fprintf(w, "<si><t>%s</t></si><si><t>%s</t></si>", e.PripID, e.UniscID)
			}
		}, said("<si><t>欧阳</t></si><si><t>1151</t></si></sst>")),
		"xl/worksheets/sheet1.xml": inTurn(said("<worksheet><sheetData>"+headRow), func(w *bufio.Writer) {
			for i := range n {
				k := shuffled(i, n)
				fmt.Fprintf(w, `<row><c t="s"><v>%d</v></c><c t="s"><v>%d</v></c><c t="s"><v>%d</v></c><c `+
					`t="s"><v>%d</v></c></row>`, 2*k, 2*k+1, 2*n, 2*n+1)
			}
		}, said("</sheetData></worksheet>")),
	})
}

func shuffled(i, n int) int { return int(uint64(i) * 7919 % uint64(n)) }

func sharedEntity(i int) api.Entity {
	return api.Entity{
		PripID:  strings.Repeat("1", 50) + fmt.Sprintf("%014d", i),
		UniscID: fmt.Sprintf("91150102MA0%07d", i),
		Legal:   "欧阳",
		EntType: "1151",
	}
}

func TestManySharedStrings(t *testing.T) {
	const n = 130_000
	path, i := sharedBook(t, n), 0
	err := Read(t.Context(), path, Options{Case: theCase}, func(c *Case) error {
		for row, err := range c.List {
			if err != nil || row.Entity != sharedEntity(shuffled(i, n)) {
				return fmt.Errorf("row %d is %+v: %w", i, row, err)
			}
			i++
		}
		return nil
	})
	if err != nil || i != n {
		t.Errorf("%d rows, %v", i, err)
	}
}
