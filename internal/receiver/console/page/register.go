package page

import (
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/registrar"
)

// RegisterState is the state of the register as pages show it, by the template "register".
type RegisterState struct {
	registrar.State
	MayImport bool   // whoever looks may import one
	By        string // who imported it
}

// RegisterState is the state of the register now.
func (q *Request) RegisterState() (RegisterState, error) {
	s, err := q.Register.Current(q.Context(), q.Who)
	return RegisterState{s, q.Who.Role.May(intake.ImportRegister), q.Person(intake.Actor(s.Snapshot.By))}, err
}
