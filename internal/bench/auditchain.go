package bench

import (
	"context"
	"errors"
	"fmt"

	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/store"
)

const (
	auditEntries = 1_000_000
	auditBound   = 5 // s
	auditMarks   = 10
	auditRounds  = 3
)

// Audit measures how long the chain of a workspace's record takes to verify,
// every hash and every signed checkpoint. Its entries are written by the record's
// own writer.
func Audit(ctx context.Context, opt Options) ([]Figure, error) {
	opt = opt.withDefaults(1, auditEntries)
	in, err := newInstall(ctx, opt, func(ctx context.Context, in *install) error { return in.recorded(ctx) })
	if err != nil {
		return nil, err
	}
	r := &report{bench: "audit", engine: opt.Engine}
	log := audit.NewLog(in.DB)
	s, err := in.times(auditRounds, func(int) error {
		seen, err := log.Verify(ctx, in.ws.Workspace())
		if err == nil && (seen.Entries < int64(opt.Messages) || seen.Checkpoints < 1) {
			err = fmt.Errorf("only %d entries and %d checkpoints were verified", seen.Entries, seen.Checkpoints)
		}
		return err
	})
	if err == nil {
		r.add(fmt.Sprintf("verify %d entries, median", opt.Messages), s.at(0.5)/1000, "s", auditBound)
		r.add("entries verified", float64(opt.Messages)/(s.at(0.5)/1000), "a second", 0)
	}
	return r.figures, errors.Join(err, in.Close())
}

// recorded writes the entries, with a checkpoint now and then.
func (in *install) recorded(ctx context.Context) error {
	log := audit.NewLog(in.DB)
	part := max(1, in.opt.Messages/auditMarks)
	for from := 0; from < in.opt.Messages; from += part {
		err := in.batches(ctx, min(part, in.opt.Messages-from), func(tx *store.Tx, i int) error {
			n := from + i
			return log.Put(tx, audit.Note{Action: []string{"conversation.open", "contact.change", "message.send"}[n%3],
				Actor: desk.Actor{Kind: desk.ByMember, ID: listMe}, Object: audit.Thing{ID: int64(n + 1)}})
		})
		if err != nil {
			return err
		}
		if err := log.Checkpoint(ctx); err != nil {
			return err
		}
		in.opt.say("%d entries", min(from+part, in.opt.Messages))
	}
	return nil
}
