package store

import (
	"errors"
	"fmt"

	"diaoxiao/internal/bodies"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
	"diaoxiao/internal/receiver/store/schema"
)

// place returns where the next small body of n bytes goes: into the pack being filled, or a new one where there is none
// or it is full. It is there only once add has put it there.
func (t *handle) place(n int) (packNo, offset int64, err error) {
	g := t.group
	if len(g.pack)+n > bodies.MaxPack {
		err := g.finishPack(t)
		if err == nil {
			err = t.Flush() // the next pack is made where this one lies
		}
		if err != nil {
			return 0, 0, err
		}
	}
	if g.packNo == 0 {
		if g.lastPack == 0 {
			if err := t.Row([]any{&g.lastPack}, lastPackQuery); err != nil {
				return 0, 0, err
			}
		}
		return g.lastPack + 1, 0, nil
	}
	return g.packNo, int64(len(g.pack)), nil
}

// lastPackQuery is the highest number of a pack.
const lastPackQuery = "SELECT COALESCE(MAX(pack_no), 0) FROM pack"

// add puts a small body where place said.
func (g *group) add(packNo int64, small []byte) {
	if g.packNo == 0 {
		g.packNo, g.lastPack, g.pack = packNo, packNo, g.pack[:0]
	}
	g.pack = append(g.pack, small...)
}

func (g *group) finishPack(t *handle) error {
	if g.packNo == 0 {
		return nil
	}
	g.zipped = packer().EncodeAll(g.pack, g.zipped[:0])
	err := t.putting(packTable, 1, func(_ int, to []any) []any { return append(to, g.packNo, len(g.pack), g.zipped) })
	g.packNo = 0
	return err
}

// packTable is where packs are put.
var packTable = into(schema.Named("pack"), engine.Refuse)

// readPack returns the bodies of pack no, one after the other.
func readPack(no int64, get fetch) ([]byte, error) {
	data, err := get("SELECT data FROM pack WHERE pack_no = $1", no)
	if errors.Is(err, intake.ErrNotFound) {
		return nil, fmt.Errorf("%w: pack %d is missing", intake.ErrDamaged, no)
	}
	if err != nil {
		return nil, err
	}
	raw, err := bodies.Unpack(data)
	if err != nil {
		return nil, fmt.Errorf("%w: pack %d: %w", intake.ErrDamaged, no, err)
	}
	return raw, nil
}
