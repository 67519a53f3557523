package evidencelog_test

import (
	"errors"
	"testing"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/seal"
	"diaoxiao/internal/receiver/evidencelog"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/receivertest"
)

// TestRotate replaces the keys of a log that goes on, on both engines: the old receipt holds under the old policy, the
// new ones under that with the statement and under the new policy; a node that has the old keys alone signs nothing.
func TestRotate(t *testing.T) {
	for name, place := range places() {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t, place(t))
			first := o.send("一号", receivertest.Entities(0, 2)...)
			o.sign()
			old, before := o.receipt(first, evidencelog.Content{}), o.checkpoint()
			next, err := seal.Generate(origin, seal.MLDSA)
			o.must(err)
			statement, err := evidencelog.Rotate(t.Context(), o.desk, intake.Actor("cli:x"), evidencelog.KeysOf(o.keys),
				next, o.memory)
			o.must(err)

			second := o.send("二号", receivertest.Entities(5, 1)...)
			if err := o.signer.Pass(t.Context()); !errors.Is(err, evidencelog.ErrReplaced) {
				t.Errorf("a node with the old keys: %v", err)
			}
			_, err = evidencelog.Rotate(t.Context(), o.desk, intake.Actor("cli:x"), evidencelog.KeysOf(o.keys), next,
				o.memory)
			if !errors.Is(err, evidencelog.ErrReplaced) {
				t.Errorf("replaced by the old keys alone: %v", err)
			}
			all := evidencelog.KeysOf(o.keys, next)
			o.signer = evidencelog.NewSigner(o.desk, nil, all, o.memory)
			o.sign()

			followed, err := o.policy().Follow(statement)
			o.must(err)
			for _, id := range []string{first, second} {
				file := o.receipt(id, evidencelog.Content{Whole: true})
				if _, err := verifyFile(o.policy(), file); !isFault(err, evidence.PartCheckpoint) {
					t.Errorf("new keys under the old policy alone: %v", err)
				}
				v, err := verifyFile(followed, file)
				o.must(err)
				if len(v.Signed.By) != 3 {
					t.Errorf("signed by %v", v.Signed.By)
				}
				_, err = verifyFile(o.policy(next.VerifierKeys()...), file)
				o.must(err)
			}
			for _, p := range []evidence.Policy{o.policy(), followed} {
				_, err := verifyFile(p, old)
				o.must(err)
			}
			c, err := o.log.Consistency(t.Context(), intake.Actor("cli:x"), before, nil)
			o.must(err)
			if _, _, err := followed.VerifyConsistency(c); err != nil {
				t.Errorf("the log did not go on: %v", err)
			}
			if faults, _ := o.checkUnder(followed); len(faults) > 0 {
				t.Errorf("%q", faults)
			}
			at, kept, err := o.log.InUse(t.Context(), intake.Actor("cli:x"), all)
			if err != nil || at != 1 || string(kept) != string(statement) {
				t.Errorf("in use: %d, %v", at, err)
			}
		})
	}
}

// checkpoint is the last checkpoint.
func (o *office) checkpoint() []byte {
	o.Helper()
	note, err := o.log.Checkpoint(o.Context(), intake.Actor("cli:x"))
	o.must(err)
	return note
}
