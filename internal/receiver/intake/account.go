package intake

import (
	"context"
	"fmt"
	"time"
)

// Account (用户账户) is a user of an app: the account of a login.
type Account struct {
	ID       int64
	AppID    int64
	Name     string
	Disabled bool
	Created  time.Time
}

// AccountTx is the accounts of apps within a transaction.
type AccountTx interface {
	InsertAccount(Account) error // ErrExists
	Account(appID int64, name string) (Account, error)
	Accounts(appID int64) ([]Account, error)
	SetAccountDisabled(id int64, disabled bool) error
}

// AddAccount adds an account to an app. ErrNotFound: no such app; ErrExists: the app has that account.
func (d *Desk) AddAccount(ctx context.Context, by By, app, name string) error {
	if err := checkAppName(app); err != nil {
		return err
	}
	if err := checkWritten(app, name); err != nil {
		return err
	}
	if err := checkAccountName(name); err != nil {
		return err
	}
	return d.manageApp(
		ctx,
		by,
		app,
		ActionAccountAdd,
		Facts{TextFact(FactAccount, name)},
		func(tx Tx, a App, now time.Time) error {
			if err := tx.InsertAccount(Account{AppID: a.ID, Name: name, Created: now}); err != nil {
				return fmt.Errorf("账户%s：%w", Quote(name), err)
			}
			return nil
		},
	)
}

// SetAccountDisabled disables or enables an account. Disabling ends its sessions at once (S7). Safe to repeat.
func (d *Desk) SetAccountDisabled(ctx context.Context, by By, app, name string, disabled bool) error {
	return d.manageApp(
		ctx,
		by,
		app,
		either(disabled, ActionAccountDisable, ActionAccountEnable),
		Facts{TextFact(FactAccount, name)},
		func(tx Tx, a App, now time.Time) error {
			acc, err := tx.Account(a.ID, name)
			if err != nil {
				return fmt.Errorf("账户%s：%w", Quote(name), err)
			}
			if disabled {
				if err := tx.EndSessions(a.ID, acc.ID, now); err != nil {
					return err
				}
			}
			return tx.SetAccountDisabled(acc.ID, disabled)
		},
	)
}
