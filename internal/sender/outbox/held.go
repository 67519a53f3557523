package outbox

// Release notes the consent to send the cases nos, which wait for it. Safe to repeat.
func (b *Outbox) Release(nos []int64) error {
	return b.each(nos, "UPDATE entry SET held = '' WHERE no = ?")
}

// Drop gives up (放弃) those of the cases nos that certainly never were on their way, and returns how many: they are not
// sent, and other values, or the same, may be recorded under their caseids as if they had never been there. The entries
// stay, marked.
func (b *Outbox) Drop(nos []int64) (n int, err error) {
	err = b.update(func() error {
		for _, no := range nos {
			changed, err := b.conn.Exec("UPDATE entry SET state = 7, superseded = no, held = '' WHERE no = ? AND "+
				"superseded = 0 AND state = 1 AND NOT doubt", no)
			if err != nil {
				return err
			}
			n += int(changed)
		}
		return nil
	})
	return n, err
}

// NeverSent reports whether the case certainly never was on its way.
func (e *Entry) NeverSent() bool { return e.State == Pending && !e.Doubt }

// each runs a statement for every one of nos, in one transaction.
func (b *Outbox) each(nos []int64, statement string) error {
	if len(nos) == 0 {
		return nil
	}
	return b.update(func() error {
		for _, no := range nos {
			if _, err := b.conn.Exec(statement, no); err != nil {
				return err
			}
		}
		return nil
	})
}
