package store

import (
	"context"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
)

// registerTx reads the rows of snapshots of the register.
type registerTx struct{ *handle }

func (t registerTx) HasRegister(int64) (bool, error) { return false, nil }

func (t registerTx) FirmsByPripID(int64, []string) (map[string][]register.Firm, error) {
	return nil, intake.ErrNotFound
}

func (t registerTx) FirmsByCode(int64, []string) (map[string][]register.Firm, error) {
	return nil, intake.ErrNotFound
}

func (t registerTx) FirmsByLegal(int64, string, int, int) ([]register.Firm, error) {
	return nil, intake.ErrNotFound
}

func (t registerTx) FirmsByName(int64, string, int, int) ([]register.Firm, error) {
	return nil, intake.ErrNotFound
}

func (t registerTx) Firm(int64, int) (register.Firm, error) {
	return register.Firm{}, intake.ErrNotFound
}

// BuildRegister implements intake.Registers.
func (s *Store) BuildRegister(context.Context, int64, int64, func(intake.RegisterWriter) error, func() error) error {
	return intake.ErrBuilding
}

// DropRegisters implements intake.Registers.
func (s *Store) DropRegisters(context.Context, int64) error { return nil }
