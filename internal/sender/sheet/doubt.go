package sheet

// doubt is why a cell may not say what a person sees or meant.
type doubt uint8

const (
	shownElse  doubt = iota // it is shown as something else
	shownSome               // its format shows something that is not worked out here
	shownSplit              // it is shown with separators of thousands
	fewDigits               // a number that was written with fewer digits than it has
	dayUnseen               // a date of which the day is not shown
	yearUnseen              // a date of which the year is not shown
	tooEarly                // a date of the first two months of 1900, as small numbers become
	timeOfDay               // a date with a time
	otherDay                // a date with a time that looks like midnight somewhere else
	since1904               // a date counted from 1904
)

// odd is what is doubtful about a cell, and what is seen or may be meant instead.
type odd struct {
	doubt
	seen  string
	other string // the day that may be meant
}

// holds reports whether a person must agree before the case is sent.
func (o *odd) holds() bool { return o.doubt == fewDigits || o.doubt == otherDay }
