package evidencelog

import (
	"errors"
	"slices"

	"golang.org/x/mod/sumdb/note"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/seal"
	"diaoxiao/internal/receiver/intake"
)

// Keys are the keys of one receiver: those that it began with, and those that replaced them, the newest last. The name
// of the first log is theirs; logs that continue it have names of their own, under which the same keys sign.
type Keys []seal.Keys

// KeysOf are the keys of a folder, in the order in which they replace each other.
func KeysOf(all ...seal.Keys) Keys { return all }

// ErrReplaced: the keys of the log were replaced by others that this node does not have.
var ErrReplaced = errors.New("the keys of the evidence log were replaced by keys that this node does not have: " +
	"copy the folder of the keys from where diaoxiao evidence rotate was run, and start the service again")

// inUse are the keys that a log is to be signed with, under its name, and the rotation that says so.
func (k Keys) inUse(tx intake.Tx, l intake.EvidenceLog) (seal.Keys, intake.Rotation, error) {
	r, err := tx.LastRotation(l.No)
	if err != nil && !errors.Is(err, intake.ErrNotFound) {
		return seal.Keys{}, r, err
	}
	statement := r.Statement
	if errors.Is(err, intake.ErrNotFound) {
		statement = l.Statement
	}
	if len(statement) == 0 {
		return k[0].For(l.Origin), r, nil
	}
	s, err := evidence.ParseSuccession(statement)
	if err != nil {
		return seal.Keys{}, r, err
	}
	i := slices.IndexFunc(k, func(one seal.Keys) bool { return slices.Equal(one.For(l.Origin).VerifierKeys(), s.Keys) })
	if i < 0 {
		return seal.Keys{}, r, ErrReplaced
	}
	return k[i].For(l.Origin), r, nil
}

// thatSigned are the keys that signed a checkpoint of some log, under its name: the newest that did.
func (k Keys) thatSigned(origin string, signed []byte) (seal.Keys, error) {
	for _, one := range slices.Backward(k) {
		one = one.For(origin)
		for _, vkey := range one.VerifierKeys() {
			v, _, err := seal.ParseKey(vkey)
			if err != nil {
				return one, err
			}
			if _, err := note.Open(signed, note.VerifierList(v)); err == nil {
				return one, nil
			}
		}
	}
	return seal.Keys{}, ErrReplaced
}
