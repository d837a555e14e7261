package backup

import (
	"context"
	"encoding/json"

	"parley/internal/desk"
	"parley/internal/store"
)

// accounts disconnects what was disconnected: its tokens and cards go, and a
// shell stays by which the history is found again.
func (p Replay) accounts(ctx context.Context, h store.Handle, w wanted, out *Replayed) error {
	var all []desk.Account
	if err := h.Read(ctx, func(r *store.Rx) (err error) { all, err = r.Accounts(); return err }); err != nil {
		return err
	}
	for _, a := range all {
		hash, err := h.Hash(ctx, LedgerAccount+a.Kind, a.OutsideID)
		if err != nil {
			return err
		}
		if at := w.accounts[string(hash)]; at.IsZero() || a.ConnectedAt.After(at) {
			continue
		}
		out.Disconnected++
		if err := h.Write(ctx, func(tx *store.Tx) error { return disconnect(tx, a) }); err != nil {
			return err
		}
	}
	return nil
}

func disconnect(tx *store.Tx, a desk.Account) error {
	shell, err := tx.ShellID(a.Kind, a.OutsideID)
	if err != nil {
		return err
	}
	if err := tx.MoveAccount(a.ID, shell); err != nil {
		return err
	}
	if _, err := tx.ChangeAccount(a.ID, func(a *desk.Account) error {
		a.State, a.Name, a.Settings = desk.AccountGone, "", json.RawMessage("{}")
		return nil
	}); err != nil {
		return err
	}
	_, err = tx.DropConnection(a.ID)
	return err
}
