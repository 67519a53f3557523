package evidencelog

import (
	"diaoxiao/internal/evidence/merkle"
	"diaoxiao/internal/receiver/intake"
)

// storedTiles are the tiles of a log in a transaction.
type storedTiles struct {
	tx    intake.Tx
	logNo int64
}

// Tile implements merkle.Tiles.
func (s storedTiles) Tile(id merkle.TileID) (merkle.Tile, error) {
	return s.tx.EvidenceTile(s.logNo, id)
}

// growth is what a batch adds to the trees of a log.
type growth struct {
	edge *merkle.Edge
	full map[merkle.TileID]merkle.Tile
}

func newGrowth(edge *merkle.Edge) *growth { return &growth{edge, make(map[merkle.TileID]merkle.Tile)} }

// add adds the next leaf.
func (g *growth) add(leaf []byte) error {
	g.edge.Add(merkle.LeafPair(leaf), func(id merkle.TileID, t merkle.Tile) { g.full[id] = t })
	return nil
}

// put stores what was added.
func (g *growth) put(tx intake.Tx, logNo int64) (err error) {
	put := func(id merkle.TileID, t merkle.Tile) {
		if err == nil {
			err = tx.PutEvidenceTile(logNo, id, t)
		}
	}
	for id, t := range g.full {
		put(id, t)
	}
	g.edge.Each(put)
	return err
}
