package bodies

import (
	"crypto/sha256"
	"errors"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// ErrOutside: a pack does not reach to where a body should lie in it.
var ErrOutside = errors.New("outside of its pack")

// Place is where a small body lies, and its digest.
type Place struct {
	Pack          int64
	Offset, Bytes int64
	SHA256        [sha256.Size]byte
}

// in finds a body in its pack.
func (p Place) in(raw []byte) ([]byte, error) {
	if p.Offset < 0 || p.Bytes < 0 || p.Offset+p.Bytes > int64(len(raw)) {
		return nil, ErrOutside
	}
	return raw[p.Offset : p.Offset+p.Bytes], nil
}

// decoder is stateless in use and shared.
var decoder = sync.OnceValue(func() *zstd.Decoder {
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(4*MaxPack))
	if err != nil {
		panic(err) // of constant options
	}
	return d
})

// Unpack returns the bodies of a pack, one after the other.
func Unpack(pack []byte) ([]byte, error) { return decoder().DecodeAll(pack, nil) }

// Cache holds the pack read last: cases are read in order. Its zero value is ready, and safe for concurrent use.
type Cache struct {
	mu  sync.Mutex // never held while a pack is read: reading waits for a connection, whose holder may wait for mu
	no  int64
	raw []byte // never changed
}

// Body returns a body, which must not be changed; read reads its pack, uncompressed. Anything that is held may be of a
// pack that was lost, under whose number there is another now: then it is read anew. The digest of what was read is not
// compared.
func (c *Cache) Body(at Place, read func() ([]byte, error)) ([]byte, error) {
	if no, raw := c.held(); no == at.Pack {
		if b, err := at.in(raw); err == nil && sha256.Sum256(b) == at.SHA256 {
			return b, nil
		}
	}
	raw, err := read()
	if err != nil {
		return nil, err
	}
	c.hold(at.Pack, raw)
	return at.in(raw)
}

func (c *Cache) held() (no int64, raw []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.no, c.raw
}

func (c *Cache) hold(no int64, raw []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.no, c.raw = no, raw
}
