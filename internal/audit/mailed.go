package audit

import (
	"context"
	"errors"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// MailEvery is how often a chain's newest checkpoint is mailed out of the house.
const MailEvery = 30 * 24 * time.Hour

// Mail hands the newest checkpoint of each chain to tell, in the transaction that
// notes it, once MailEvery has passed since the last one, or since the chain's
// first. It is work for flow.Every.
func (l *Log) Mail(ctx context.Context, tell func(tx *store.Tx, ws desk.ID, mark string) error) error {
	all, err := l.db.AuditedWorkspaces(ctx)
	for _, ws := range all {
		err = errors.Join(err, l.db.In(ws).Write(ctx, func(tx *store.Tx) error { return mail(tx, ws, tell) }))
	}
	return err
}

func mail(tx *store.Tx, ws desk.ID, tell func(*store.Tx, desk.ID, string) error) error {
	marks, err := marksOf(&tx.Rx, Checkpoint)
	if err != nil || len(marks) == 0 {
		return err
	}
	last, err := tx.LastMailed()
	if err != nil {
		return err
	}
	if last.IsZero() {
		last = marks[0].At
	}
	newest := marks[len(marks)-1]
	if tx.Now().Sub(last) < MailEvery {
		return nil
	}
	line, err := newest.MarshalText()
	if err != nil {
		return err
	}
	if err := tell(tx, ws, string(line)); err != nil {
		return err
	}
	return tx.MarkMailed(string(Checkpoint), newest.No)
}
