package extract

import "hash/maphash"

// seen knows which keys there were and in which line, in some twenty bytes a key. It keeps hashes of 64 bits under a
// seed of its own, not the keys: of 2.5 million keys two different ones look alike once in three million imports, and
// then the import is refused and goes through when it is repeated.
type seen struct {
	seed   maphash.Seed
	shards [64]shard
}

// shard is a part of the keys, in open addressing. The shards grow one by one, so that there are never two tables of
// all keys.
type shard struct {
	keys  []uint64 // 0: none
	lines []uint32 // the highest bit is the flag
	n     int
}

const flagged = 1 << 31

func newSeen() *seen { return &seen{seed: maphash.MakeSeed()} }

// put takes a key in. Where it is there already it returns the line in which it was first, and whether that was flagged
// before; it is from now on.
func (s *seen) put(key string, line uint32) (first uint32, was, again bool) {
	h := maphash.String(s.seed, key) | 1
	p := &s.shards[h>>58]
	if p.n*4 >= len(p.keys)*3 {
		p.grow()
	}
	i := p.find(h)
	if p.keys[i] != 0 {
		first, was = p.lines[i]&^flagged, p.lines[i]&flagged != 0
		p.lines[i] |= flagged
		return first, was, true
	}
	p.keys[i], p.lines[i] = h, line
	p.n++
	return 0, false, false
}

// find is the place of a key, or the free one for it.
func (p *shard) find(h uint64) int {
	mask := len(p.keys) - 1
	i := int(h>>1) & mask
	for p.keys[i] != 0 && p.keys[i] != h {
		i = (i + 1) & mask
	}
	return i
}

func (p *shard) grow() {
	old := *p
	p.keys, p.lines = make([]uint64, max(64, 2*len(old.keys))), make([]uint32, max(64, 2*len(old.keys)))
	for i, h := range old.keys {
		if h != 0 {
			at := p.find(h)
			p.keys[at], p.lines[at] = h, old.lines[i]
		}
	}
}
