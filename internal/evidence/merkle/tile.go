package merkle

import (
	"fmt"

	"github.com/transparency-dev/merkle/compact"
)

// The shape of tiles is that of c2sp.org/tlog-tiles: a tile is up to 256 hashes of one level, and each full tile is one
// hash of the tile level above it.
const (
	TileWidth  = 1 << tileHeight
	tileHeight = 8
)

// TileID is the place of a tile: level 0 has the hashes of leaves.
type TileID struct{ Level, No int64 }

// Tile is up to 256 hashes.
type Tile []Pair

// Tiles returns the tile at a place, as wide as it is stored.
type Tiles interface {
	Tile(id TileID) (Tile, error)
}

// wide reads a tile of at least some width.
func wide(from Tiles, id TileID, width int) (Tile, error) {
	t, err := from.Tile(id)
	if err == nil && len(t) < width {
		err = fmt.Errorf("tile %d of level %d has %d hashes, not %d", id.No, id.Level, len(t), width)
	}
	return t, err
}

// Edge is the right edge of a log: of each level the last tile, which may be empty and is never full. The zero Edge is
// an empty log.
type Edge struct {
	size  int64
	tiles []Tile
}

// LoadEdge reads the edge of a log of some size.
func LoadEdge(size int64, from Tiles) (e *Edge, err error) {
	e = &Edge{size: size}
	for level, n := int64(0), size; n > 0; level, n = level+1, n/TileWidth {
		var t Tile
		if w := int(n % TileWidth); w > 0 {
			if t, err = wide(from, TileID{level, n / TileWidth}, w); err != nil {
				return nil, err
			}
			t = append(make(Tile, 0, TileWidth), t[:w]...)
		}
		e.tiles = append(e.tiles, t)
	}
	return e, nil
}

// Size is the number of leaves.
func (e *Edge) Size() int64 { return e.size }

// Add adds the next leaf by its hash, and hands each tile that became full to full.
func (e *Edge) Add(leaf Pair, full func(TileID, Tile)) {
	n := e.size
	e.size++
	for level := int64(0); ; level++ {
		if int(level) == len(e.tiles) {
			e.tiles = append(e.tiles, nil)
		}
		t := append(e.tiles[level], leaf)
		if len(t) < TileWidth {
			e.tiles[level] = t
			return
		}
		full(TileID{level, n / TileWidth}, t)
		e.tiles[level], leaf, n = nil, RootOf(t), n/TileWidth
	}
}

// Each hands over the tiles of the edge that are not empty.
func (e *Edge) Each(f func(TileID, Tile)) {
	n := e.size
	for level, t := range e.tiles {
		if n /= TileWidth; len(t) > 0 {
			f(TileID{int64(level), n}, t)
		}
	}
}

// Root is the root of the log.
func (e *Edge) Root() Pair {
	var rest Tile
	for _, t := range e.tiles {
		if t = append(t[:len(t):len(t)], rest...); len(t) > 0 {
			rest = Tile{RootOf(t)}
		}
	}
	return RootOf(rest)
}

// node is the hash of one node of a log, out of its tile.
func node(id compact.NodeID, from Tiles) (Pair, error) {
	level, within := int64(id.Level/tileHeight), id.Level%tileHeight
	first := int64(id.Index) << within
	at := TileID{level, first / TileWidth}
	low := int(first % TileWidth)
	high := low + 1<<within
	t, err := wide(from, at, high)
	if err != nil {
		return Pair{}, err
	}
	return RootOf(t[low:high]), nil
}

// Encode is the tile as it is stored: of each pair the SHA-256 hash, then the SM3 hash.
func (t Tile) Encode() []byte {
	b := make([]byte, 0, len(t)*2*Size)
	for _, p := range t {
		b = append(append(b, p[0][:]...), p[1][:]...)
	}
	return b
}

// DecodeTile reads what Encode wrote.
func DecodeTile(b []byte) (t Tile, err error) {
	if len(b)%(2*Size) != 0 || len(b) > TileWidth*2*Size {
		return nil, fmt.Errorf("a tile of %d bytes", len(b))
	}
	for ; len(b) > 0; b = b[2*Size:] {
		t = append(t, Pair{Hash(b[:Size]), Hash(b[Size : 2*Size])})
	}
	return t, nil
}
