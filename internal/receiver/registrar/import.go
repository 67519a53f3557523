package registrar

import (
	"context"
	"errors"
	"fmt"
	"time"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/grid"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/register/extract"
)

// Order is what is to be imported.
type Order struct {
	Files    []extract.File         // of one extract, in order
	AsOf     string                 // 数据截止日, yyyy-MM-dd
	Base     int64                  // the snapshot to which the files are changes; 0: they are a full extract
	Fewer    bool                   // far fewer rows than in the current snapshot are meant
	Older    bool                   // a day before that of the current snapshot is meant
	States   extract.States         // words of states besides the built-in ones
	Progress func(extract.Progress) // nil: progress is not wanted; it is called from one goroutine at a time
	// Remark gets what people should know of the files though it does not keep them from being taken in, once all were
	// read. nil: the remarks are not wanted.
	Remark func(grid.Problem)
}

// leastShare is the part of the rows of the current snapshot, in percent, below which an extract may be half read.
const leastShare = 80

// Import replaces the register by an extract, or applies changes to it, wholly or not at all, and returns the new
// snapshot. *extract.Refused: the files cannot be taken in. ErrInvalid: the order contradicts the files or the current
// snapshot; the text has the next step. ErrBuilding: another import is under way. ErrExists: another import has come
// first. After any error but ErrUnavailable, and after the end of ctx, the register is as it was.
func (r *Registrar) Import(ctx context.Context, by intake.By, o Order) (s register.Snapshot, err error) {
	current, err := r.basis(ctx, by, o)
	if err != nil {
		return s, err
	}
	x, err := extract.Open(ctx, o.Files, extract.Options{States: o.States, Progress: o.Progress})
	defer func() { err = errors.Join(err, x.Close()) }()
	if err == nil {
		err = o.fits(x.Changes())
	}
	if err != nil {
		return s, err
	}
	b := &building{Order: o, current: current, extract: x}
	b.made = register.Snapshot{ID: current.ID + 1, AsOf: o.AsOf, Base: o.Base, By: string(by.Actor())}
	err = r.desk.Store().BuildRegister(ctx, b.made.ID, o.Base, b.fill, func() error { return r.publish(ctx, by, b) })
	switch {
	case errors.Is(err, intake.ErrExists):
		err = intake.Exists("主体库已由另一次导入更新，本次没有导入")
	case errors.Is(err, intake.ErrNotFound):
		err = intake.Invalid("主体库快照 %d 的数据已不在（备份和搬迁不含主体库的数据），变更无处可用；请重新导入全量文件", o.Base)
	}
	return b.made, err
}

// basis is the current snapshot, once by may import and the order fits it.
func (r *Registrar) basis(ctx context.Context, by intake.By, o Order) (s register.Snapshot, err error) {
	err = r.desk.Look(ctx, by, intake.ImportRegister, func(tx intake.Tx) error {
		if s, err = tx.CurrentSnapshot(); intake.IgnoreMissing(err) != nil {
			return err
		}
		return o.suits(s, r.desk.Now(tx))
	})
	return s, err
}

// suits is nil where the order may follow the current snapshot.
func (o Order) suits(current register.Snapshot, now time.Time) error {
	day, err := time.Parse(time.DateOnly, o.AsOf)
	switch today := beijingtime.Day(now); {
	case len(o.Files) == 0:
		return intake.Invalid("没有文件")
	case err != nil || day.Year() < 2000:
		return intake.Invalid("数据截止日%q：应为 yyyy-MM-dd，如 %s", o.AsOf, today)
	case o.AsOf > today:
		return intake.Invalid("数据截止日 %s 在将来（今天是 %s），请改正", o.AsOf, today)
	case o.AsOf < current.AsOf && !o.Older:
		return intake.Invalid("数据截止日 %s 早于当前主体库的 %s；确要换成较早的数据，请明确确认（命令行加 --older）", o.AsOf, current.AsOf)
	case o.Base != 0 && current.ID == 0:
		return intake.Invalid("还没有主体库，变更无处可用；请先导入全量文件")
	case o.Base != 0 && o.Base != current.ID:
		return intake.Invalid("主体库快照 %d 不是当前的（当前是 %d，截止 %s），其后的改动会丢失；请核对变更文件以哪一份为基础，改正 --base，或重新导入全量文件",
			o.Base, current.ID, current.AsOf)
	}
	return nil
}

// fits is nil where the files are of the kind that was ordered.
func (o Order) fits(changes bool) error {
	switch {
	case changes && o.Base == 0:
		return intake.Invalid("文件有变更标记列，是变更文件；请用 --base 指明它以哪一份快照为基础。如是全量文件，删去该列")
	case !changes && o.Base != 0:
		return intake.Invalid("文件没有变更标记列（操作、变更类型、op），不是变更文件；全量文件导入时不要给出 --base")
	}
	return nil
}

