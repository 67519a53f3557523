package intake

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"sync"
	"time"

	"diaoxiao/api"
)

// SessionLife is how long a token is valid, absolute from login (clause 3.1.1, S7).
const SessionLife = 30 * time.Minute

// TokenHash is the form in which the store holds an access_token.
type TokenHash [sha256.Size]byte

// Session (会话) is one login, with the data of its app and account that a call needs.
type Session struct {
	Token     TokenHash
	AppID     int64
	AccountID int64
	Created   time.Time
	Expires   time.Time
	Ended     time.Time // zero: not ended
	AppKey    string
	Account   string
	Dialect   api.Dialect
	Disabled  bool // its app or account is disabled
}

// Alive reports whether the session may be used at now.
func (s Session) Alive(now time.Time) bool {
	return s.Ended.IsZero() && !s.Disabled && now.Before(s.Expires)
}

// deadFor is why a session that is not alive is not.
func (s Session) deadFor(now time.Time) Cause {
	if s.Ended.IsZero() && !s.Disabled || !now.Before(s.Expires) && s.Ended.Before(s.Expires) {
		return CauseSessionExpired
	}
	return CauseSessionEnded
}

// SessionTx reads and writes the sessions of senders within a transaction.
type SessionTx interface {
	InsertSession(Session) error
	Session(TokenHash) (Session, error)
	EndSession(TokenHash, time.Time) error
	EndSessions(appID, accountID int64, at time.Time) error // accountID 0: all of the app
	SweepSessions(expired, forget time.Time) error
	CountSessions(now time.Time) ([]SessionCount, error)
	// of the sessions of the app that have ended, skips the last after and returns the end of the next; ErrNotFound
	SessionEnded(appID int64, after int) (time.Time, error)
	ForgetSessions(appID int64, ended time.Time, most int) (n int, err error) // those that ended then or before
}

// Caller is the sender of a call after login.
type Caller struct{ Session }

// LoginTicket is the result of a successful login. The token is stored nowhere in clear.
type LoginTicket struct {
	Token   string
	Session Session
}

// Login opens a new, independent session (clause 3.1.1). An *api.Refusal carries 12002 for an unknown or disabled app,
// and 12004 for a wrong secret or account without saying which (S2, S4). The ticket then holds only the app, where the
// key belongs to one, and the dialect of the answer. 19008 means that the app has too many sessions. Safe to repeat:
// every login is a session of its own.
func (d *Desk) Login(ctx context.Context, in api.LoginRequest) (LoginTicket, error) {
	var s Session
	err := d.store.View(ctx, func(tx Tx) (err error) { s, err = d.authenticate(tx, in); return err })
	if err != nil {
		return LoginTicket{Session: s}, err
	}
	if !d.sessions.add(s.AppID) {
		return LoginTicket{Session: s}, refuse(
			api.TooManyRequests,
			"",
			fmt.Sprintf("该应用有效的会话已达 %d 个，请以已有的令牌报送，或注销不用的会话", d.sessions.most),
		)
	}
	token := formatToken([16]byte(d.Random(16)))
	err = d.store.Update(ctx, func(tx Tx) (err error) {
		if s, err = d.authenticate(tx, in); err != nil { // again, because data may have changed meanwhile
			return err
		}
		s.Token, s.Created = HashToken(token), d.Now(tx)
		s.Expires = s.Created.Add(SessionLife)
		return tx.InsertSession(s)
	})
	if err != nil {
		return LoginTicket{Session: s}, err
	}
	return LoginTicket{token, s}, nil
}

// authenticate returns the session of a login that is right, without a token. It does the same look-ups and the same
// comparison whatever is wrong.
func (d *Desk) authenticate(tx Tx, in api.LoginRequest) (Session, error) {
	app, err := tx.AppByKey(in.AppKey)
	if IgnoreMissing(err) != nil {
		return Session{}, err
	}
	secrets, err := tx.Secrets(app.ID)
	if err != nil {
		return Session{}, err
	}
	acc, err := tx.Account(app.ID, in.Account)
	if IgnoreMissing(err) != nil {
		return Session{}, err
	}
	secret, account := secretCause(in.AppSecret, secrets, d.Now(tx)), accountCause(acc)
	switch {
	case app.ID == 0:
		return Session{}, refuseFor(api.InvalidAppKey, "appKey", CauseNoApp)
	case app.Disabled:
		return Session{AppID: app.ID, AppKey: app.Key}, refuseFor(api.InvalidAppKey, "appKey", CauseAppDisabled)
	case secret != "" || account != "":
		s := Session{AppID: app.ID, AppKey: app.Key, Dialect: app.dialect()}
		return s, refuseFor(api.InvalidLogin, "", secret, account)
	}
	return Session{AppID: app.ID, AccountID: acc.ID, AppKey: app.Key, Account: acc.Name, Dialect: app.dialect()}, nil
}

