package statistics

// Days is how many cases or firms took how many days.
type Days map[int]int

// add adds n that took that many days.
func (d Days) add(days, n int) {
	if n > 0 {
		d[days] += n
	}
}

// N is how many there are.
func (d Days) N() (n int) {
	for _, k := range d {
		n += k
	}
	return n
}

// Percentile is the number of days within which that many of a hundred are: in the order of days, the one at place
// N × percent ÷ 100, rounded up. Not ok: there are none.
func (d Days) Percentile(percent int) (days int, ok bool) {
	n := d.N()
	if n == 0 {
		return 0, false
	}
	place := (n*percent + 99) / 100
	for day := d.least(); ; day++ {
		if place -= d[day]; place <= 0 {
			return day, true
		}
	}
}

func (d Days) least() int {
	first, least := true, 0
	for day := range d {
		if first || day < least {
			first, least = false, day
		}
	}
	return least
}

// Timely is how many firms were published in time.
type Timely struct {
	OnTime int `json:"onTime,omitzero"`
	Late   int `json:"late,omitzero"` // published after the deadline, or not published although it is over
	Open   int `json:"open,omitzero"` // not published, and the deadline is not over: they count in no rate
}

// Of is how many firms the rate counts.
func (t Timely) Of() int { return t.OnTime + t.Late }
