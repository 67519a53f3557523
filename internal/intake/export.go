package intake

import (
	"context"
	"fmt"
	"time"
)

// Export (导出) is a list that leaves the console as a file.
type Export struct {
	List  string // what it lists, in Chinese; for the list of a case its acceptid
	Query string // what selected its rows, in words
	Kind  string // of the file: xlsx, csv
	Rows  int
}

// NoteExport puts an export into the audit, before anything of it is given out. Right is that to look at the list.
func (d *Desk) NoteExport(ctx context.Context, by By, right Right, e Export) error {
	detail := fmt.Sprintf("%s，%d行；条件：%s", e.Kind, e.Rows, clip(e.Query, maxText))
	return d.administer(ctx, by, right, "export", e.List, detail, func(Tx, time.Time) error { return nil })
}