// DialectOf is the dialect of the app with that key, NoApp where there is none. It is for answers to a login that lacks
// too much to be tried.
func (d *Desk) DialectOf(ctx context.Context, appKey string) api.Dialect {
	var app App
	d.store.View(ctx, func(tx Tx) (err error) { app, err = tx.AppByKey(appKey); return err })
	if app.ID == 0 || app.Disabled {
		return api.NoApp
	}
	return app.dialect()
}

// dialect is the dialect of answers to the app.
func (a App) dialect() api.Dialect { return cmp.Or(a.Dialect, api.All) }

// IgnoreMissing returns nil for ErrNotFound itself, and any other error as it is.
func IgnoreMissing(err error) error {
	if err == ErrNotFound {
		return nil
	}
	return err
}

// secretCause is what is wrong with a secret, "" where it is right. It takes constant time per secret, and compares
// once where there is none.
func secretCause(given string, secrets []Secret, now time.Time) Cause {
	h, right, expired := hashSecret(given), 0, 0
	if len(secrets) == 0 {
		secrets = []Secret{{Expires: time.Unix(1, 0)}}
	}
	for _, s := range secrets {
		same := subtle.ConstantTimeCompare(h[:], s.Hash[:])
		if s.Expires.IsZero() || now.Before(s.Expires) {
			right |= same
		} else {
			expired |= same
		}
	}
	switch {
	case right == 1:
		return ""
	case expired == 1:
		return CauseSecretExpired
	}
	return CauseSecret
}

// accountCause is what is wrong with an account, "" where it is right.
func accountCause(a Account) Cause {
	switch {
	case a.ID == 0:
		return CauseNoAccount
	case a.Disabled:
		return CauseAccountDisabled
	}
	return ""
}

// Identify returns the caller to whom a token belongs. The *api.Refusal with 13000 comes with the Caller where the
// token belonged to a session once, so that the answer can be in the app's dialect and the attempt can be recorded;
// otherwise AppID is 0.
func (d *Desk) Identify(ctx context.Context, token string) (Caller, error) {
	if !isToken(token) {
		return Caller{}, refuseFor(api.InvalidToken, "", CauseNoToken)
	}
	var s Session
	alive, cause := false, CauseNoToken
	err := d.store.View(ctx, func(tx Tx) (err error) {
		s, err = tx.Session(HashToken(token))
		alive = err == nil && s.Alive(d.Now(tx))
		if err == nil {
			cause = s.deadFor(d.Now(tx))
		}
		if err == nil {
			s.Dialect = cmp.Or(s.Dialect, api.All)
		}
		return IgnoreMissing(err)
	})
	if err != nil {
		return Caller{}, fmt.Errorf("look up session: %w", err)
	}
	if !alive {
		return Caller{s}, refuseFor(api.InvalidToken, "", cause)
	}
	return Caller{s}, nil
}

// Recognise is Identify for a call that ends in a transaction which checks the session itself, as Submit does. It may
// answer from memory, so that the server reads no body from strangers, and looks a caller up only once.
func (d *Desk) Recognise(ctx context.Context, token string) (Caller, error) {
	if s, ok := d.recent.get(HashToken(token)); ok && s.Alive(d.clock()) {
		return Caller{s}, nil
	}
	who, err := d.Identify(ctx, token)
	if err == nil {
		d.recent.put(who.Session)
	}
	return who, err
}

// recentSessions remembers sessions that were alive a moment ago. No decision depends on it alone.
type recentSessions struct {
	mu       sync.Mutex
	sessions map[TokenHash]Session
}

// maxRecent limits the memory of recentSessions.
const maxRecent = 4096

func (r *recentSessions) get(t TokenHash) (Session, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, ok := r.sessions[t]
	return s, ok
}

func (r *recentSessions) put(s Session) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sessions == nil || len(r.sessions) >= maxRecent {
		r.sessions = make(map[TokenHash]Session)
	}
	r.sessions[s.Token] = s
}

func (r *recentSessions) drop(t TokenHash) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.sessions, t)
}

// Logout ends the caller's session at once, on every node (clause 3.1.2, S7). A session that ended meanwhile is refused
// with 13000.
func (d *Desk) Logout(ctx context.Context, who Caller) error {
	ended := false
	err := d.store.Update(ctx, func(tx Tx) (err error) {
		now := d.Now(tx)
		s, err := tx.Session(who.Token)
		if ended = err == nil && s.Alive(now); !ended {
			return IgnoreMissing(err)
		}
		return tx.EndSession(who.Token, now)
	})
	if err == nil && !ended {
		return refuse(api.InvalidToken, "", "")
	}
	if err == nil {
		d.sessions.drop(who.AppID)
	}
	return err
}

// HashToken returns the form in which a token is stored and looked up.
func HashToken(token string) TokenHash { return sha256.Sum256([]byte(token)) }

// formatToken writes 128 bits as 8-4-4-4-12 lower-case hex, 36 characters (S6).
func formatToken(b [16]byte) string {
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

func isToken(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i, c := range []byte(s) {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (c == '-') || !dash && (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
