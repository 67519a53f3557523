package casework

import (
	"context"
	"iter"
	"math"

	"diaoxiao/internal/receiver/intake"
)

// ListedEntity is an entity with the case in whose list it is.
type ListedEntity struct {
	Case   intake.CaseRow
	Entity DoubtedEntity
}

// MostLists is how many cases one export of lists may have.
const MostLists = 1000

// ExportLists yields the entities of the lists of cases, case by case in the order of the acceptids, as AllEntities
// reads them: memory does not grow with the lists, and those of a case that is not verified have no findings. An error
// is the last that it yields. ErrNotFound: no such case. ErrInvalid: too many cases. ErrExists: a case is just being
// verified again.
func (d *Cases) ExportLists(ctx context.Context, by intake.By, acceptIDs []string) iter.Seq2[ListedEntity, error] {
	return func(yield func(ListedEntity, error) bool) {
		if len(acceptIDs) > MostLists {
			yield(ListedEntity{}, intake.Invalid("选中了%d件案件，一次至多导出%d件的清单", len(acceptIDs), MostLists))
			return
		}
		for _, id := range acceptIDs {
			r, err := d.listedCase(ctx, by, id)
			if err != nil {
				yield(ListedEntity{}, err)
				return
			}
			for e, err := range d.AllEntities(ctx, by, r.Case) {
				if !yield(ListedEntity{r, e}, err) || err != nil {
					return
				}
			}
		}
	}
}

func (d *Cases) listedCase(ctx context.Context, by intake.By, acceptID string) (r intake.CaseRow, err error) {
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		r, err = caseRow(tx, acceptID)
		return err
	})
	return r, err
}

// listPage is how many entities EachEntity reads in one snapshot.
const listPage = 500

// EachEntity yields the entities of a case from a zero-based position on that the filter selects, in order. Each page
// of them is a snapshot of its own. An error is the last that it yields.
func (d *Cases) EachEntity(
	ctx context.Context,
	by intake.By,
	caseNo int64,
	from int,
	which EntityFilter,
) iter.Seq2[DoubtedEntity, error] {
	return func(yield func(DoubtedEntity, error) bool) {
		for from := from; ; {
			es, err := d.CaseEntities(ctx, by, caseNo, from, listPage, which)
			if err != nil {
				yield(DoubtedEntity{}, err)
				return
			}
			for _, e := range es {
				if !yield(e, nil) {
					return
				}
				from = e.Pos + 1
			}
			if len(es) < listPage {
				return
			}
		}
	}
}

// FaultyEntities yields the entities of a case that have findings, are marked by later rows, or are among the named
// rows, in order. An error is the last that it yields.
func (d *Cases) FaultyEntities(
	ctx context.Context,
	by intake.By,
	caseNo int64,
	named intake.RowNumbers,
) iter.Seq2[DoubtedEntity, error] {
	return func(yield func(DoubtedEntity, error) bool) {
		from := 0 // the first position that is not done
		on := func(es iter.Seq2[DoubtedEntity, error]) bool {
			for e, err := range es {
				if !yield(e, err) || err != nil {
					return false
				}
			}
			return true
		}
		for e, err := range d.EachEntity(ctx, by, caseNo, 0, EntityFilter{Doubted: true}) {
			if err == nil && !on(d.namedEntities(ctx, by, caseNo, named, from, e.Pos)) || !yield(e, err) || err != nil {
				return
			}
			from = e.Pos + 1
		}
		on(d.namedEntities(ctx, by, caseNo, named, from, math.MaxInt))
	}
}

// namedEntities yields the named rows of a case from a position to another one, which is not included.
func (d *Cases) namedEntities(
	ctx context.Context,
	by intake.By,
	caseNo int64,
	named intake.RowNumbers,
	from, to int,
) iter.Seq2[DoubtedEntity, error] {
	return func(yield func(DoubtedEntity, error) bool) {
		for _, s := range named.Spans() {
			for at := max(from, s.From-1); at < min(to, s.To); {
				es, err := d.CaseEntities(ctx, by, caseNo, at, min(listPage, min(to, s.To)-at), EntityFilter{})
				if err != nil {
					yield(DoubtedEntity{}, err)
					return
				}
				for _, e := range es {
					if !yield(e, nil) {
						return
					}
				}
				if at += listPage; len(es) == 0 {
					break
				}
			}
		}
	}
}

// NamedEntities yields the named rows of a case, in order. An error is the last that it yields.
func (d *Cases) NamedEntities(
	ctx context.Context,
	by intake.By,
	caseNo int64,
	named intake.RowNumbers,
) iter.Seq2[DoubtedEntity, error] {
	return d.namedEntities(ctx, by, caseNo, named, 0, math.MaxInt)
}
