package intake

// rowStream reads something that belongs to rows of a list, in order of position and a page at a time.
type rowStream[T any] struct {
	read  func(from, limit int) ([]T, error)
	pos   func(T) int
	page  []T // of whole rows
	from  int // from where the next page begins
	limit int
	ended bool
}

// The number of rows of the first page of a stream, and of a large one.
const (
	firstPage = 128
	largePage = 2048
)

// next is the first position at or after a position that the stream has something of. ok false: there is none.
func (s *rowStream[T]) next(at int) (pos int, ok bool, err error) {
	for {
		for len(s.page) > 0 && s.pos(s.page[0]) < at {
			s.page = s.page[1:]
		}
		if len(s.page) > 0 {
			return s.pos(s.page[0]), true, nil
		}
		if s.ended {
			return 0, false, nil
		}
		s.from = max(s.from, at)
		if err := s.more(); err != nil {
			return 0, false, err
		}
	}
}

// more reads the next page, and leaves its last row for the page after, because it may go on there.
func (s *rowStream[T]) more() (err error) {
	s.limit = max(firstPage, min(4*s.limit, largePage))
	for {
		if s.page, err = s.read(s.from, s.limit); err != nil {
			return err
		}
		if len(s.page) < s.limit {
			s.ended = true
			return nil
		}
		last := s.pos(s.page[len(s.page)-1])
		n := len(s.page)
		for n > 0 && s.pos(s.page[n-1]) == last {
			n--
		}
		if s.from, s.page = last, s.page[:n]; n > 0 {
			return nil
		}
		s.limit *= 4 // one row fills the page
	}
}

// take returns what the stream has of a row. Positions must not go back.
func (s *rowStream[T]) take(at int) (all []T, err error) {
	pos, ok, err := s.next(at)
	if err != nil || !ok || pos != at {
		return nil, err
	}
	n := 0
	for n < len(s.page) && s.pos(s.page[n]) == at {
		n++
	}
	all, s.page = s.page[:n], s.page[n:]
	return all, nil
}
