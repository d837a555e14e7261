package inbox

import (
	"context"

	"parley/internal/desk"
	"parley/internal/store"
)

// Steer changes how far the AI may go; nil leaves a setting as it is.
type Steer struct {
	Mode   *desk.Mode
	Paused *bool
}

func (s Steer) check(inherit bool) error {
	if s.Mode == nil || desk.ValidMode(*s.Mode) || inherit && *s.Mode == desk.ModeInherit {
		return nil
	}
	return badMode()
}

// apply returns whether anything changed.
func (s Steer) apply(mode *desk.Mode, paused *bool) bool {
	changed := false
	if s.Mode != nil && *mode != *s.Mode {
		*mode, changed = *s.Mode, true
	}
	if s.Paused != nil && *paused != *s.Paused {
		*paused, changed = *s.Paused, true
	}
	return changed
}

// SteerWorkspace stops, resumes or changes the AI in a whole workspace: its AI
// epoch moves, and no AI message written before enters sending.
func (in *Inbox) SteerWorkspace(ctx context.Context, ws desk.ID, actor desk.Actor, s Steer) (desk.Workspace, error) {
	var w desk.Workspace
	if err := s.check(false); err != nil {
		return w, err
	}
	err := in.DB.In(ws).Write(ctx, func(tx *store.Tx) (err error) {
		changed := false
		w, err = tx.ChangeSettings(func(w *desk.Workspace) error {
			if changed = s.apply(&w.Mode, &w.Paused); changed {
				w.AIEpoch++
			}
			return nil
		})
		if err != nil || !changed {
			return err
		}
		return in.steered(tx, actor, "workspace.ai", desk.Event{Kind: desk.WorkspaceChanged, Object: ws})
	})
	return w, err
}

// SteerChannel does the same for one channel account; desk.ModeInherit takes
// the workspace's mode.
func (in *Inbox) SteerChannel(ctx context.Context, ws, account desk.ID, actor desk.Actor, s Steer) (desk.Account, error) {
	var acct desk.Account
	if err := s.check(true); err != nil {
		return acct, err
	}
	err := in.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		// The workspace's row first, as everybody takes it who needs both.
		w, err := tx.ChangeSettings(func(*desk.Workspace) error { return nil })
		if err != nil {
			return err
		}
		changed := false
		acct, err = tx.ChangeAccount(account, func(a *desk.Account) error {
			changed = s.apply(&a.Mode, &a.Paused)
			return nil
		})
		if err != nil || !changed {
			return err
		}
		if _, err := tx.ChangeSettings(func(now *desk.Workspace) error {
			now.AIEpoch = w.AIEpoch + 1
			return nil
		}); err != nil {
			return err
		}
		return in.steered(tx, actor, "channel.ai", desk.Event{Kind: desk.ChannelChanged, Object: account})
	})
	return acct, err
}

func (in *Inbox) steered(tx *store.Tx, actor desk.Actor, action string, e desk.Event) error {
	if in.Audit != nil {
		if err := in.Audit.Add(tx, actor, action, e.Object); err != nil {
			return err
		}
	}
	return in.Flow.Emit(tx, e)
}
