package engine

import (
	"context"
	"errors"
)

// Registers are the rows of snapshots of the market-entity register: the tables register_rows, register_firm and
// register_gram, in the database or in files beside it. A snapshot has a value in the column snapshot of each, under
// which its rows are.
type Registers interface {
	// Register has f read the rows of a snapshot, for which c may be of use. ErrNoRegister: they are not there.
	Register(c Conn, snapshot int64, f func(a Asker, under int64) error) error
	// BuildRegister makes the rows of a snapshot, which begins with those of base; 0: with none. They are there for
	// others when all is durable, or never. ErrBuilding: another build is under way.
	BuildRegister(ctx context.Context, snapshot, base int64, steps RegisterSteps) error
	// DropRegisters removes the rows of the snapshots before keep.
	DropRegisters(ctx context.Context, keep int64) error
}

// RegisterSteps are what the store does in a build, while no other can begin.
type RegisterSteps struct {
	Check   func() error              // before anything that an earlier build has left is removed
	Fill    func(RegisterBuild) error // puts the rows
	Publish func() error              // when they are durable; they stay whatever it returns
}

// RegisterBuild is a snapshot that is being built.
type RegisterBuild struct {
	Conn
	Under int64
	// Seek makes looking up by pripid quick, where that is not so before the end.
	Seek func() error
}

// Errors of Registers.
var (
	ErrNoRegister = errors.New("no rows of that snapshot of the register")
	ErrBuilding   = errors.New("another register is being built")
)
