package store

import (
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
)

// accountTx reads and writes accounts.
type accountTx struct{ *handle }

const accountColumns = "SELECT account_id, app_id, name, disabled <> 0, created_ms FROM account "

func scanAccount(scan func(...any) error) (a intake.Account, err error) {
	var created int64
	err = scan(&a.ID, &a.AppID, &a.Name, &a.Disabled, &created)
	a.Created = engine.FromMS(created)
	return a, err
}

func (t accountTx) InsertAccount(a intake.Account) error {
	_, err := t.change("INSERT INTO account (app_id, name, disabled, created_ms) VALUES ($1, $2, $3, $4)", a.AppID,
		a.Name, flag(a.Disabled), ms(a.Created))
	if err != nil {
		return t.exists(err)
	}
	return t.bind(boundAccount, "app_id = $1 AND name = $2", a.AppID, a.Name)
}

func (t accountTx) Account(appID int64, name string) (intake.Account, error) {
	return one(t, scanAccount, accountColumns+"WHERE app_id = $1 AND name = $2", appID, name)
}

func (t accountTx) Accounts(appID int64) ([]intake.Account, error) {
	return engine.List(t, scanAccount, accountColumns+"WHERE app_id = $1 ORDER BY account_id", appID)
}

func (t accountTx) SetAccountDisabled(id int64, disabled bool) error {
	t.forgetSession()
	_, err := t.change("UPDATE account SET disabled = $1 WHERE account_id = $2", flag(disabled), id)
	if err != nil {
		return err
	}
	return t.bind(boundAccount, "account_id = $1", id)
}
