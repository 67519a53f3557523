package intake

import "context"

// Claim is a number of cases that one verifier has taken: no other verifier takes them until the claim ends. When the
// process dies, its claims end. It is for one goroutine, but for View where it
// is Beside.
type Claim interface {
	// Cases are the cases of the claim, in order of case numbers.
	Cases() []Case
	// View reads derived data: that of this claim, and that of claims which other verifiers have ended.
	View(ctx context.Context, f func(Tx) error) error
	// Write stores derived rows, as Store.Background does. They may be undone until End has succeeded.
	Write(ctx context.Context, f func(Tx) error) error
	// Await returns once the derived rows of all cases before those of this claim are in place, so that View sees them.
	Await(ctx context.Context) error
	// Beside reports whether there is no other verifier, so that nothing is to be awaited, and View may run in another
	// goroutine beside Write, part of whose rows it then sees.
	Beside() bool
	// End ends the claim. After an error, and where done is false, its cases may wait for verification as before;
	// otherwise they are verified, and so is every case up to the number returned.
	End(ctx context.Context, done bool) (upTo int64, err error)
}
