package merkle

import (
	"github.com/transparency-dev/merkle/proof"
)

// Inclusion is the path from a leaf to the root of a log of some size.
func Inclusion(index, size int64, from Tiles) ([]Pair, error) {
	nodes, err := proof.Inclusion(uint64(index), uint64(size))
	if err != nil {
		return nil, err
	}
	return read(nodes, from)
}

// Consistency is the proof that a log of one size continues the log of a smaller one.
func Consistency(older, newer int64, from Tiles) ([]Pair, error) {
	nodes, err := proof.Consistency(uint64(older), uint64(newer))
	if err != nil {
		return nil, err
	}
	return read(nodes, from)
}

// read reads the hashes of a proof.
func read(nodes proof.Nodes, from Tiles) (all []Pair, err error) {
	all = make([]Pair, len(nodes.IDs))
	for i, id := range nodes.IDs {
		if all[i], err = node(id, from); err != nil {
			return nil, err
		}
	}
	return rehash(nodes, all)
}

// rehash joins the nodes that a log of this size has not stored as one, for each suite.
func rehash(nodes proof.Nodes, all []Pair) (path []Pair, err error) {
	for _, s := range Suites() {
		hashes, err := nodes.Rehash(Slices(s, all), s.HashChildren)
		if err != nil {
			return nil, err
		}
		if path == nil {
			path = make([]Pair, len(hashes))
		}
		for i, h := range hashes {
			path[i][s] = Hash(h)
		}
	}
	return path, nil
}

// Slices are the hashes of one suite as the libraries of others take them.
func Slices(s Suite, all []Pair) [][]byte {
	hashes := make([][]byte, len(all))
	for i := range all {
		hashes[i] = all[i][s][:]
	}
	return hashes
}

// VerifyInclusion fails unless the leaf with this hash is at index of the tree with this size and root, in one suite.
func VerifyInclusion(s Suite, index, size int64, leaf Hash, path [][]byte, root Hash) error {
	return proof.VerifyInclusion(s, uint64(index), uint64(size), leaf[:], path, root[:])
}

// VerifyConsistency fails unless the log of the newer size and root continues the older one, in one suite.
func VerifyConsistency(s Suite, older, newer int64, path [][]byte, was, is Hash) error {
	return proof.VerifyConsistency(s, uint64(older), uint64(newer), path, was[:], is[:])
}
