package grid

// Doubt is why a cell may not say what a person sees or meant.
type Doubt uint8

const (
	ShownElse  Doubt = iota // it is shown as something else
	ShownSome               // its format shows something that is not worked out here
	ShownSplit              // it is shown with separators of thousands
	FewDigits               // a number that was written with fewer digits than it has
	DayUnseen               // a date of which the day is not shown
	YearUnseen              // a date of which the year is not shown
	TooEarly                // a date of the first two months of 1900, as small numbers become
	TimeOfDay               // a date with a time
	OtherDay                // a date with a time that looks like midnight somewhere else
	Since1904               // a date counted from 1904
)

// Odd is what is doubtful about a cell, and what is seen or may be meant instead.
type Odd struct {
	Doubt
	Seen  string
	Other string // the day that may be meant
}

// Holds reports whether a person must agree before the case is sent.
func (o *Odd) Holds() bool { return o.Doubt == FewDigits || o.Doubt == OtherDay }
