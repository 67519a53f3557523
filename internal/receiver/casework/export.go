package casework

import (
	"context"
	"fmt"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// Export (导出) is a list that leaves the console as a file.
type Export struct {
	List  string // what it lists, in Chinese; for the list of a case its acceptid
	Query string // what selected its rows, in words
	Kind  string // of the file: xlsx, csv
	Rows  int
}

// NoteShown puts into the audit that the command line is about to show a case with its findings. ErrUnavailable: it
// cannot be written.
func (d *Cases) NoteShown(ctx context.Context, by intake.Actor, acceptID string) error {
	return d.desk.Administer(
		ctx,
		by,
		intake.Maintain,
		intake.ActionCaseShow,
		acceptID,
		"",
		func(intake.Tx, time.Time) error { return nil },
	)
}

// NoteCaseExport puts into the audit that the command line is about to export whole cases; which says which.
// ErrUnavailable: it cannot be written.
func (d *Cases) NoteCaseExport(ctx context.Context, by intake.Actor, which string) error {
	return d.desk.Administer(
		ctx,
		by,
		intake.Maintain,
		intake.ActionExport,
		"案件（命令行）",
		intake.Clip(which, intake.MaxText),
		func(intake.Tx, time.Time) error { return nil },
	)
}

// NoteExport puts an export into the audit, before anything of it is given out. Right is that to look at the list.
func (d *Cases) NoteExport(ctx context.Context, by intake.By, right intake.Right, e Export) error {
	detail := fmt.Sprintf("%s，%d行；条件：%s", e.Kind, e.Rows, intake.Clip(e.Query, intake.MaxText))
	return d.desk.Administer(ctx, by, right, intake.ActionExport, e.List, detail, func(intake.Tx, time.Time) error {
		return nil
	})
}
