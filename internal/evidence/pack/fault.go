package pack

import "fmt"

// Fault is what is wrong with one file of a package.
type Fault struct {
	Name  string
	Kind  FaultKind
	Err   error  // of FaultForm and FaultReceipt
	Row   int    // of the list of firms, from 1; 0: none
	Field string // of FaultValue: which value, as the file calls it
	Is    string // of FaultValue: in the file
	Want  string // of FaultValue: what the receipt proves
}

// FaultKind is a kind of fault.
type FaultKind int

// The kinds of faults.
const (
	FaultHash       FaultKind = iota + 1 // its hash is not the one in the list
	FaultGone                            // it is in the list, and not there
	FaultMissing                         // every package of this kind has it, and this one has not
	FaultUnlisted                        // it is not in the list
	FaultForeign                         // no package has such a file
	FaultTwice                           // its name is there twice
	FaultLarge                           // it is larger than it may be
	FaultForm                            // it can't be read
	FaultList                            // a line of a list of hashes can't be read, or names a file twice
	FaultReceipt                         // the receipt proves nothing
	FaultBody                            // it is not the body that the receipt is of
	FaultFirm                            // a package of one firm has the body, or one of a case the number of a firm
	FaultValue                           // a value is not the one that the receipt proves
	FaultStep                            // a step is not in the receipt, or a step of the receipt is missing
	FaultFirms                           // the list of firms is not the one that the receipt proves
	FaultIncomplete                      // the receipt does not show what that of a package shows
)

// Error is for programmers: people get words of the edge.
func (f Fault) Error() string {
	return fmt.Sprintf("%s: fault %d, row %d, %s %q, not %q: %v", f.Name, f.Kind, f.Row, f.Field, f.Is, f.Want, f.Err)
}

// Unwrap is the error below.
func (f Fault) Unwrap() error { return f.Err }
