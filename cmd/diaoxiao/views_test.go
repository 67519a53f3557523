package main

import "diaoxiao/internal/sender/reconcile"

// submitted is a case in the JSON lines of submit and outbox retry, as far as tests look at it.
type submitted struct {
	CaseID, AcceptID, State, Codes, Message, PenaltyDate, PenaltyOrg string
	Items                                                            int
	Doubts                                                           []struct{ Field string }
	First, Last                                                      *struct {
		Legal string
		At    struct{ Row int }
	}
}

// comparison is the JSON of reconcile, as far as tests look at it.
type comparison struct {
	Equal, Uncompared, Open, Elsewhere int64
	Differences                        []reconcile.Difference
}
