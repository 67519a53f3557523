package outbox

// Fill lets the database grow no more, as a full disk does.
func (b *Outbox) Fill() error {
	_, err := b.conn.Exec("PRAGMA max_page_count = 1")
	return err
}
