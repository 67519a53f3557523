package store

import (
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
)

// appTx reads and writes apps and their secrets.
type appTx struct{ *handle }

const appColumns = "SELECT app_id, app_key, name, contact, phone, dialect, disabled <> 0, created_ms FROM app "

func scanApp(scan func(...any) error) (a intake.App, err error) {
	var created int64
	err = scan(&a.ID, &a.Key, &a.Name, &a.Contact, &a.Phone, &a.Dialect, &a.Disabled, &created)
	a.Created = engine.FromMS(created)
	return a, err
}

func (t appTx) InsertApp(a intake.App) (id int64, err error) {
	if err := t.writing(); err != nil {
		return 0, err
	}
	err = t.Row([]any{&id}, `INSERT INTO app (app_key, name, contact, phone, dialect, disabled, created_ms)
		VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING
			app_id`, a.Key, a.Name, a.Contact, a.Phone, a.Dialect, flag(a.Disabled), ms(a.Created))
	if err != nil {
		return id, t.exists(err)
	}
	return id, t.bind(boundApp, "app_id = $1", id)
}

func (t appTx) App(keyOrName string) (intake.App, error) {
	return one(t, scanApp, appColumns+"WHERE app_key = $1 OR name = $2 ORDER BY app_key <> $3", keyOrName, keyOrName,
		keyOrName)
}

func (t appTx) AppByKey(key string) (intake.App, error) {
	return one(t, scanApp, appColumns+"WHERE app_key = $1", key)
}

func (t appTx) Apps() ([]intake.App, error) {
	return engine.List(t, scanApp, appColumns+"ORDER BY app_id")
}

func (t appTx) RenameApp(a intake.App) error {
	t.forgetSession()
	_, err := t.change("UPDATE app SET name = $1, contact = $2, phone = $3 WHERE app_id = $4", a.Name, a.Contact,
		a.Phone, a.ID)
	if err != nil {
		return t.exists(err)
	}
	return t.bind(boundApp, "app_id = $1", a.ID)
}

func (t appTx) SetAppDisabled(id int64, disabled bool) error {
	t.forgetSession()
	_, err := t.change("UPDATE app SET disabled = $1 WHERE app_id = $2", flag(disabled), id)
	if err != nil {
		return err
	}
	return t.bind(boundApp, "app_id = $1", id)
}

func (t appTx) InsertSecret(appID int64, s intake.Secret) error {
	_, err := t.change("INSERT INTO app_secret (app_id, hash, created_ms, expires_ms) VALUES ($1, $2, $3, $4)",
		appID, s.Hash[:], ms(s.Created), ms(s.Expires))
	if err != nil {
		return err
	}
	return t.bind(boundSecret, "app_id = $1", appID)
}

func (t appTx) Secrets(appID int64) ([]intake.Secret, error) {
	return engine.List(t, func(scan func(...any) error) (s intake.Secret, err error) {
		var created, expires int64
		var hash []byte
		err = scan(&hash, &created, &expires)
		copy(s.Hash[:], hash)
		s.Created, s.Expires = engine.FromMS(created), engine.FromMS(expires)
		return s, err
	}, "SELECT hash, created_ms, expires_ms FROM app_secret WHERE app_id = $1 ORDER BY secret_id", appID)
}

func (t appTx) ExpireSecrets(appID int64, at time.Time) error {
	_, err := t.change("UPDATE app_secret SET expires_ms = $1 WHERE app_id = $2 "+
		"AND (expires_ms = 0 OR expires_ms > $3)", ms(at), appID, ms(at))
	if err != nil {
		return err
	}
	return t.bind(boundSecret, "app_id = $1", appID)
}

// flag is a truth value in the database.
func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}
