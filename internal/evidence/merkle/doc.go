// Package merkle makes the trees of the evidence log: RFC 6962 trees, once with SHA-256 and once with SM3. It makes
// roots, paths and tiles; paths are verified with github.com/transparency-dev/merkle, so that the maker is not its own
// judge.
package merkle
