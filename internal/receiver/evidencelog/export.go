package evidencelog

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"diaoxiao/internal/evidence/merkle"
	"diaoxiao/internal/receiver/intake"
)

// Export hands over the files of the log as c2sp.org/tlog-tiles has them: checkpoint, tile/…, tile/entries/…, and the
// tiles of the SM3 tree as sm3/…. Entries have the facts of cases, but no text of a body. It reads only.
func (l *Log) Export(ctx context.Context, by intake.By, write func(path string, data []byte) error) error {
	if err := l.desk.Look(ctx, by, intake.Maintain, func(intake.Tx) error { return nil }); err != nil {
		return err
	}
	var t tip
	err := l.desk.Store().View(ctx, func(tx intake.Tx) (err error) {
		if t, err = newTip(tx); err != nil {
			return err
		}
		return errors.Join(t.cosign(), t.exportTiles(write))
	})
	if err != nil {
		return err
	}
	b := &bundler{write: write, size: t.last.Size}
	if err := l.eachLeaf(ctx, t, b.add); err != nil {
		return err
	}
	return write("checkpoint", t.last.Note)
}

// exportTiles hands over the tiles of both trees.
func (t tip) exportTiles(write func(string, []byte) error) error {
	ids, widths := merkle.TilesOf(t.last.Size)
	for i, id := range ids {
		tile, err := t.tx.EvidenceTile(t.log.No, id)
		if err != nil {
			return fmt.Errorf("tile %d of level %d: %w", id.No, id.Level, err)
		}
		tile = tile[:min(widths[i], len(tile))]
		for s, folder := range map[merkle.Suite]string{merkle.SHA256: "tile/", merkle.SM3: "sm3/"} {
			if err := write(folder+id.Path(widths[i]), tile.OfSuite(s)); err != nil {
				return err
			}
		}
	}
	return nil
}

// eachLeaf derives all leaves up to a tip.
func (l *Log) eachLeaf(ctx context.Context, t tip, f func(leaf []byte) error) error {
	m := maker{l.desk.Store(), t.log.Salt}
	for at := (intake.SignedCheckpoint{}); at.Size < t.last.Size; {
		var batch *source
		err := l.desk.Store().View(ctx, func(tx intake.Tx) (err error) {
			at, batch, err = nextBatch(tx, t.log.No, at.Checkpoint)
			return err
		})
		if err != nil {
			return err
		}
		if batch == nil {
			return ErrAltered
		}
		if err := m.each(batch, f); err != nil {
			return err
		}
	}
	return nil
}

// bundler puts leaves into bundles of entries: up to 256 leaves, each behind its length in two bytes.
type bundler struct {
	write  func(string, []byte) error
	size   int64
	n      int64
	bundle []byte
}

func (b *bundler) add(leaf []byte) error {
	if len(leaf) > 0xffff {
		return fmt.Errorf("leaf %d has %d bytes, more than an entry of tlog-tiles can have", b.n, len(leaf))
	}
	b.bundle = append(binary.BigEndian.AppendUint16(b.bundle, uint16(len(leaf))), leaf...)
	if b.n++; b.n%merkle.TileWidth != 0 && b.n != b.size {
		return nil
	}
	width := int((b.n-1)%merkle.TileWidth) + 1
	err := b.write("tile/entries/"+merkle.TilePath((b.n-1)/merkle.TileWidth, width), b.bundle)
	b.bundle = b.bundle[:0]
	return err
}
