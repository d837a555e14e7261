package media

import (
	"context"
	"errors"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/store"
)

const (
	sweepStep = 200
	// strayGrace is how long bytes wait for their row before they count as left by
	// a crash.
	strayGrace = time.Hour
)

// Sweep ends what is over: files whose channel told an end, uploads nobody sent,
// and the bytes of both. Files that were kept before there was a count of them
// are counted.
func (md *Media) Sweep(ctx context.Context) error {
	return md.inEach(ctx, func(ws desk.ID) error {
		var due bool
		err := md.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) { due, err = r.MediaDue(); return err })
		if err != nil {
			return err
		}
		for n := sweepStep; due && n == sweepStep; {
			err := md.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
				past, err := tx.EndMedia(sweepStep)
				for _, m := range past {
					if err == nil && m.Message != 0 {
						err = md.Flow.Emit(tx, desk.Event{Kind: desk.MessageChanged, Conversation: m.Conversation, Message: m.Message})
					}
				}
				if err != nil {
					return err
				}
				loose, err := tx.DropLooseMedia(sweepStep)
				if err != nil {
					return err
				}
				measured, err := tx.MeasureMedia(sweepStep)
				n = max(len(past), int(loose), measured)
				return err
			})
			if err != nil {
				return err
			}
		}
		return md.drop(ctx, ws)
	})
}

// SweepStrays removes the bytes that a crash left without a row.
func (md *Media) SweepStrays(ctx context.Context) error {
	n, err := md.Blobs.Strays(ctx, strayGrace, func(ctx context.Context, ws desk.ID, names []string) (known map[string]bool, err error) {
		err = md.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) { known, err = r.BlobsKnown(names); return err })
		return known, err
	})
	if n > 0 {
		md.Log.InfoContext(ctx, "files without a row were removed", "files", n)
	}
	return err
}

func (md *Media) inEach(ctx context.Context, do func(ws desk.ID) error) error {
	all, err := md.DB.Workspaces(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, ws := range all {
		errs = append(errs, do(ws.ID))
	}
	return errors.Join(errs...)
}

// drop takes the bytes off the disk that no row names any more.
func (md *Media) drop(ctx context.Context, ws desk.ID) error {
	for {
		var names []string
		err := md.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) { names, err = r.BlobsToDrop(sweepStep); return err })
		if err != nil || len(names) == 0 {
			return err
		}
		if err := md.Blobs.Drop(ws, names...); err != nil {
			return err
		}
		if err := md.DB.In(ws).Write(ctx, func(tx *store.Tx) error { return tx.BlobsDropped(names) }); err != nil {
			return err
		}
	}
}

func (md *Media) dropLanes(ctx context.Context, job *flow.Job) error {
	ws := job.Items[0].Workspace
	if err := md.drop(ctx, ws); err != nil {
		return err
	}
	return md.DB.In(ws).Write(ctx, func(tx *store.Tx) error { return job.Finish(tx) })
}
