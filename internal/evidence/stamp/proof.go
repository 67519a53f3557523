package stamp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/emmansun/gmsm/smx509"

	"diaoxiao/internal/evidence/merkle"
)

// Item is a stamp with the checkpoint that it is for.
type Item struct {
	Note  []byte // the signed checkpoint
	Token []byte // the TimeStampToken; none: it is still to be made
}

// leaf is the item as a leaf of the tree that later stamps cover: the length in eight bytes and the bytes of the note,
// then of the stamp. Of the checkpoint that a stamp is for there is the note alone.
func (i Item) leaf() []byte {
	b := binary.BigEndian.AppendUint64(nil, uint64(len(i.Note)))
	b = append(b, i.Note...)
	if i.Token != nil {
		b = append(binary.BigEndian.AppendUint64(b, uint64(len(i.Token))), i.Token...)
	}
	return b
}

// leaves are the hashes of what the next stamp for a checkpoint covers.
func leaves(earlier []Item, note []byte) (all []merkle.Pair) {
	for _, i := range append(earlier[:len(earlier):len(earlier)], Item{Note: note}) {
		all = append(all, merkle.LeafPair(i.leaf()))
	}
	return all
}

// Cover is the hash that the next stamp is over, for a checkpoint and all stamps before.
func Cover(s merkle.Suite, earlier []Item, note []byte) merkle.Hash {
	return merkle.RootOf(leaves(earlier, note))[s]
}

// Check hands over the place of each stamp that is no stamp, or does not cover all before it and its checkpoint.
func Check(all []Item, wrong func(i int, err error)) {
	var tree merkle.Tree
	for i, item := range all {
		t, err := Parse(item.Token)
		if err == nil && t.Hash != tree.With(merkle.LeafPair(Item{Note: item.Note}.leaf()))[t.Suite] {
			err = errors.New("it covers something else")
		}
		if err != nil {
			wrong(i, err)
		}
		tree.Add(merkle.LeafPair(item.leaf()))
	}
}

// Step is a stamp of a proof. The first covers the checkpoint that it is for, each other one the step before it.
type Step struct {
	No   int64 // of the stamp: it covers No-1 stamps and one checkpoint
	Item Item
	Path []merkle.Hash // from what it covers to its hash
}

// NewStep is stamp all[no-1] as a step that covers stamp number covered, or its own checkpoint where that is no.
func NewStep(all []Item, no, covered int64, s merkle.Suite) Step {
	step := Step{No: no, Item: all[no-1]}
	for _, p := range merkle.PathOf(leaves(all[:no-1], step.Item.Note), int(covered-1)) {
		step.Path = append(step.Path, p[s])
	}
	return step
}

// Kind is why a step of a proof does not hold.
type Kind int

// The kinds of faults.
const (
	Malformed       Kind = iota + 1 // not a stamp, or its signature does not hold
	NotCovered                      // it covers something else: a stamp is missing or altered
	Untrusted                       // its certificate leads to no trusted root
	TooLate                         // a certificate had ended when the next stamp was made, or has by now
	AlgorithmBroken                 // an algorithm was broken when the next stamp was made, or is by now
)

// Fault is why a stamp does not hold.
type Fault struct {
	Kind Kind
	Err  error
}

func (f *Fault) Error() string { return f.Err.Error() }
func (f *Fault) Unwrap() error { return f.Err }

// Proved are the stamps of a proof that holds, first to last.
type Proved []Token

// Verify verifies that the checkpoint of the first step existed at the time of its stamp: each stamp covers the one
// before it and is relied on at the time of the next one, the last one now. The error is a *Fault, and names the
// number of the stamp.
func Verify(steps []Step, roots *smx509.CertPool, b Broken, now time.Time) (all Proved, err error) {
	if len(steps) == 0 {
		return nil, &Fault{Malformed, errors.New("there is no stamp")}
	}
	for i, s := range steps {
		t, err := Parse(s.Item.Token)
		if err != nil {
			return nil, &Fault{Malformed, fmt.Errorf("stamp %d: %w", s.No, err)}
		}
		if err := s.covers(steps[:i], t); err != nil {
			return nil, &Fault{NotCovered, fmt.Errorf("stamp %d: %w", s.No, err)}
		}
		all = append(all, t)
	}
	for i, t := range all {
		at := now
		if i+1 < len(all) {
			at = all[i+1].Time
		}
		var f *Fault
		if err := t.Hold(at, roots, b); errors.As(err, &f) {
			return nil, &Fault{f.Kind, fmt.Errorf("stamp %d: %w", steps[i].No, f.Err)}
		}
	}
	return all, nil
}

// covers fails unless a stamp is over the last of the steps before it, or over its own checkpoint where there is none.
func (s Step) covers(before []Step, t Token) error {
	index, leaf := s.No-1, Item{Note: s.Item.Note}
	if len(before) > 0 {
		last := before[len(before)-1]
		index, leaf = last.No-1, last.Item
	}
	if index < 0 || index >= s.No || len(before) > 0 && index == s.No-1 {
		return errors.New("the numbers of the stamps do not rise")
	}
	var path [][]byte
	for _, h := range s.Path {
		path = append(path, h[:])
	}
	return merkle.VerifyInclusion(t.Suite, index, s.No, t.Suite.Leaf(leaf.leaf()), path, t.Hash)
}
