package intake

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"diaoxiao/api"
)

// App (接入应用) is a case-handling system allowed to call.
type App struct {
	ID       int64
	Key      string // appKey
	Name     string
	Contact  string // contact person
	Phone    string
	Dialect  api.Dialect
	Disabled bool
	Created  time.Time
}

// Secret is one appSecret of an app, known by its hash only.
type Secret struct {
	Hash    [sha256.Size]byte
	Created time.Time
	Expires time.Time // zero: never
}

// AppTx is apps and their secrets within a transaction.
type AppTx interface {
	InsertApp(App) (id int64, err error) // ErrExists: key or name
	App(keyOrName string) (App, error)
	AppByKey(key string) (App, error)
	Apps() ([]App, error)
	RenameApp(App) error // name, contact and phone; ErrExists: the name
	SetAppDisabled(id int64, disabled bool) error
	InsertSecret(appID int64, s Secret) error
	Secrets(appID int64) ([]Secret, error)
	ExpireSecrets(appID int64, at time.Time) error // only secrets that would last longer
}

// Credentials are what an administrator hands to an app's people. The secret is shown this once.
type Credentials struct {
	AppKey    string   `json:"appKey"`
	AppSecret string   `json:"appSecret"`
	Accounts  []string `json:"accounts"`
}

// AppSpec describes an app to create.
type AppSpec struct {
	Name, Contact, Phone string
	Dialect              api.Dialect
	Accounts             []string // at least one
}

// CreateApp admits a new app with its accounts and returns its credentials. Not safe to repeat: each call makes an app.
// ErrInvalid says what is missing; ErrExists: the name is taken.
func (d *Desk) CreateApp(ctx context.Context, by By, spec AppSpec) (Credentials, error) {
	if err := spec.check(); err != nil {
		return Credentials{}, err
	}
	c := Credentials{AppKey: d.newAppKey(), AppSecret: d.NewSecret(), Accounts: spec.Accounts}
	app := App{
		Key:     c.AppKey,
		Name:    spec.Name,
		Contact: spec.Contact,
		Phone:   spec.Phone,
		Dialect: cmp.Or(spec.Dialect, api.All),
	}
	err := d.Administer(ctx, by, ManageApps, ActionAppCreate, c.AppKey, spec.facts(c.AppSecret).
		String(), func(tx Tx, now time.Time) error {
		app.Created = now
		id, err := tx.InsertApp(app)
		if err != nil {
			return fmt.Errorf("应用%s：%w", Quote(spec.Name), err)
		}
		if err := tx.InsertSecret(id, Secret{Hash: hashSecret(c.AppSecret), Created: now}); err != nil {
			return err
		}
		for _, name := range spec.Accounts {
			if err := tx.InsertAccount(Account{AppID: id, Name: name, Created: now}); err != nil {
				return fmt.Errorf("账户%s：%w", Quote(name), err)
			}
		}
		return nil
	})
	return c, err
}

func (s AppSpec) check() error {
	if err := checkAppName(s.Name); err != nil {
		return err
	}
	if len(s.Accounts) == 0 {
		return invalid("至少需要一个用户账户")
	}
	if err := checkWritten(append([]string{s.Name, s.Contact, s.Phone}, s.Accounts...)...); err != nil {
		return err
	}
	for _, name := range s.Accounts {
		if err := checkAccountName(name); err != nil {
			return err
		}
	}
	_, err := api.ParseDialect(string(s.Dialect))
	if err != nil {
		return invalid("%w", err)
	}
	return nil
}

// checkWritten returns ErrInvalid unless each text is short and every database can hold it.
func checkWritten(texts ...string) error {
	for _, f := range texts {
		if len(f) > 200 || !utf8.ValidString(f) || strings.ContainsFunc(f, IsControl) {
			return invalid("%s过长（上限200字节）、含有控制字符或不是UTF-8", Quote(f))
		}
	}
	return nil
}

// checkAccountName returns ErrInvalid for an account without a name.
func checkAccountName(name string) error {
	if api.Blank(name) {
		return invalid("用户账户名称不能为空")
	}
	return nil
}

// checkAppName returns ErrInvalid for an app without a name.
func checkAppName(name string) error {
	if api.Blank(name) {
		return invalid("应用名称不能为空")
	}
	return nil
}

// facts describes the new app for the audit.
func (s AppSpec) facts(secret string) Facts {
	return Facts{TextFact(FactName, s.Name), TextFact(FactContact, s.Contact), WordFact(FactDialect, string(s.Dialect)),
		ListFact(FactAccounts, s.Accounts), secretFact(hashSecret(secret))}
}

// AppDetail is an app with its accounts and the number and dates of its secrets.
type AppDetail struct {
	App
	Accounts []Account
	Secrets  []Secret
}

