// Package lockfile has one process at a time work in a folder: a lock on an open file, which ends with the process
// however it ends, so that no stale lock ever has to be removed by hand. The file itself stays.
package lockfile
