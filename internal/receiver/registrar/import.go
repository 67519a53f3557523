package registrar

import (
	"context"
	"errors"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/register/extract"
)

// Order is what is to be imported.
type Order struct {
	Files    []extract.File // of one extract, in order
	AsOf     string         // 数据截止日, yyyy-MM-dd
	Base     int64          // the snapshot to which the files are changes; 0: they are a full extract
	Fewer    bool           // far fewer rows than in the current snapshot are meant
	Older    bool           // a day before that of the current snapshot is meant
	States   extract.States // words of states besides the built-in ones
	Progress func(extract.Progress)
}

// Import replaces the register by an extract, or applies changes to it, wholly or not at all, and returns the new
// snapshot. *extract.Refused: the files cannot be taken in. ErrInvalid: the order contradicts the files or the current
// snapshot; the text has the next step. ErrBuilding: another import is under way. ErrExists: another import has come
// first. After any error, and after the end of ctx, the register is as it was.
func (r *Registrar) Import(ctx context.Context, by intake.By, o Order) (register.Snapshot, error) {
	return register.Snapshot{}, errors.ErrUnsupported
}

// DryRun reads the files of an order as Import would, and changes nothing. Current is the current snapshot, with ID 0
// where there is none.
func (r *Registrar) DryRun(ctx context.Context, by intake.By, o Order) (p Preview, err error) {
	return p, errors.ErrUnsupported
}

// Preview is what a dry run finds.
type Preview struct {
	extract.Preview
	Current register.Snapshot
	Refusal error // ErrInvalid, for which the order would be refused whatever is in the files; nil: none
}
