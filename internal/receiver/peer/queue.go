package peer

import "sync"

// Queue bounds how many may be under way at something costly: so many of one source, and so many in all. A caller that
// finds it full is turned away at once rather than made to wait. Safe for concurrent use.
type Queue struct {
	ofSource, all int

	mu sync.Mutex
	of map[string]int
	n  int
}

// NewQueue returns a Queue with room for so many of one source and so many in all.
func NewQueue(ofSource, all int) *Queue {
	return &Queue{ofSource: ofSource, all: all, of: make(map[string]int)}
}

// Enter takes a place for a source. ok: there was one, and leave gives it back; it is to be called once.
func (q *Queue) Enter(source string) (leave func(), ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.n >= q.all || q.of[source] >= q.ofSource {
		return nil, false
	}
	q.n++
	q.of[source]++
	return func() { q.leave(source) }, true
}

func (q *Queue) leave(source string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.n--
	if q.of[source]--; q.of[source] == 0 {
		delete(q.of, source)
	}
}
