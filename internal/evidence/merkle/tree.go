package merkle

import "math/bits"

// Tree makes the root of a tree of leaves that come one after another, in memory that grows with the logarithm of
// their number. The zero Tree has no leaf.
type Tree struct {
	size int64
	// whole are the roots of the perfect subtrees from left to right: one for each bit that is set in size.
	whole []Pair
}

// Add adds the next leaf by its hash.
func (t *Tree) Add(leaf Pair) {
	for n := t.size; n&1 == 1; n >>= 1 {
		last := len(t.whole) - 1
		leaf = nodePair(t.whole[last], leaf)
		t.whole = t.whole[:last]
	}
	t.whole = append(t.whole, leaf)
	t.size++
}

// With is the root of the tree with one leaf more, which is not added.
func (t *Tree) With(leaf Pair) Pair {
	more := Tree{t.size, append([]Pair(nil), t.whole...)}
	more.Add(leaf)
	return more.Root()
}

// Root is the root of the tree.
func (t *Tree) Root() Pair { return join(t.whole) }

// join is the root over perfect subtrees of falling size.
func join(whole []Pair) (root Pair) {
	if len(whole) == 0 {
		return SumPair(nil)
	}
	root = whole[len(whole)-1]
	for i := len(whole) - 2; i >= 0; i-- {
		root = nodePair(whole[i], root)
	}
	return root
}

// RootOf is the root over hashes of leaves, or of perfect subtrees of one size with the last one perhaps smaller.
func RootOf(hashes []Pair) Pair {
	switch len(hashes) {
	case 0:
		return SumPair(nil)
	case 1:
		return hashes[0]
	}
	k := split(len(hashes))
	return nodePair(RootOf(hashes[:k]), RootOf(hashes[k:]))
}

// split is the number of leaves of the left subtree: the largest power of two below n, of which there are two at least.
func split(n int) int { return 1 << (bits.Len(uint(n-1)) - 1) }

// PathOf is the path from leaf i to the root over hashes, from below: what tlog-proof calls the inclusion proof.
func PathOf(hashes []Pair, i int) (path []Pair) {
	if len(hashes) < 2 {
		return nil
	}
	if k := split(len(hashes)); i < k {
		return append(PathOf(hashes[:k], i), RootOf(hashes[k:]))
	} else {
		return append(PathOf(hashes[k:], i-k), RootOf(hashes[:k]))
	}
}
