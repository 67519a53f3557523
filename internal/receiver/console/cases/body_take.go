package cases

import (
	"errors"
	"io"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// takeBody gives the body out as it was sent.
func takeBody(q *page.Request) (page.Answer, error) {
	c, err := q.Cases.TakeBody(q.Context(), q.Who, q.PathValue("acceptid"), q.Purpose())
	if errors.Is(err, intake.ErrInvalid) {
		return showCase(q, err)
	}
	if err != nil {
		return nil, err
	}
	return page.File{Name: c.AcceptID + ".json", Kind: "application/json", Write: func(w io.Writer) error {
		body, err := q.Desk.Body(q.Context(), q.Who, c)
		if err != nil {
			return err
		}
		_, err = io.Copy(w, body)
		return errors.Join(err, body.Close())
	}}, nil
}
