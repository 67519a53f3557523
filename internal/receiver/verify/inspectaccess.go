package verify

import (
	"fmt"
	"slices"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// appTrail is the state of an app that follows from the audit.
type appTrail struct {
	created  time.Time
	disabled bool
	secrets  []time.Time // the time at which each was made
	prints   []string    // the fingerprint of each, where the audit has it
	accounts []time.Time // times at which accounts were made
	off      map[string]bool
}

// followApp follows an entry that may concern an app.
func (t *trail) followApp(e intake.AuditEntry) {
	if !e.Action.In("app") {
		return
	}
	a := t.apps[e.Target]
	if a == nil {
		a = &appTrail{off: map[string]bool{}}
		t.apps[e.Target] = a
	}
	facts := e.AnyFacts()
	switch e.Action {
	case intake.ActionAppCreate:
		a.created, a.secrets, a.prints, a.accounts = e.At, []time.Time{
			e.At,
		}, []string{facts.Get(intake.FactSecret)}, []time.Time{e.At}
	case intake.ActionAppRotateSecret:
		a.secrets, a.prints = append(a.secrets, e.At), append(a.prints, facts.Get(intake.FactSecret))
	case intake.ActionAppDisable, intake.ActionAppEnable:
		a.disabled = e.Action == intake.ActionAppDisable
	case intake.ActionAccountAdd:
		a.accounts = append(a.accounts, e.At)
	case intake.ActionAccountDisable, intake.ActionAccountEnable:
		a.off[facts.Get(intake.FactAccount)] = e.Action == intake.ActionAccountDisable
	}
}

// apps compares the apps with their entries.
func (in *inspector) apps() error {
	apps, err := in.tx.Apps()
	if err != nil {
		return err
	}
	for _, a := range apps {
		t := in.trail.apps[a.Key]
		delete(in.trail.apps, a.Key)
		if t == nil || !t.created.Equal(a.Created) {
			in.access("app "+a.Key, "应用%q没有同一时间的建立记录", a.Name)
			continue
		}
		if a.Disabled != t.disabled {
			in.access("app "+a.Key, "应用%q的停用状态与最近一条审计记录不符", a.Name)
		}
		d, err := intake.DetailOf(in.tx, a)
		if err != nil {
			return err
		}
		in.secrets(d, t)
		in.accounts(d, t)
	}
	for key, t := range in.trail.apps {
		if !t.created.IsZero() {
			in.access("app "+key, "审计记录中建立的应用%q不见了", key)
		}
	}
	return nil
}

func (in *inspector) access(place, format string, args ...any) {
	in.found(faultOf(FaultAccess, intake.Case{}, format, args...).of(place, "", ""))
}

func (in *inspector) secrets(d intake.AppDetail, t *appTrail) {
	place := "app_secret " + d.Key
	for _, s := range d.Secrets {
		i := slices.IndexFunc(t.secrets, func(at time.Time) bool { return at.Equal(s.Created) })
		switch {
		case i < 0:
			in.access(place, "应用%q有一个密钥没有建立或换发的审计记录", d.Name)
		case t.prints[i] != "" && t.prints[i] != intake.SecretPrint(s.Hash):
			in.access(place, "应用%q的密钥与建立或换发时的不同", d.Name)
		case i < len(t.secrets)-1 && s.Expires.IsZero():
			in.access(place, "应用%q换发以前的密钥没有期限", d.Name)
		}
	}
	if len(d.Secrets) < len(t.secrets) {
		in.access(place, "应用%q的密钥应有%d个，实有%d个", d.Name, len(t.secrets), len(d.Secrets))
	}
}

func (in *inspector) accounts(d intake.AppDetail, t *appTrail) {
	for _, a := range d.Accounts {
		place := fmt.Sprintf("account %d", a.ID)
		if !slices.ContainsFunc(t.accounts, a.Created.Equal) {
			in.access(place, "应用%q的账户%q没有建立的审计记录", d.Name, a.Name)
		}
		if a.Disabled != t.off[a.Name] {
			in.access(place, "应用%q的账户%q的停用状态与最近一条审计记录不符", d.Name, a.Name)
		}
	}
}

// operatorTrail is the state of an operator that follows from the audit.
type operatorTrail struct {
	created  []time.Time // the first administrator's is that of the enrolment
	role     string
	disabled bool
	password time.Time // the time at which it was set last; zero: it was removed
	waits    waitTrail
}

// followOperator follows an entry that may concern an operator.
func (t *trail) followOperator(e intake.AuditEntry) {
	if !e.Action.In("operator") && e.Action != intake.ActionPasswordChange {
		return
	}
	o := t.operators[e.Target]
	if o == nil {
		o = &operatorTrail{}
		t.operators[e.Target] = o
	}
	o.waits.follow(e)
	facts := e.AnyFacts()
	switch e.Action {
	case intake.ActionOperatorCreate:
		o.created = append(o.created, e.At)
	case intake.ActionOperatorEnrol:
		o.created = append(o.created, e.At)
		o.password = e.At
	case intake.ActionPasswordChange:
		o.password = e.At
	case intake.ActionOperatorReset:
		if facts.Get(intake.FactDefers) == "" {
			o.password = time.Time{}
		}
	case intake.ActionOperatorRefuse:
		o.disabled = o.disabled || intake.ChangeCalled(facts.Get(intake.FactChange)).Suspends()
	case intake.ActionOperatorApprove, intake.ActionOperatorApproveEmergency:
		if facts.Get(intake.FactChange) == intake.ChangeRenew.String() {
			o.password = time.Time{}
		}
	case intake.ActionOperatorDisable, intake.ActionOperatorEnable:
		o.disabled = e.Action == intake.ActionOperatorDisable
	}
	if e.Action == intake.ActionOperatorAskRole || e.Action == intake.ActionOperatorRefuse {
		return // the operator does not have the role yet
	}
	if role := facts.Get(intake.FactRole); role != "" {
		o.role = role
	}
}

// operators compares the operators with their entries.
func (in *inspector) operators() error {
	all, err := in.tx.Operators()
	if err != nil {
		return err
	}
	for _, o := range all {
		t, place := in.trail.operators[o.Name], "operator "+o.Name
		delete(in.trail.operators, o.Name)
		if t == nil || !slices.ContainsFunc(t.created, o.Created.Equal) {
			in.access(place, "操作员%q没有同一时间的建立记录", o.Name)
			continue
		}
		if t.role != o.Role.String() {
			in.found(faultOf(FaultAccess, intake.Case{}, "操作员%q的角色与最近一条审计记录不符", o.Name).
				of(place, t.role, o.Role.String()))
		}
		if o.Disabled != t.disabled {
			in.access(place, "操作员%q的停用状态与最近一条审计记录不符", o.Name)
		}
		if !o.PasswordSet.Equal(t.password) || t.password.IsZero() != (o.Password == "") {
			in.found(faultOf(FaultAccess, intake.Case{}, "操作员%q的密码不是审计记录中最近一次设置的", o.Name).
				of(place, moment(t.password), moment(o.PasswordSet)))
		}
		in.waits(o, t.waits)
	}
	for name, t := range in.trail.operators {
		if len(t.created) > 0 {
			in.access("operator "+name, "审计记录中建立的操作员%q不见了", name)
		}
	}
	return nil
}

// policySet follows an entry of changed policies.
func (t *trail) policySet(e intake.AuditEntry) {
	for _, p := range (intake.Policies{}).List() {
		if v, set := intake.PolicySaid(e.Detail, p); set {
			t.policies[p.Kind] = v
		}
	}
}

// policies compares the policies with the entries that set them.
func (in *inspector) policies() error {
	ps, err := intake.PoliciesIn(in.tx)
	if err != nil {
		return err
	}
	for _, p := range ps.List() {
		want, set := in.trail.policies[p.Kind]
		if !set {
			want = p.Default
		}
		if p.Value != want {
			in.found(faultOf(FaultAccess, intake.Case{}, "安全策略“%s”与最近一条审计记录不符", p.Title).
				of(fmt.Sprintf("policy %d", p.Kind), fmt.Sprint(want), fmt.Sprint(p.Value)))
		}
	}
	return nil
}
