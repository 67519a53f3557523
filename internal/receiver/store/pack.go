package store

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
	"diaoxiao/internal/receiver/store/schema"
)

// maxPack bounds one pack; reading one small body decompresses its whole pack.
const maxPack = 512 << 10

// place returns where the next small body of n bytes goes: into the pack being filled, or a new one where there is none
// or it is full. It is there only once add has put it there.
func (t *handle) place(n int) (packNo, offset int64, err error) {
	g := t.group
	if len(g.pack)+n > maxPack {
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
	g.zipped = packEncoder().EncodeAll(g.pack, g.zipped[:0])
	err := t.putting(packTable, 1, func(_ int, to []any) []any { return append(to, g.packNo, len(g.pack), g.zipped) })
	g.packNo = 0
	return err
}

// packTable is where packs are put.
var packTable = into(schema.Named("pack"), engine.Refuse)

// packEncoder and packDecoder are stateless in use and shared.
var (
	packEncoder = sync.OnceValue(func() *zstd.Encoder {
		e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(windowSize))
		if err != nil {
			panic(err) // of constant options
		}
		return e
	})
	packDecoder = sync.OnceValue(func() *zstd.Decoder {
		d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(4*maxPack))
		if err != nil {
			panic(err)
		}
		return d
	})
)

// packCache holds the pack read last: cases are read in order.
type packCache struct {
	mu  sync.Mutex // never held while a pack is read: that waits for a reader, and who has one may wait for mu
	no  int64
	raw []byte // never changed
}

// body returns the body of a case. What is held may be of a pack that was lost with a primary, under whose number there
// is another now: then it is read anew.
func (p *packCache) body(c intake.Case, get fetch) ([]byte, error) {
	if no, raw := p.held(); no == c.Pack {
		if b, err := cut(raw, c); err == nil && sha256.Sum256(b) == c.SHA256 {
			return b, nil
		}
	}
	raw, err := readPack(c.Pack, get)
	if err != nil {
		return nil, err
	}
	p.hold(c.Pack, raw)
	return cut(raw, c)
}

func (p *packCache) held() (no int64, raw []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.no, p.raw
}

func (p *packCache) hold(no int64, raw []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.no, p.raw = no, raw
}

// cut finds the body of a case in its pack.
func cut(raw []byte, c intake.Case) ([]byte, error) {
	if c.Offset < 0 || c.Bytes < 0 || c.Offset+c.Bytes > int64(len(raw)) {
		return nil, fmt.Errorf("%w: outside of pack %d", intake.ErrDamaged, c.Pack)
	}
	return raw[c.Offset : c.Offset+c.Bytes], nil
}

// readPack returns the bodies of pack no, one after the other.
func readPack(no int64, get fetch) ([]byte, error) {
	data, err := get("SELECT data FROM pack WHERE pack_no = $1", no)
	if errors.Is(err, intake.ErrNotFound) {
		return nil, fmt.Errorf("%w: pack %d is missing", intake.ErrDamaged, no)
	}
	if err != nil {
		return nil, err
	}
	raw, err := packDecoder().DecodeAll(data, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: pack %d: %w", intake.ErrDamaged, no, err)
	}
	return raw, nil
}
