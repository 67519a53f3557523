package casework

import (
	"context"
	"iter"

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
	return d.EachEntity(ctx, by, caseNo, 0, EntityFilter{Doubted: true, Also: named})
}

// NamedEntities yields the named rows of a case, in order. An error is the last that it yields.
func (d *Cases) NamedEntities(
	ctx context.Context,
	by intake.By,
	caseNo int64,
	named intake.RowNumbers,
) iter.Seq2[DoubtedEntity, error] {
	if named == "" {
		return func(func(DoubtedEntity, error) bool) {}
	}
	return d.EachEntity(ctx, by, caseNo, 0, EntityFilter{Rows: named})
}
