package store

import (
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
)

// operatorTx reads and writes operators.
type operatorTx struct{ *handle }

const operatorColumns = `SELECT operator_id, name, person, phone, role, password, totp, totp_step, password_ms,
	failures, locked_ms,
	disabled <> 0, created_ms, identity, waits, asked_ms, asked_by, to_role, to_identity, renewed, renewed_ms,
		renewed_by, set_up_from,
	founder, founded_ms, unit, signed_ms FROM operator `

func scanOperator(scan func(...any) error) (o intake.Operator, err error) {
	var set, locked, created, asked, renewed, founded, signed int64
	w, r := &o.Waits, &o.Renewed
	err = scan(&o.ID, &o.Name, &o.Person, &o.Phone, &o.Role, &o.Password, &o.TOTP, &o.TOTPStep, &set, &o.Failures,
		&locked, &o.Disabled, &created,
		&o.Identity, &w.Kind, &asked, &w.By, &w.Role, &w.Identity, &r.Kind, &renewed, &r.By, &o.SetUpFrom, &o.Founder,
		&founded, &o.Unit, &signed)
	o.TOTP, o.Identity, w.Identity = blob(o.TOTP), blob(o.Identity), blob(w.Identity)
	o.PasswordSet, o.Locked, o.Created = engine.FromMS(set), engine.FromMS(locked), engine.FromMS(created)
	w.At, r.At, o.Founded = engine.FromMS(asked), engine.FromMS(renewed), engine.FromMS(founded)
	o.SignedIn = engine.FromMS(signed)
	return o, err
}

func (t operatorTx) InsertOperator(o intake.Operator) (id int64, err error) {
	if err := t.writing(); err != nil {
		return 0, err
	}
	err = t.Row([]any{&id}, `INSERT INTO operator (person, phone, role, password, totp, totp_step, password_ms,
		failures, locked_ms,
		disabled, identity, waits, asked_ms, asked_by, to_role, to_identity, renewed, renewed_ms, renewed_by,
			set_up_from, founder, founded_ms, unit, signed_ms,
		name, created_ms) VALUES (`+parameters(1, 26)+") RETURNING operator_id", append(operatorValues(o), o.Name,
		ms(o.Created))...)
	if err != nil {
		return id, t.exists(err)
	}
	return id, t.bind(boundOperator, "operator_id = $1", id)
}

// operatorValues are those of all columns that change, in the order of the statements.
func operatorValues(o intake.Operator) []any {
	w, r := o.Waits, o.Renewed
	return []any{o.Person, o.Phone, string(o.Role), o.Password, blob(o.TOTP), o.TOTPStep, ms(o.PasswordSet),
		o.Failures, ms(o.Locked), flag(o.Disabled),
		blob(o.Identity), string(w.Kind), ms(w.At), string(w.By), string(w.Role), blob(w.Identity), string(r.Kind),
		ms(r.At), string(r.By), o.SetUpFrom,
		string(o.Founder), ms(o.Founded), o.Unit, ms(o.SignedIn)}
}

