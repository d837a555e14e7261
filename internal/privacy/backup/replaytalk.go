package backup

import (
	"context"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// talks deletes the conversations that were deleted. One that began after that
// is another: a visitor's next chat may have taken its id.
func (p Replay) talks(ctx context.Context, h store.Handle, w wanted, out *Replayed) error {
	for last := desk.ID(0); len(w.talks) > 0; {
		var some []desk.ID
		if err := h.Read(ctx, func(r *store.Rx) (err error) { some, err = r.EveryTalk(last, replayStep); return err }); err != nil {
			return err
		}
		for _, talk := range some {
			last = talk
			deleted, err := p.deleted(ctx, h, w, talk)
			if err == nil && deleted {
				out.Deleted++
				err = p.Eraser.AgainTalk(ctx, h.Workspace(), talk)
			}
			if err != nil {
				return err
			}
		}
		if len(some) < replayStep {
			break
		}
	}
	return nil
}

func (p Replay) deleted(ctx context.Context, h store.Handle, w wanted, talk desk.ID) (bool, error) {
	hash, err := h.Hash(ctx, LedgerTalk, talk.String())
	at := w.talks[string(hash)]
	if err != nil || at.IsZero() {
		return false, err
	}
	var began time.Time
	since := false
	err = h.Read(ctx, func(r *store.Rx) (err error) {
		if began, err = r.TalkBegan(talk); err == nil {
			since, err = r.WrittenSince(talk, at) // it was kept for that
		}
		return err
	})
	return err == nil && !began.After(at) && !since, err
}

// clears carries out what had begun for a whole channel and had not ended.
func (p Replay) clears(ctx context.Context, h store.Handle, w wanted, out *Replayed) error {
	if len(w.clears) == 0 {
		return nil
	}
	var all []desk.ID
	if err := h.Read(ctx, func(r *store.Rx) (err error) { all, err = r.EveryPlace(); return err }); err != nil {
		return err
	}
	for _, account := range all {
		hash, err := h.Hash(ctx, LedgerClear, account.String())
		if err != nil {
			return err
		}
		at := w.clears[string(hash)]
		if at.IsZero() {
			continue
		}
		people, talks, err := p.Eraser.AgainClear(ctx, h.Workspace(), account, at)
		if out.Erased, out.Deleted = out.Erased+people, out.Deleted+talks; err != nil {
			return err
		}
	}
	return nil
}
