package statistics

// Counts are the numbers of some cases. All of them are sums, so that those of parts add up to those of the whole.
type Counts struct {
	Cases   int `json:"cases,omitzero"`
	Firms   int `json:"firms,omitzero"`   // on their lists
	Resent  int `json:"resent,omitzero"`  // of the cases: sent again after a return
	Repeats int `json:"repeats,omitzero"` // calls that sent a case once more, which are no cases
	Undated int `json:"undated,omitzero"` // of the cases: their penaltydate cannot be reckoned from

	ReturnedCases int `json:"returnedCases,omitzero"`

	// The firms by state. Pending, Ready and Held are those on which nobody decided; they are only known of now.
	Returned  int `json:"returned,omitzero"`
	Released  int `json:"released,omitzero"`
	Withheld  int `json:"withheld,omitzero"`
	Undecided int `json:"undecided,omitzero"`
	Pending   int `json:"pending,omitzero"`
	Ready     int `json:"ready,omitzero"`
	Held      int `json:"held,omitzero"`
	Published int `json:"published,omitzero"` // of the released ones

	Verified int         `json:"verified,omitzero"`  // firms of verified cases
	Findings map[int]int `json:"findings,omitempty"` // by rule
	Verdicts map[int]int `json:"verdicts,omitempty"` // firms of verified cases by register.Verdict

	Acceptance  Days `json:"acceptance,omitempty"`  // cases, from penaltydate to acceptance
	Release     Days `json:"release,omitempty"`     // firms, from penaltydate to release
	Publication Days `json:"publication,omitempty"` // firms, from penaltydate to publication

	Seven  Timely `json:"seven,omitzero"`
	Twenty Timely `json:"twenty,omitzero"`
}

// NewCounts are counts of nothing.
func NewCounts() Counts {
	return Counts{Findings: map[int]int{}, Verdicts: map[int]int{}, Acceptance: Days{}, Release: Days{},
		Publication: Days{}}
}

// Add adds the counts of other cases.
func (c *Counts) Add(o Counts) {
	for _, n := range c.numbers(&o) {
		*n[0] += *n[1]
	}
	addAll(c.Findings, o.Findings)
	addAll(c.Verdicts, o.Verdicts)
	addAll(c.Acceptance, o.Acceptance)
	addAll(c.Release, o.Release)
	addAll(c.Publication, o.Publication)
}

// numbers pairs the numbers of c with those of o.
func (c *Counts) numbers(o *Counts) [][2]*int {
	return [][2]*int{
		{&c.Cases, &o.Cases}, {&c.Firms, &o.Firms}, {&c.Resent, &o.Resent}, {&c.Repeats, &o.Repeats},
		{&c.Undated, &o.Undated}, {&c.ReturnedCases, &o.ReturnedCases}, {&c.Returned, &o.Returned},
		{&c.Released, &o.Released}, {&c.Withheld, &o.Withheld}, {&c.Undecided, &o.Undecided},
		{&c.Pending, &o.Pending}, {&c.Ready, &o.Ready}, {&c.Held, &o.Held}, {&c.Published, &o.Published},
		{&c.Verified, &o.Verified},
		{&c.Seven.OnTime, &o.Seven.OnTime}, {&c.Seven.Late, &o.Seven.Late}, {&c.Seven.Open, &o.Seven.Open},
		{&c.Twenty.OnTime, &o.Twenty.OnTime}, {&c.Twenty.Late, &o.Twenty.Late}, {&c.Twenty.Open, &o.Twenty.Open},
	}
}

func addAll(to, from map[int]int) {
	for k, n := range from {
		to[k] += n
	}
}

// AllFindings is the number of findings of all rules.
func (c Counts) AllFindings() int { return Days(c.Findings).N() }

// PerThousand is n of a thousand firms of verified cases.
func (c Counts) PerThousand(n int) Value { return perThousand(n, c.Verified) }
