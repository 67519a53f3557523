package operators

import (
	"errors"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

func resetOperator(q *page.Request) (page.Answer, error) {
	token, err := q.Staff.ResetOperator(q.Context(), q.Who, q.Field("name"))
	if errors.Is(err, intake.ErrInvalid) {
		return showOperators(q, err)
	}
	if err != nil {
		return nil, err
	}
	return handLink(q, handedLink{Name: q.Field("name"), Token: token, Reset: true})
}
