package lockfile

import "io/fs"

// Inode is 0: names of files on Windows have no number to be asked for.
func Inode(fs.FileInfo) uint64 { return 0 }