// building is one import under way.
type building struct {
	Order
	current register.Snapshot
	extract *extract.Extract
	made    register.Snapshot
	changes register.Changes

	// Of an import of changes.
	next    int // the next RowNo
	batch   []register.Firm
	removed map[register.State]int
	pending map[string]bool // pripids in batch
}

// batchRows is how many rows go to the store at once.
const batchRows = 2000

// fill puts the rows of the extract.
func (b *building) fill(w intake.RegisterWriter) (err error) {
	if b.Base == 0 {
		err = b.whole(w)
	} else {
		err = b.apply(w)
	}
	if err == nil {
		err = b.count()
	}
	if err == nil && b.Progress != nil {
		n := len(b.Files)
		b.Progress(extract.Progress{File: b.Files[n-1].Name, No: n, Files: n, Rows: b.extract.Count(), Read: true})
	}
	return err
}

// errStopped ends the reading of files whose rows cannot be put.
var errStopped = errors.New("rows are put no more")

// whole puts the rows of a full extract. They are read while those before are being put.
func (b *building) whole(w intake.RegisterWriter) error {
	batches, free, stop := make(chan []register.Firm, 1), make(chan []register.Firm, 2), make(chan struct{})
	free <- make([]register.Firm, 0, batchRows)
	free <- make([]register.Firm, 0, batchRows)
	var failed error
	go func() {
		defer close(batches)
		failed = b.read(batches, free, stop)
	}()
	var err error
	for batch := range batches {
		if err == nil {
			if err = w.PutFirms(batch); err != nil {
				close(stop)
			}
		}
		free <- batch[:0]
	}
	if err != nil {
		return err
	}
	return failed
}

// read hands the rows of the extract on in batches, until stop is closed.
func (b *building) read(batches chan<- []register.Firm, free <-chan []register.Firm, stop <-chan struct{}) error {
	batch, no := <-free, 0
	err := b.extract.Rows(func(row *extract.Row) error {
		no++
		row.RowNo = no
		if batch = append(batch, row.Firm); len(batch) < batchRows {
			return nil
		}
		select {
		case batches <- batch:
			batch = <-free
			return nil
		case <-stop:
			return errStopped
		}
	})
	if err == nil && len(batch) > 0 {
		batches <- batch
	}
	return err
}

// apply puts and removes rows as an extract of changes says, in its order.
func (b *building) apply(w intake.RegisterWriter) error {
	last, err := w.LastRow()
	if err != nil {
		return err
	}
	b.next, b.batch = last+1, make([]register.Firm, 0, batchRows)
	b.removed, b.pending = make(map[register.State]int), make(map[string]bool)
	if err = b.extract.Rows(func(row *extract.Row) error { return b.change(w, row) }); err != nil {
		return err
	}
	return b.flush(w)
}

// insert puts a row in its turn.
func (b *building) insert(w intake.RegisterWriter, row *extract.Row) error {
	row.RowNo = b.next
	b.next++
	if b.batch = append(b.batch, row.Firm); len(b.batch) < batchRows {
		return nil
	}
	return b.flush(w)
}

func (b *building) flush(w intake.RegisterWriter) error {
	if len(b.batch) == 0 {
		return nil
	}
	err := w.PutFirms(b.batch)
	b.batch = b.batch[:0]
	clear(b.pending)
	return err
}

// change applies one row of changes.
func (b *building) change(w intake.RegisterWriter, row *extract.Row) error {
	if b.pending[row.PripID] { // it is of a firm that a row before put
		if err := b.flush(w); err != nil {
			return err
		}
	}
	was, err := w.RemoveFirm(row.PripID)
	missing := errors.Is(err, intake.ErrNotFound)
	switch {
	case err != nil && !missing:
		return err
	case missing && row.Mark != extract.Insert:
		return b.extract.Refuse(row, fmt.Sprintf("主体库快照 %d 没有这一户，无法%s", b.Base, row.Mark.Title()),
			"核对变更文件以哪一份快照为基础；缺了前面的变更文件，先导入它，或重新导入全量文件")
	case !missing && row.Mark == extract.Insert:
		return b.extract.Refuse(row, fmt.Sprintf("主体库快照 %d 已有这一户，不能新增", b.Base),
			"核对变更文件是否导入过；内容有变的应标为 U（变更）")
	}
	if !missing {
		b.removed[was.State]++
	}
	switch row.Mark {
	case extract.Insert:
		b.changes.Inserted++
	case extract.Update:
		b.changes.Updated++
	default:
		b.changes.Deleted++
		return nil
	}
	b.pending[row.PripID] = true
	return b.insert(w, row)
}

