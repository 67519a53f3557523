// Package durability shows the first promise of diaoxiao on the real binary: SUCCESS means durable. An accepted case
// survives a crash, a power cut and a failing or full disk, exactly as sent, exactly once, under its acceptid; on doubt
// the answer is 19009, never SUCCESS; and a repeat gets the acceptid of the first.
//
// It holds tests only. They start `diaoxiao serve` as a process of its own, talk to it over HTTP, look at its folder
// through its commands, and keep the answers in a record outside of what is made to fail. The record, never the
// database, is what the database is held against:
//
//	kill        kill -9 under load, again and again, also while starting
//	power cut   a file system on a loop device is shut down under load: what was not synced is gone
//	command     a power cut right after a command has reported an app, a backup, a restored folder
//	disk error  strace lets single system calls fail: a sync, a write; in a commit, a checkpoint, a start
//	trap        a commit whose sync failed, kill, restart, repeat, power cut: a row that was read but not durable
//	disk full   the folder lies on a file system with too little room
//	parallel    one case, fifty times at once
//	history     concurrent calls of several clients, across a kill, checked against a sequential model
//	register    an import of the register is killed under load: the register of before stays, whole
//	stop        SIGTERM under load, a second server, backup and restore under load
//
// On PostgreSQL, a primary with two standbys of which any one must have a commit, and three servers on it:
//
//	failover    the primary is killed under load, the standby that has more is promoted, the servers go on
//	absence     both standbys hang or die: nothing is acknowledged, /readyz says why, and all goes on when one is back
//	break off   a commit that waits for a standby is cancelled, or its connection ended: seen, then lost
//	take back   a manager takes the names of the standbys back, for good or for a moment, and the waiting commits go
//	overload    three times the load that goes through a slow way to the primary
//	nodes       histories of two nodes, one of which is killed; a node that is killed while it verifies
//	restart     three nodes behind HAProxy, restarted one after the other under load
//	partition   a node without its primary, a primary without its standbys, in a network of their own
//
// The decision you could not guess: the same scenarios run against mutants, binaries built with one edit that breaks
// the promise (see mutant_test.go), and there they must find the loss. A scenario that finds nothing anywhere proves
// nothing.
//
// They need Linux, root (mounts, loop devices, a mount namespace of their own), strace, xfsprogs, e2fsprogs, haproxy,
// iproute2 and iptables, and take minutes, so a plain `go test` skips them. Anything that is asked for is never
// skipped: a missing tool fails.
//
//	DURABILITY=short go test ./durability -v -parallel 3 -timeout 20m   four minutes on two cores
//	DURABILITY=long  go test ./durability -v -parallel 3 -timeout 180m  500 kills, 150 power cuts, …: over an hour
//
// They cannot show a disk that lies about its syncs, and bits that rot. SQLite keeps the promise on one disk;
// only a replicated database survives the loss of the disk.
package durability
