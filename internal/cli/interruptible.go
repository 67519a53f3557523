package cli

import "context"

// Interruptible is the result of read, or the error of ctx once it ends. A read that cannot be interrupted by itself,
// as reading from a terminal, is then left to the end of the program.
func Interruptible[T any](ctx context.Context, read func() (T, error)) (value T, err error) {
	if err := ctx.Err(); err != nil {
		return value, err
	}
	done := make(chan struct{})
	var got T
	var failed error
	go func() {
		defer close(done)
		got, failed = read()
	}()
	select {
	case <-ctx.Done():
		return value, ctx.Err()
	case <-done:
		return got, failed
	}
}