// count makes the report, and refuses an extract that may be half read.
func (b *building) count() error {
	if b.Remark != nil {
		for _, p := range b.extract.Remarks() {
			b.Remark(p)
		}
	}
	b.made.Report = b.extract.Report()
	b.made.Rows = b.extract.Count()
	if b.Base != 0 {
		b.made.Report.Applied = b.changes
		b.made.Rows = b.current.Rows + b.changes.Inserted - b.changes.Deleted
		b.made.Report.States = b.statesAfter()
		return nil
	}
	return b.Order.enough(b.made.Rows, b.current)
}

// statesAfter are the rows of all states, after the changes.
func (b *building) statesAfter() map[register.State]int {
	all := make(map[register.State]int)
	for s := register.StateUnknown; s <= register.Annulled; s++ {
		if n := b.current.Report.States[s] + b.made.Report.States[s] - b.removed[s]; n > 0 {
			all[s] = n
		}
	}
	return all
}

// enough is nil where a full extract of so many rows may follow the current snapshot.
func (o Order) enough(rows int, current register.Snapshot) error {
	if o.Base == 0 && rows*100 < current.Rows*leastShare && !o.Fewer {
		return intake.Invalid("文件只有 %d 行，当前主体库有 %d 行，不到其 %d%%，可能没有导完或传完，缺的主体会变成查无此户；核对后确要导入，请明确确认（命令行加 --fewer-rows）",
			rows, current.Rows, leastShare)
	}
	return nil
}

// publish makes the snapshot the current one, with its audit entry.
func (r *Registrar) publish(ctx context.Context, by intake.By, b *building) error {
	return r.desk.Act(ctx, by, intake.ImportRegister, func(tx intake.Tx, now time.Time) (intake.AuditEntry, error) {
		b.made.Imported = now
		entry := intake.AuditEntry{Action: intake.ActionRegisterImport, Target: fmt.Sprint(b.made.ID),
			Detail: factsOf(b.made).String()}
		current, err := tx.CurrentSnapshot()
		switch {
		case intake.IgnoreMissing(err) != nil:
			return entry, err
		case current.ID != b.current.ID:
			return entry, intake.ErrExists
		}
		return entry, tx.InsertSnapshot(b.made)
	})
}

// listedFiles is how many files an audit entry names; the report of the snapshot has all.
const listedFiles = 20

// factsOf is what the audit says of an import.
func factsOf(s register.Snapshot) intake.Facts {
	facts := intake.Facts{
		intake.WordFact(intake.FactAsOf, s.AsOf),
		intake.WordFact(intake.FactRows, fmt.Sprint(s.Rows)),
	}
	if s.Base != 0 {
		a := s.Report.Applied
		facts = append(facts, intake.WordFact(intake.FactBase, fmt.Sprint(s.Base)),
			intake.WordFact(intake.FactApplied, fmt.Sprintf("I:%d,U:%d,D:%d", a.Inserted, a.Updated, a.Deleted)))
	}
	var files []string
	for _, f := range s.Report.Files[:min(len(s.Report.Files), listedFiles)] {
		files = append(files, fmt.Sprintf("%s %d sha256:%s", f.Name, f.Rows, f.SHA256))
	}
	return append(facts, intake.ListFact(intake.FactFiles, files))
}

// DryRun reads the files of an order as Import would, and changes nothing. Current is the current snapshot, with ID 0
// where there is none.
func (r *Registrar) DryRun(ctx context.Context, by intake.By, o Order) (p Preview, err error) {
	p.Current, err = r.basis(ctx, by, o)
	if p.Refusal, err = asRefusal(err); err != nil {
		return p, err
	}
	p.Preview, err = extract.Look(ctx, o.Files, extract.Options{States: o.States, Progress: o.Progress})
	for _, check := range []func() error{func() error { return o.fits(p.Changes) },
		func() error { return o.enough(p.Rows, p.Current) }} {
		if p.Refusal == nil && err == nil && len(p.Problems) == 0 {
			p.Refusal, err = asRefusal(check())
		}
	}
	return p, err
}

// asRefusal takes ErrInvalid apart from other errors.
func asRefusal(err error) (refusal, other error) {
	if errors.Is(err, intake.ErrInvalid) {
		return err, nil
	}
	return nil, err
}

// Preview is what a dry run finds.
type Preview struct {
	extract.Preview
	Current register.Snapshot
	Refusal error // ErrInvalid, for which the order would be refused besides its Problems; nil: none
}

// LookAlone is DryRun where there is no store, by the clock of the caller.
func LookAlone(ctx context.Context, o Order, now time.Time) (p Preview, err error) {
	if p.Refusal, err = asRefusal(o.suits(p.Current, now)); err != nil {
		return p, err
	}
	p.Preview, err = extract.Look(ctx, o.Files, extract.Options{States: o.States, Progress: o.Progress})
	if p.Refusal == nil && err == nil && len(p.Problems) == 0 && o.Base == 0 {
		p.Refusal, err = asRefusal(o.fits(p.Changes))
	}
	return p, err
}
