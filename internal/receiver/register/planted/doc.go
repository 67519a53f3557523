// Package planted makes registers of made-up firms, and lists in which wrong rows are planted among clear ones, for
// tests and measurements. The same seed gives the same.
//
// The decision you could not guess: a wrong row is wrong in one thing alone, the one that its kind says, so that a test
// can show which rule finds it.
package planted