// blob is b, and never null.
func blob(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

func (t operatorTx) Operator(name string) (intake.Operator, error) {
	return one(t, scanOperator, operatorColumns+"WHERE name = $1", name)
}

func (t operatorTx) OperatorByID(id int64) (intake.Operator, error) {
	return one(t, scanOperator, operatorColumns+"WHERE operator_id = $1", id)
}

func (t operatorTx) Operators() ([]intake.Operator, error) {
	return engine.List(t, scanOperator, operatorColumns+"ORDER BY name")
}

func (t operatorTx) UpdateOperator(o intake.Operator) error {
	_, err := t.change(`UPDATE operator SET person = $1, phone = $2, role = $3, password = $4, totp = $5, totp_step =
		$6, password_ms = $7,
		failures = $8, locked_ms = $9, disabled = $10, identity = $11, waits = $12, asked_ms = $13, asked_by = $14,
			to_role = $15,
		to_identity = $16, renewed = $17, renewed_ms = $18, renewed_by = $19, set_up_from = $20, founder = $21,
			founded_ms = $22, unit = $23, signed_ms = $24
		WHERE operator_id = $25`, append(operatorValues(o), o.ID)...)
	if err != nil {
		return err
	}
	return t.bind(boundOperator, "operator_id = $1", o.ID)
}

func (t operatorTx) IdentitySalt() ([]byte, error) {
	v, err := engine.Value[[]byte](t, "SELECT salt FROM identity_salt")
	return v, notFound(err)
}

func (t operatorTx) SetIdentitySalt(salt []byte) error {
	_, err := t.change("INSERT INTO identity_salt (id, salt) VALUES (1, $1) ON CONFLICT (id) DO NOTHING", salt)
	return err
}

func (t operatorTx) InsertInvitation(in intake.Invitation) error {
	_, err := t.change("INSERT INTO invitation (token_hash, operator_id, expires_ms) VALUES ($1, $2, $3)", in.Token[:],
		in.OperatorID, ms(in.Expires))
	return err
}

func (t operatorTx) Invitation(token intake.TokenHash) (intake.Invitation, error) {
	return one(t, func(scan func(...any) error) (intake.Invitation, error) {
		in := intake.Invitation{Token: token}
		var expires int64
		err := scan(&in.OperatorID, &expires)
		in.Expires = engine.FromMS(expires)
		return in, err
	}, "SELECT operator_id, expires_ms FROM invitation WHERE token_hash = $1", token[:])
}

func (t operatorTx) DeleteInvitations(operatorID int64) error {
	_, err := t.change("DELETE FROM invitation WHERE operator_id = $1", operatorID)
	return err
}

func (t operatorTx) Policies() (map[intake.PolicyKind]int64, error) {
	type pair struct{ kind, value int64 }
	pairs, err := engine.List(t, func(scan func(...any) error) (p pair, err error) {
		return p, scan(&p.kind, &p.value)
	},
		"SELECT kind, value FROM policy")
	values := make(map[intake.PolicyKind]int64, len(pairs))
	for _, p := range pairs {
		values[intake.PolicyKind(p.kind)] = p.value
	}
	return values, err
}

func (t operatorTx) SetPolicy(kind intake.PolicyKind, value int64) error {
	_, err := t.change("INSERT INTO policy (kind, value) VALUES ($1, $2) ON CONFLICT (kind) DO UPDATE "+
		"SET value = excluded.value", int64(kind), value)
	if err != nil {
		return err
	}
	return t.bind(boundPolicy, "kind = $1", int64(kind))
}

func (t operatorTx) Preference(operatorID int64, kind intake.PreferenceKind) (string, error) {
	v, err := engine.Value[string](t, "SELECT value FROM preference WHERE operator_id = $1 AND kind = $2", operatorID,
		int64(kind))
	return v, notFound(err)
}

func (t operatorTx) SetPreference(operatorID int64, kind intake.PreferenceKind, value string) error {
	_, err := t.change(`INSERT INTO preference (operator_id, kind, value) VALUES ($1, $2, $3)
		ON CONFLICT (operator_id, kind) DO UPDATE SET value = excluded.value`, operatorID, int64(kind), value)
	return err
}

const visitColumns = "SELECT token_hash, operator_id, created_ms, seen_ms, ended_ms, source, agent FROM visit "

func scanVisit(scan func(...any) error) (v intake.Visit, err error) {
	var token []byte
	var created, seen, ended int64
	err = scan(&token, &v.OperatorID, &created, &seen, &ended, &v.Source, &v.Agent)
	copy(v.Token[:], token)
	v.Created, v.Seen, v.Ended = engine.FromMS(created), engine.FromMS(seen), engine.FromMS(ended)
	return v, err
}

func (t operatorTx) InsertVisit(v intake.Visit) error {
	_, err := t.change("INSERT INTO visit (token_hash, operator_id, created_ms, seen_ms, ended_ms, source, agent) "+
		"VALUES ($1, $2, $3, $4, 0, $5, $6)",
		v.Token[:], v.OperatorID, ms(v.Created), ms(v.Seen), v.Source, v.Agent)
	return err
}

func (t operatorTx) Visit(token intake.TokenHash) (intake.Visit, error) {
	return one(t, scanVisit, visitColumns+"WHERE token_hash = $1", token[:])
}

func (t operatorTx) Visits(operatorID int64) ([]intake.Visit, error) {
	return engine.List(t, scanVisit, visitColumns+"WHERE ended_ms = 0 AND (CAST($1 AS BIGINT) = 0 OR operator_id = "+
		"$2) ORDER BY created_ms DESC, token_hash LIMIT 1000",
		operatorID, operatorID)
}

func (t operatorTx) TouchVisit(token intake.TokenHash, at time.Time) error {
	_, err := t.change("UPDATE visit SET seen_ms = $1 WHERE token_hash = $2 AND ended_ms = 0 AND seen_ms < $3", ms(at),
		token[:], ms(at))
	return err
}

func (t operatorTx) EndVisit(token intake.TokenHash, at time.Time) error {
	_, err := t.change("UPDATE visit SET ended_ms = $1 WHERE token_hash = $2 AND ended_ms = 0", ms(at), token[:])
	return err
}

func (t operatorTx) EndVisits(operatorID int64, but intake.TokenHash, at time.Time) error {
	_, err := t.change("UPDATE visit SET ended_ms = $1 WHERE operator_id = $2 AND ended_ms = 0 AND token_hash <> $3",
		ms(at), operatorID, but[:])
	return err
}

func (t operatorTx) SweepVisits(now, forget time.Time) error {
	if _, err := t.change("DELETE FROM visit WHERE created_ms < $1", ms(forget)); err != nil {
		return err
	}
	if _, err := t.change("DELETE FROM invitation WHERE expires_ms < $1", ms(now)); err != nil {
		return err
	}
	_, err := t.change("DELETE FROM reveal WHERE until_ms < $1", ms(now))
	return err
}
