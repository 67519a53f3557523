package merkle

import "fmt"

// Path is the path of a tile of some width as c2sp.org/tlog-tiles has it, without "tile/": the level, then the number
// in groups of three digits; a partial tile has its width behind it.
func (id TileID) Path(width int) string {
	return fmt.Sprintf("%d/%s", id.Level, TilePath(id.No, width))
}

// TilePath is the path of the n-th tile of one level, or of the n-th bundle of entries.
func TilePath(n int64, width int) string {
	path := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		path = fmt.Sprintf("x%03d/%s", n%1000, path)
	}
	if width < TileWidth {
		path += fmt.Sprintf(".p/%d", width)
	}
	return path
}

// OfSuite are the hashes of one suite, as tlog-tiles stores them.
func (t Tile) OfSuite(s Suite) (b []byte) {
	for _, p := range t {
		b = append(b, p[s][:]...)
	}
	return b
}

// TilesOf are the places and widths of all tiles of a log of some size.
func TilesOf(size int64) (all []TileID, widths []int) {
	for level, n := int64(0), size; n > 0; level, n = level+1, n/TileWidth {
		for no := int64(0); no*TileWidth < n; no++ {
			all, widths = append(all, TileID{level, no}), append(widths, int(min(n-no*TileWidth, TileWidth)))
		}
	}
	return all, widths
}
