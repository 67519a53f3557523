package intake

// TakeAtMost lets a verifier claim no more than so many cases at a time, so that several have something to do.
func (v *Verifier) TakeAtMost(cases int) { v.most = cases }
