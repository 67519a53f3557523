package merkle

import (
	"crypto/sha256"
	"hash"

	"github.com/emmansun/gmsm/sm3"
)

// Size is the length of a hash of either suite, in bytes.
const Size = 32

// Hash is a hash of either suite.
type Hash [Size]byte

// Suite is a hash function with the rules of RFC 6962, 2.1, for leaves and nodes. It is a merkle.LogHasher of
// github.com/transparency-dev/merkle.
type Suite int

// The suites, in the order of Pair.
const (
	SHA256 Suite = iota
	SM3          // GB/T 32905
)

// Suites are all suites.
func Suites() []Suite { return []Suite{SHA256, SM3} }

// String is the name of the hash function.
func (s Suite) String() string {
	if s == SM3 {
		return "SM3"
	}
	return "SHA-256"
}

// New is a new computation of the hash function.
func (s Suite) New() hash.Hash {
	if s == SM3 {
		return sm3.New()
	}
	return sha256.New()
}

// Sum is the hash of data.
func (s Suite) Sum(data []byte) Hash {
	if s == SM3 {
		return sm3.Sum(data)
	}
	return sha256.Sum256(data)
}

// Leaf is the hash of a leaf: of a zero byte and the leaf.
func (s Suite) Leaf(leaf []byte) Hash { return s.Sum(append([]byte{0}, leaf...)) }

// Node is the hash of a node: of a one byte, its left and its right child.
func (s Suite) Node(l, r Hash) Hash {
	var b [1 + 2*Size]byte
	b[0] = 1
	copy(b[1:], l[:])
	copy(b[1+Size:], r[:])
	return s.Sum(b[:])
}

// EmptyRoot is the root of the tree without leaves: the hash of nothing.
func (s Suite) EmptyRoot() []byte { h := s.Sum(nil); return h[:] }

// HashLeaf is Leaf.
func (s Suite) HashLeaf(leaf []byte) []byte { h := s.Leaf(leaf); return h[:] }

// HashChildren is Node.
func (s Suite) HashChildren(l, r []byte) []byte { h := s.Node(Hash(l), Hash(r)); return h[:] }

// Size is the length of a hash in bytes.
func (s Suite) Size() int { return Size }
