package merkle_test

import (
	"fmt"
	"testing"

	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/merkle/testonly"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"diaoxiao/internal/evidence/merkle"
)

// stored are the tiles that a log handed over, as a store keeps them.
type stored map[merkle.TileID]merkle.Tile

func (s stored) put(id merkle.TileID, t merkle.Tile) { s[id] = append(merkle.Tile(nil), t...) }

func (s stored) Tile(id merkle.TileID) (merkle.Tile, error) { return s[id], nil }

func leaf(i int) []byte { return fmt.Append(nil, "leaf ", i) }

// grow adds leaves from one number to another, and stores all tiles.
func grow(e *merkle.Edge, s stored, from, to int) {
	for i := from; i < to; i++ {
		e.Add(merkle.LeafPair(leaf(i)), s.put)
	}
	e.Each(s.put)
}

// TestLog compares roots and proofs of logs of all kinds of sizes with the trees of others: transparency-dev/merkle for
// both suites, sumdb/tlog for SHA-256.
func TestLog(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		older := rapid.IntRange(0, 700).Draw(t, "older")
		newer := older + rapid.IntRange(0, 700).Draw(t, "more")
		s, e := stored{}, &merkle.Edge{}
		grow(e, s, 0, older)
		was := e.Root()
		e, err := merkle.LoadEdge(int64(older), s)
		if err != nil || e.Root() != was {
			t.Fatalf("the edge read again has another root, %v", err)
		}
		grow(e, s, older, newer)
		for _, suite := range merkle.Suites() {
			compare(t, suite, e, s, older, newer, was)
		}
	})
}

func compare(t *rapid.T, suite merkle.Suite, e *merkle.Edge, s stored, older, newer int, was merkle.Pair) {
	theirs := testonly.New(suite)
	for i := range newer {
		theirs.AppendData(leaf(i))
	}
	root := e.Root()[suite]
	if got := merkle.Hash(theirs.HashAt(uint64(newer))); got != root {
		t.Fatalf("%v: root of %d leaves is %x, theirs %x", suite, newer, root, got)
	}
	if newer == 0 {
		return
	}
	i := rapid.IntRange(0, newer-1).Draw(t, "index")
	path, err := merkle.Inclusion(int64(i), int64(newer), s)
	if err != nil {
		t.Fatal(err)
	}
	if err := merkle.VerifyInclusion(suite, int64(i), int64(newer), suite.Leaf(leaf(i)),
		merkle.Slices(suite, path), root); err != nil {
		t.Fatalf("%v: leaf %d of %d: %v", suite, i, newer, err)
	}
	if suite == merkle.SHA256 {
		checkWithTlog(t, path, i, newer, root)
	}
	if older == 0 {
		return
	}
	proof, err := merkle.Consistency(int64(older), int64(newer), s)
	if err != nil {
		t.Fatal(err)
	}
	if err := merkle.VerifyConsistency(suite, int64(older), int64(newer), merkle.Slices(suite, proof),
		was[suite], root); err != nil {
		t.Fatalf("%v: %d continues %d: %v", suite, newer, older, err)
	}
}

func checkWithTlog(t *rapid.T, path []merkle.Pair, i, size int, root merkle.Hash) {
	var p tlog.RecordProof
	for _, h := range path {
		p = append(p, tlog.Hash(h[merkle.SHA256]))
	}
	if err := tlog.CheckRecord(p, int64(size), tlog.Hash(root), int64(i), tlog.RecordHash(leaf(i))); err != nil {
		t.Fatalf("sumdb/tlog refuses leaf %d of %d: %v", i, size, err)
	}
}

// TestTree compares the tree of a case, made leaf by leaf, and its paths with the tree of others.
func TestTree(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 4, 5, 7, 8, 9, 255, 256, 257, 1255} {
		var tree merkle.Tree
		theirs := testonly.New(rfc6962.DefaultHasher)
		var hashes []merkle.Pair
		for i := range n {
			tree.Add(merkle.LeafPair(leaf(i)))
			theirs.AppendData(leaf(i))
			hashes = append(hashes, merkle.LeafPair(leaf(i)))
		}
		if root := tree.Root(); root != merkle.RootOf(hashes) || root[0] != merkle.Hash(theirs.HashAt(uint64(n))) {
			t.Fatalf("the root of %d leaves differs", n)
		}
		for i := 0; i < n; i += 1 + n/9 {
			path := merkle.PathOf(hashes, i)
			for _, s := range merkle.Suites() {
				if err := merkle.VerifyInclusion(s, int64(i), int64(n), s.Leaf(leaf(i)),
					merkle.Slices(s, path), tree.Root()[s]); err != nil {
					t.Errorf("%v: leaf %d of %d: %v", s, i, n, err)
				}
			}
		}
	}
}

// TestShortTile refuses an edge and a proof of tiles that somebody cut.
func TestShortTile(t *testing.T) {
	s := stored{}
	grow(&merkle.Edge{}, s, 0, 10)
	s[merkle.TileID{}] = s[merkle.TileID{}][:7]
	if _, err := merkle.LoadEdge(10, s); err == nil {
		t.Error("the edge of a tile that was cut")
	}
	if _, err := merkle.Inclusion(2, 10, s); err == nil {
		t.Error("the path out of a tile that was cut")
	}
}

// TestSM3 compares the hash with the examples of GB/T 32905-2016, annex A.
func TestSM3(t *testing.T) {
	const abc = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
	if got := fmt.Sprintf("%x", merkle.SM3.Sum([]byte("abc"))); got != abc {
		t.Errorf("SM3(abc) = %s", got)
	}
}
