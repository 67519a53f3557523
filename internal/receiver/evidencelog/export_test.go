package evidencelog

import "context"

// Beat is one beat of a signer while attempts come in at a rate, in a second.
func Beat(ctx context.Context, s *Signer, rate float64) (again bool, err error) {
	s.pace.rate = rate
	return s.beat(ctx)
}