// Apps lists all apps by id. Everybody who is signed in may call it; accounts and secrets are filled in only for a
// caller with the right to manage apps.
func (d *Desk) Apps(ctx context.Context, by By) (all []AppDetail, err error) {
	err = d.Look(ctx, by, OwnVisit, func(tx Tx) error {
		apps, err := tx.Apps()
		if err != nil {
			return err
		}
		whole := by.May(tx, d.Now(tx), ManageApps) == nil
		all = make([]AppDetail, len(apps))
		for i, a := range apps {
			if all[i].App = a; !whole {
				continue
			}
			if all[i], err = DetailOf(tx, a); err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

// App returns one app by its key or its name, or ErrNotFound. The caller needs the right to manage apps.
func (d *Desk) App(ctx context.Context, by By, keyOrName string) (a AppDetail, err error) {
	err = d.Look(ctx, by, ManageApps, func(tx Tx) error {
		a, err = appDetail(tx, keyOrName)
		return err
	})
	return a, err
}

func appDetail(tx Tx, keyOrName string) (a AppDetail, err error) {
	app, err := tx.App(keyOrName)
	if err != nil {
		return a, fmt.Errorf("应用%s：%w", Quote(keyOrName), err)
	}
	return DetailOf(tx, app)
}

// DetailOf reads the accounts and the secrets of an app.
func DetailOf(tx Tx, app App) (a AppDetail, err error) {
	a.App = app
	if a.Accounts, err = tx.Accounts(a.ID); err != nil {
		return a, err
	}
	a.Secrets, err = tx.Secrets(a.ID)
	return a, err
}

// RotateSecret gives an app a new secret. The earlier ones stay valid for overlap and then end; overlap 0 ends them at
// once.
func (d *Desk) RotateSecret(ctx context.Context, by By, keyOrName string, overlap time.Duration) (Credentials, error) {
	c := Credentials{AppSecret: d.NewSecret()}
	facts := Facts{WordFact(FactOverlap, overlap.String()), secretFact(hashSecret(c.AppSecret))}
	err := d.manageApp(ctx, by, keyOrName, ActionAppRotateSecret, facts, func(tx Tx, app App, now time.Time) error {
		a, err := DetailOf(tx, app)
		if err != nil {
			return err
		}
		c.AppKey, c.Accounts = a.Key, nil
		for _, acc := range a.Accounts {
			c.Accounts = append(c.Accounts, acc.Name)
		}
		if err := tx.ExpireSecrets(a.ID, now.Add(overlap)); err != nil {
			return err
		}
		return tx.InsertSecret(a.ID, Secret{Hash: hashSecret(c.AppSecret), Created: now})
	})
	return c, err
}

// SetAppDisabled disables or enables an app. Disabling ends all its sessions at once (S7); enabling revives none. Safe
// to repeat.
func (d *Desk) SetAppDisabled(ctx context.Context, by By, keyOrName string, disabled bool) error {
	return d.manageApp(
		ctx,
		by,
		keyOrName,
		either(disabled, ActionAppDisable, ActionAppEnable),
		nil,
		func(tx Tx, a App, now time.Time) error {
			if disabled {
				if err := tx.EndSessions(a.ID, 0, now); err != nil {
					return err
				}
			}
			return tx.SetAppDisabled(a.ID, disabled)
		},
	)
}

// ChangeApp changes the name, the contact and the phone of an app. Safe to repeat. ErrExists: another app has the name.
func (d *Desk) ChangeApp(ctx context.Context, by By, key, name, contact, phone string) error {
	if err := checkAppName(name); err != nil {
		return err
	}
	if err := checkWritten(name, contact, phone); err != nil {
		return err
	}
	return d.Act(ctx, by, ManageApps, func(tx Tx, _ time.Time) (AuditEntry, error) {
		a, err := tx.App(key)
		if err != nil {
			return AuditEntry{}, fmt.Errorf("应用%s：%w", Quote(key), err)
		}
		entry := AuditEntry{Action: ActionAppChange, Target: a.Key, Detail: a.changes(name, contact, phone).String()}
		a.Name, a.Contact, a.Phone = name, contact, phone
		if err := tx.RenameApp(a); err != nil {
			return entry, fmt.Errorf("应用%s：%w", Quote(name), err)
		}
		return entry, nil
	})
}

// changes describes for the audit which details of an app change.
func (a App) changes(name, contact, phone string) Facts {
	facts := Facts{TextFact(FactName, name)}
	if a.Name != name {
		facts = append(facts, TextFact(FactWas, a.Name))
	}
	if a.Contact != contact {
		facts = append(facts, TextFact(FactContact, contact), TextFact(FactContactWas, a.Contact))
	}
	if a.Phone != phone {
		facts = append(facts, WordFact(FactPhone, PhoneChanged))
	}
	return facts
}

// manageApp runs one change of an app. The audit records it under the appKey, also where the caller gave the name.
func (d *Desk) manageApp(ctx context.Context, by By, keyOrName string, action Action, facts Facts,
	change func(Tx, App, time.Time) error) error {
	return d.Act(ctx, by, ManageApps, func(tx Tx, now time.Time) (AuditEntry, error) {
		a, err := tx.App(keyOrName)
		if err != nil {
			return AuditEntry{}, fmt.Errorf("应用%s：%w", Quote(keyOrName), err)
		}
		detail := append(Facts{TextFact(FactName, a.Name)}, facts...).String()
		return AuditEntry{Action: action, Target: a.Key, Detail: detail}, change(tx, a, now)
	})
}

// either returns the action that disables, or the one that enables.
func either(disabled bool, disable, enable Action) Action {
	if disabled {
		return disable
	}
	return enable
}

func hashSecret(s string) [sha256.Size]byte { return sha256.Sum256([]byte(s)) }

// NewSecret makes an appSecret of 256 random bits. Nobody can guess it, so a plain hash of it may be stored.
func (d *Desk) NewSecret() string { return hex.EncodeToString(d.Random(32)) }

// LooksLikeAppKey reports whether a text has the form of our appKeys, which no secret and no token has.
func LooksLikeAppKey(s string) bool {
	return len(s) == 26 && strings.HasPrefix(s, "dx") && strings.Trim(s[2:], "abcdefghijklmnopqrstuvwxyz234567") == ""
}

func (d *Desk) newAppKey() string {
	return "dx" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(d.Random(15)))
}

// Random returns n random bytes.
func (d *Desk) Random(n int) []byte {
	b := make([]byte, n)
	if _, err := io.ReadFull(d.entropy, b); err != nil {
		panic(fmt.Sprintf("no randomness: %v", err)) // crypto/rand never fails; without it nothing here is safe
	}
	return b
}
