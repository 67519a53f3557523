package store

import "strings"

// bulkRows is how many rows one INSERT carries: measured best between call overhead and statement size.
const bulkRows = 16

// bulk inserts rows with as few statements as possible. insert ends in VALUES; args appends the
// values of row i.
//
// Large numbers of rows need statements that cannot fail half way (OR IGNORE, OR REPLACE, OR ROLLBACK), or SQLite keeps a journal of each,
// which halves the speed.
func (t *tx) bulk(insert string, columns, rows int, args func(i int, to []any) []any) error {
	one := "(" + strings.TrimSuffix(strings.Repeat("?, ", columns), ", ") + ")"
	full := insert + strings.TrimSuffix(strings.Repeat(one+", ", bulkRows), ", ")
	single := insert + one
	buf := make([]any, 0, columns*bulkRows)
	for i := 0; i < rows; {
		n, query := 1, single
		if rows-i >= bulkRows {
			n, query = bulkRows, full
		}
		buf = buf[:0]
		for k := i; k < i+n; k++ {
			buf = args(k, buf)
		}
		if _, err := t.change(query, buf...); err != nil {
			return err
		}
		i += n
	}
	return nil
}
