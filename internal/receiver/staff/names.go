package staff

import (
	"context"

	"diaoxiao/internal/receiver/intake"
)

// Names returns the name of each person who has an account, by user name, for anybody who is signed in. Operators that
// were disabled are among them, because the record still names them.
func (d *Staff) Names(ctx context.Context, by intake.By) (persons map[string]string, err error) {
	err = d.desk.Look(ctx, by, intake.OwnVisit, func(tx intake.Tx) error {
		os, err := tx.Operators()
		persons = make(map[string]string, len(os))
		for _, o := range os {
			persons[o.Name] = o.Person
		}
		return err
	})
	return persons, err
}
