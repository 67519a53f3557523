package casework

import (
	"context"
	"errors"
	"iter"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// entityPage is how many entities AllEntities reads in one snapshot.
const entityPage = 1000

// errEnough ends the reading of a body whose reader wants no more.
var errEnough = errors.New("no more entities are wanted")

// AllEntities yields every entity of a case in the order of its list, with values as sent, verdicts and findings. Each
// thousand is a snapshot of its own. The entities of a case that is not verified come from its body, without findings.
// An error is the last that it yields.
func (d *Cases) AllEntities(ctx context.Context, by intake.By, c intake.Case) iter.Seq2[DoubtedEntity, error] {
	if c.Verified.IsZero() {
		return d.sentEntities(ctx, by, c)
	}
	return func(yield func(DoubtedEntity, error) bool) {
		for from := 0; from < c.Items; {
			es, err := d.CaseEntities(ctx, by, c.No, from, entityPage, EntityFilter{})
			if err == nil && (len(es) == 0 || es[0].Pos != from || es[len(es)-1].Pos != from+len(es)-1) {
				err = intake.Exists("案件的市场主体行不全：正在重新核验，请稍后再试；一直如此的，用 diaoxiao db check 检查")
			}
			if err != nil {
				yield(DoubtedEntity{}, err)
				return
			}
			for _, e := range es {
				if !yield(e, nil) {
					return
				}
			}
			from += len(es)
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
