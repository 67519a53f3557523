// Package diskroom says how much room is left on a disk. The answer is that of the operating system for an ordinary
// user, who may not use the last part of some file systems.
package diskroom
