package store

import (
	"context"
	"errors"
)

func (c *cluster) backup(context.Context, string) error { return errors.New("not yet") }
