package casework

import (
	"context"
	"errors"
	"iter"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// errEnough ends the reading of a body whose reader wants no more.
var errEnough = errors.New("no more entities are wanted")

// errGaps ends the reading of a list of which rows are missing.
var errGaps = intake.Exists("案件的市场主体行不全：正在重新核验，请稍后再试；一直如此的，用 diaoxiao db check 检查")

// AllEntities yields every entity of a case in the order of its list, with values as sent, verdicts and findings. Each
// page of them is a snapshot of its own. The entities of a case that is not verified come from its body, without
// findings. An error is the last that it yields.
func (d *Cases) AllEntities(ctx context.Context, by intake.By, c intake.Case) iter.Seq2[DoubtedEntity, error] {
	if c.Verified.IsZero() {
		return d.sentEntities(ctx, by, c)
	}
	return func(yield func(DoubtedEntity, error) bool) {
		next := 0
		for e, err := range d.EachEntity(ctx, by, c.No, 0, EntityFilter{}) {
			if err == nil && e.Pos != next {
				err = errGaps
			}
			if err != nil {
				yield(DoubtedEntity{}, err)
				return
			}
			if next++; !yield(e, nil) {
				return
			}
		}
		if next < c.Items {
			yield(DoubtedEntity{}, errGaps)
		}
	}
}

// sentEntities yields the entities of a body.
func (d *Cases) sentEntities(ctx context.Context, by intake.By, c intake.Case) iter.Seq2[DoubtedEntity, error] {
	return func(yield func(DoubtedEntity, error) bool) {
		_, err := d.desk.Decode(ctx, by, c, func(i int, e api.Entity) error {
			one := DoubtedEntity{EntityRow: intake.EntityRow{CaseNo: c.No, Pos: i, Entity: e}}
			one.Firm.State = release.Facts{Returned: !c.Returned.IsZero()}.State()
			if !yield(one, nil) {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(DoubtedEntity{}, err)
		}
	}
}
