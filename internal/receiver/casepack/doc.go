// Package casepack makes the package of a case (案卷包): one file for a court, an organ of reconsideration or the archive,
// with all that is on record of a case, or of one firm of it, and what proves it without this program.
package casepack
