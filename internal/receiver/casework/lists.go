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

// listPage is how many entities ExportLists reads in one snapshot.
const listPage = 500

// ExportLists yields the entities of the lists of cases that the filter selects, case by case in the order of the
// acceptids, so that memory does not grow with the lists. An error is the last that it yields. ErrNotFound: no such
// case. ErrInvalid: too many cases, or one that is not verified and so has no list to read yet.
func (d *Cases) ExportLists(
	ctx context.Context,
	by intake.By,
	acceptIDs []string,
	which EntityFilter,
) iter.Seq2[ListedEntity, error] {
	return func(yield func(ListedEntity, error) bool) {
		if len(acceptIDs) > MostLists {
			yield(ListedEntity{}, intake.Invalid("选中了%d件案件，一次至多导出%d件的清单", len(acceptIDs), MostLists))
			return
		}
		for _, id := range acceptIDs {
			for e, err := range d.listOf(ctx, by, id, which) {
				if !yield(e, err) || err != nil {
					return
				}
			}
		}
	}
}

// listOf is ExportLists of one case.
func (d *Cases) listOf(
	ctx context.Context,
	by intake.By,
	acceptID string,
	which EntityFilter,
) iter.Seq2[ListedEntity, error] {
	return func(yield func(ListedEntity, error) bool) {
		r, err := d.listedCase(ctx, by, acceptID)
		if err != nil {
			yield(ListedEntity{}, err)
			return
		}
		for e, err := range d.EachEntity(ctx, by, r.No, which) {
			if !yield(ListedEntity{r, e}, err) {
				return
			}
		}
	}
}

// listedCase is a case whose list can be read.
func (d *Cases) listedCase(ctx context.Context, by intake.By, acceptID string) (r intake.CaseRow, err error) {
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		r, err = caseRow(tx, acceptID)
		return err
	})
	if err == nil && r.Verified.IsZero() {
		err = intake.Invalid("受理号%s的案件正在核验，清单还不能导出，请稍后再试", acceptID)
	}
	return r, err
}

// EachEntity yields the entities of a case that the filter selects, in order. Each page of them is a snapshot of its
// own. An error is the last that it yields.
func (d *Cases) EachEntity(
	ctx context.Context,
	by intake.By,
	caseNo int64,
	which EntityFilter,
) iter.Seq2[DoubtedEntity, error] {
	return func(yield func(DoubtedEntity, error) bool) {
		for from := 0; ; {
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
