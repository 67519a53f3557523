package conformance

import (
	"bytes"
	"diaoxiao/api"
	"strconv"
)

func itoa(n int) string { return strconv.Itoa(n) }

// different sends different cases at the same moment, one in each of the sessions, a few times over, and demands that
// each gets an acceptid of its own and has it when it is sent again.
func different(t *trial, tokens []string, rounds int) {
	comparing(t)
	for range rounds {
		var requests []request
		for _, token := range tokens {
			requests = append(requests, request{call: api.Receive, token: token, body: t.newCase().bytes()})
		}
		answers := t.together(requests)
		for i, a := range answers {
			a.accepted()
			for _, other := range answers[:i] {
				if a.acceptID() == other.acceptID() {
					a.another(other, "同时报送的")
				}
			}
		}
		for i, r := range requests {
			unchanged(t, r, answers[i])
			t.do(r).repeats(answers[i])
		}
	}
}

// unchanged sends a case of those that were sent at the same moment with a change, before it is sent again: a target
// that answered and did not keep it would take whatever comes next. One that takes every change is named by
// basicChange.
func unchanged(t *trial, r request, first *answer) {
	if t.hasFailed(basicChange) {
		return
	}
	body := date.ReplaceAll(r.body, []byte(`${1}2024-06-26"`)) // and more: a single member has checks of its own
	r.body = bytes.Replace(body, []byte(`"legal":"联调测试"`), []byte(`"legal":"另一人"`), 1)
	t.do(r).refusedAfter(first, "同时受理的一件，改变的是 penaltydate 和 legal")
}

// loginsApart logs two apps in at the same moment, several times, and demands that each token is good for the cases of
// its app: a case of the one is another case for the other.
func loginsApart(t *trial) {
	t.stranger()
	idempotent(t)
	c := t.newCase()
	mine := t.accept(c)
	theirs := t.sendAs(t.stranger(), c.with("penalty", "吊销营业执照（另一应用）"))
	theirs.another(mine, "另一应用的同一编号")
	apps := []Credentials{t.Credentials, t.Stranger}
	var logins []request
	for i := range 8 {
		logins = append(logins, request{call: api.Login, body: t.credentials(apps[i%2])})
	}
	for i, a := range t.together(logins) {
		t.took(a.token())
		a.succeeds()
		t.owner[a.token()] = apps[i%2]
		if i%2 == 0 {
			t.sendAs(a.token(), c).repeats(mine)
		} else {
			t.sendAs(a.token(), c.with("penalty", "吊销营业执照（另一应用）")).repeats(theirs)
		}
	}
}

// sessions are tokens to send in at the same moment: of both accounts where there are two.
func eightSessions(t *trial) (tokens []string) {
	who := []Credentials{t.Credentials}
	if t.Colleague != "" {
		who = append(who, Credentials{t.AppKey, t.AppSecret, t.Colleague})
	}
	for i := range 8 {
		tokens = append(tokens, t.loginAs(who[i%len(who)]))
	}
	return tokens
}

// sameID sends cases of both apps under the same caseids at the same moment.
func sameID(t *trial) {
	t.stranger()
	idempotent(t)
	tokens := []string{t.login(), t.stranger()}
	for range 3 {
		c := t.newCase()
		bodies := [][]byte{c.bytes(), c.with("penalty", "吊销营业执照（另一应用）").bytes()}
		var requests []request
		for i := range 4 {
			requests = append(requests, request{call: api.Receive, token: tokens[i%2], body: bodies[i%2]})
		}
		answers := t.together(requests)
		answers[0].accepted()
		answers[1].another(answers[0], "另一应用的同一编号")
		answers[2].repeats(answers[0])
		answers[3].repeats(answers[1])
		unchanged(t, requests[0], answers[0])
		unchanged(t, requests[1], answers[1])
	}
}
