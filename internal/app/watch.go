package app

import (
	"context"
	"errors"
	"time"

	"parley/internal/desk"
	"parley/internal/privacy/backup"
	"parley/internal/store"
	"parley/internal/vault"
)

// Watch tells the operator what of the install itself goes wrong without anybody
// noticing: once for each time it begins.
func (a *App) Watch(ctx context.Context) error {
	if !a.Notify.TellsOperator() {
		return nil
	}
	backups, e1 := a.lateBackups(ctx)
	keys, e2 := a.oldKeys(ctx)
	tell := append(backups, keys...)
	if len(tell) == 0 {
		return errors.Join(e1, e2)
	}
	return errors.Join(e1, e2, a.DB.In(0).Write(ctx, func(tx *store.Tx) error {
		var err error
		for _, l := range tell {
			err = errors.Join(err, a.Notify.TellOperator(tx, l))
		}
		return err
	}))
}

// lateBackups names what was not saved in time. An install that saves nothing at
// all is the doctor's to name.
func (a *App) lateBackups(ctx context.Context) ([]desk.OperatorLetter, error) {
	if !a.Backups.On() {
		return nil, nil
	}
	newest, err := a.Backups.Newest(ctx)
	if err != nil {
		return nil, err
	}
	var all []desk.OperatorLetter
	for _, kind := range []store.BackupKind{store.DataBackup, store.KeyBackup} {
		b, ok := newest[kind]
		since := b.BeganAt
		if !ok {
			if since, err = a.firstWorkspace(ctx); err != nil {
				return all, err
			}
		}
		if !since.IsZero() && a.Clock.Now().Sub(since) > backup.Late {
			all = append(all, desk.OperatorLetter{Kind: desk.OperatorBackup, Mark: string(kind) + " " + since.UTC().Format(time.RFC3339), About: string(kind)})
		}
	}
	return all, nil
}

// firstWorkspace is when the first workspace of the install was made; zero = there is none.
func (a *App) firstWorkspace(ctx context.Context) (first time.Time, err error) {
	all, err := a.DB.Workspaces(ctx)
	for _, ws := range all {
		if first.IsZero() || ws.CreatedAt.Before(first) {
			first = ws.CreatedAt
		}
	}
	return first, err
}

// oldKeys names keys past their term that somebody has to change.
func (a *App) oldKeys(ctx context.Context) ([]desk.OperatorLetter, error) {
	all, err := a.Vault.Register(ctx)
	if err != nil {
		return nil, err
	}
	var out []desk.OperatorLetter
	for _, k := range all {
		if k.Due && (k.Kind == vault.RootKey || k.Kind == vault.EpochKey || k.Kind == vault.Workspace) {
			out = append(out, desk.OperatorLetter{Kind: desk.OperatorKeys, Mark: string(k.Kind) + " " + k.Oldest.UTC().Format(time.RFC3339), About: string(k.Kind)})
		}
	}
	return out, nil
}

// mailChains sends where each chain stands out of the house, to those who could
// notice that it was written anew: a workspace's to its owners, the install's own
// to the operator.
func (a *App) mailChains(ctx context.Context) error {
	if !a.Notify.On() {
		return nil
	}
	if err := a.Audit.Checkpoint(ctx); err != nil {
		return err
	}
	return a.Audit.Mail(ctx, func(tx *store.Tx, ws desk.ID, mark string) error {
		if ws != 0 {
			return a.Notify.Tell(tx, desk.LetterCheckpoint, mark)
		}
		return a.Notify.TellOperator(tx, desk.OperatorLetter{Kind: desk.OperatorChain, Mark: tx.Now().UTC().Format(time.DateOnly), About: mark})
	})
}
