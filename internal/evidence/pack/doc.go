// Package pack is the form of the package of a case (案卷包), a zip file, and what of it can be checked without the
// store: that no file was altered, left out or put in, and that what people read says what the receipt proves.
package pack
