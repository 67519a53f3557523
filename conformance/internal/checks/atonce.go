package checks

import (
	"bytes"
	"diaoxiao/api"
	"diaoxiao/conformance/internal/trial"
	"diaoxiao/conformance/internal/wire"
	"strconv"
)

func itoa(n int) string { return strconv.Itoa(n) }

// different sends different cases at the same moment, one in each of the sessions, a few times over, and demands that
// each gets an acceptid of its own and has it when it is sent again.
func different(t *trial.Trial, tokens []string, rounds int) {
	comparing(t)
	for range rounds {
		var requests []wire.Request
		for _, token := range tokens {
			requests = append(requests, wire.Request{Call: api.Receive, Token: token, Body: t.NewCase().Bytes()})
		}
		answers := t.Together(requests)
		for i, a := range answers {
			a.Accepted()
			for _, other := range answers[:i] {
				if a.AcceptID() == other.AcceptID() {
					a.Another(other, "同时报送的")
				}
			}
		}
		for i, r := range requests {
			unchanged(t, r, answers[i])
			t.Do(r).Repeats(answers[i])
		}
	}
}

// unchanged sends a case of those that were sent at the same moment with a change, before it is sent again: a target
// that answered and did not keep it would take whatever comes next. One that takes every change is named by
// basicChange.
func unchanged(t *trial.Trial, r wire.Request, first *trial.Answer) {
	if t.HasFailed(trial.BasicChange) {
		return
	}
	body := date.ReplaceAll(r.Body, []byte(`${1}2024-06-26"`)) // and more: a single member has checks of its own
	r.Body = bytes.Replace(body, []byte(`"legal":"联调测试"`), []byte(`"legal":"另一人"`), 1)
	t.Do(r).RefusedAfter(first, "同时受理的一件，改变的是 penaltydate 和 legal")
}

// loginsApart logs two apps in at the same moment, several times, and demands that each token is good for the cases of
// its app: a case of the one is another case for the other.
func loginsApart(t *trial.Trial) {
	t.StrangerSession()
	idempotent(t)
	c := t.NewCase()
	mine := t.Accept(c)
	theirs := t.SendAs(t.StrangerSession(), c.With("penalty", "吊销营业执照（另一应用）"))
	theirs.Another(mine, "另一应用的同一编号")
	apps := []trial.Credentials{t.Credentials, t.Stranger}
	var logins []wire.Request
	for i := range 8 {
		logins = append(logins, wire.Request{Call: api.Login, Body: t.LoginBody(apps[i%2])})
	}
	for i, a := range t.Together(logins) {
		t.Took(a.Token())
		a.Succeeds()
		t.Owner[a.Token()] = apps[i%2]
		if i%2 == 0 {
			t.SendAs(a.Token(), c).Repeats(mine)
		} else {
			t.SendAs(a.Token(), c.With("penalty", "吊销营业执照（另一应用）")).Repeats(theirs)
		}
	}
}

// eightSessions are tokens to send in at the same moment: of both accounts where there are two.
func eightSessions(t *trial.Trial) (tokens []string) {
	who := []trial.Credentials{t.Credentials}
	if t.Colleague != "" {
		who = append(who, t.ColleagueAccount())
	}
	for i := range 8 {
		tokens = append(tokens, t.LoginAs(who[i%len(who)]))
	}
	return tokens
}

// sameID sends cases of both apps under the same caseids at the same moment.
func sameID(t *trial.Trial) {
	t.StrangerSession()
	idempotent(t)
	tokens := []string{t.Login(), t.StrangerSession()}
	for range 3 {
		c := t.NewCase()
		bodies := [][]byte{c.Bytes(), c.With("penalty", "吊销营业执照（另一应用）").Bytes()}
		var requests []wire.Request
		for i := range 4 {
			requests = append(requests, wire.Request{Call: api.Receive, Token: tokens[i%2], Body: bodies[i%2]})
		}
		answers := t.Together(requests)
		answers[0].Accepted()
		answers[1].Another(answers[0], "另一应用的同一编号")
		answers[2].Repeats(answers[0])
		answers[3].Repeats(answers[1])
		unchanged(t, requests[0], answers[0])
		unchanged(t, requests[1], answers[1])
	}
}
