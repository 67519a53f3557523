package evidence_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/merkle"
	"diaoxiao/internal/evidence/seal"
)

const origin = "credit.example.cn/diaoxiao"

func generate(t *testing.T, beside ...seal.Kind) seal.Keys {
	t.Helper()
	keys, err := seal.Generate(origin, beside...)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func policyOf(t *testing.T, vkeys ...string) evidence.Policy {
	t.Helper()
	p, err := evidence.ParsePolicy(evidence.WritePolicy(vkeys...))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// checkpointOf is a checkpoint of some size, signed.
func checkpointOf(t *testing.T, size int64, keys seal.Keys) []byte {
	t.Helper()
	note, err := evidence.Checkpoint{Origin: origin, Size: size, Roots: merkle.SumPair([]byte{1}),
		At: time.UnixMilli(1764000000000)}.Sign(keys.Signers()...)
	if err != nil {
		t.Fatal(err)
	}
	return note
}

// TestPolicyMLDSA has a checkpoint of three signatures opened by each, and none altered outside of what was signed.
func TestPolicyMLDSA(t *testing.T) {
	keys := generate(t, seal.MLDSA)
	note, vkeys := checkpointOf(t, 3, keys), keys.VerifierKeys()
	_, by, err := policyOf(t, vkeys...).Open(note)
	if err != nil || !slices.Equal(by.By, []seal.Kind{seal.Ed25519, seal.SM2, seal.MLDSA}) || !by.Whole() {
		t.Errorf("%+v: %v", by, err)
	}
	for _, k := range vkeys {
		if _, by, err := policyOf(t, k).Open(note); err != nil || by.Unknown != 2 {
			t.Errorf("%.60s: %+v, %v", k, by, err)
		}
	}
	// Another time, with the signature that does not cover it alone.
	text, lines, _ := strings.Cut(string(note), "\n\n")
	last := strings.SplitAfter(lines, "\n")[2]
	altered := []byte(strings.Replace(text, "at 17", "at 16", 1) + "\n\n" + last)
	if _, _, err := policyOf(t, vkeys...).Open(altered); !errors.Is(err, evidence.ErrUntrusted) {
		t.Errorf("an altered time: %v", err)
	}
	if _, by, err := policyOf(t, vkeys[2]).Open(altered); err != nil || by.Whole() {
		t.Errorf("a policy that has only ML-DSA-44 must not say that the time is signed: %+v, %v", by, err)
	}
	root := bytes.Replace(note, []byte("\n3\n"), []byte("\n4\n"), 1)
	if _, _, err := policyOf(t, vkeys[2]).Open(root); err == nil {
		t.Error("another size is taken")
	}
}

// TestFollowKeys replaces keys twice: receipts of before hold, the old keys are trusted no further.
func TestFollowKeys(t *testing.T) {
	first, second, third := generate(t), generate(t, seal.MLDSA), generate(t)
	p := policyOf(t, first.VerifierKeys()...)
	statement := func(size int64, from, to seal.Keys) []byte {
		s, err := evidence.Succession{From: origin, To: origin, Keys: to.VerifierKeys(),
			Last: checkpointOf(t, size, from)}.Sign(from.Signers()...)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	to2, to3 := statement(5, first, second), statement(9, second, third)
	if _, err := p.Follow(to3); err == nil {
		t.Error("a statement by keys that are not trusted is followed")
	}
	p, err := p.Follow(to2)
	if err == nil {
		_, err = p.Follow(statement(7, first, third))
		if err == nil {
			t.Error("a statement by retired keys is followed")
		}
		p, err = p.Follow(to3)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		size int64
		by   seal.Keys
		want error
	}{{5, first, nil}, {6, first, evidence.ErrRetired}, {9, second, nil}, {10, second, evidence.ErrRetired},
		{10, third, nil}, {1 << 40, third, nil}, {1, generate(t), evidence.ErrUntrusted}} {
		_, _, err := p.Open(checkpointOf(t, c.size, c.by))
		if !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
			t.Errorf("size %d: %v, not %v", c.size, err, c.want)
		}
	}
}

// TestPolicyWitness names the witnesses that signed, with and without addresses.
func TestPolicyWitness(t *testing.T) {
	keys := generate(t)
	witness := "witness 甲 w.example.cn+a2f4f0f5+BE1l"
	_, err := evidence.ParsePolicy(evidence.WritePolicy(keys.VerifierKeys()...) + witness)
	if err == nil || !strings.Contains(err.Error(), "甲") {
		t.Errorf("%v", err)
	}
	line := fmt.Sprintf("witness 甲 %s\n", keys.VerifierKeys()[0])
	if _, err := evidence.ParsePolicy(evidence.WritePolicy(keys.VerifierKeys()...) + line); err == nil {
		t.Error("the key of a log is none of a witness")
	}
}
