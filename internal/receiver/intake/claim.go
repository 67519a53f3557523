package intake

import "context"

// Claim is cases that one verifier has taken: no other takes them until it ends. A process that dies gives its claims
// back. It is for one goroutine.
type Claim interface {
	// Cases are those taken, in order of case numbers.
	Cases() []Case
	// View reads what is derived, of this claim and of what other verifiers have ended.
	View(ctx context.Context, f func(Tx) error) error
	// Write puts derived rows, as Store.Background does. They may be undone until the claim has ended well.
	Write(ctx context.Context, f func(Tx) error) error
	// Await returns once the derived rows of all cases before those of this claim are in place, so that View sees them.
	Await(ctx context.Context) error
	// End ends the claim. After an error, and where done is false, its cases may wait for verification as before;
	// otherwise they are verified, and so is every case up to the number returned.
	End(ctx context.Context, done bool) (upTo int64, err error)
}
