package app

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"

	"parley/internal/audit"
	"parley/internal/desk"
)

// ChainChecked says what was seen of one audit chain.
type ChainChecked struct {
	Workspace   desk.ID `json:"workspace"` // 0: the install's own
	Entries     int64   `json:"entries"`
	Checkpoints int     `json:"checkpoints"`
	Pruned      int64   `json:"pruned"`
	Unsigned    int64   `json:"unsigned"`         // chained, and not yet under a checkpoint
	Kept        int     `json:"kept"`             // marks from elsewhere that it was held to
	Broken      string  `json:"broken,omitempty"` // where it is not as it was written
}

// VerifyAudit says what the chains are held to beside themselves.
type VerifyAudit struct {
	Kept []string `json:"kept,omitempty"` // marks that somebody kept elsewhere, at most MaxKept
}

// MaxKept is how many marks are compared at once.
const MaxKept = 100

// VerifyAudit implements Control: every chain, from its first entry to its head.
func (a *App) VerifyAudit(ctx context.Context, in VerifyAudit) ([]ChainChecked, error) {
	all, err := a.DB.AuditedWorkspaces(ctx)
	if err != nil {
		return nil, err
	}
	if len(in.Kept) > MaxKept {
		return nil, desk.Fail(desk.Invalid, "too_many", fmt.Sprintf("at most %d kept checkpoints are compared at once", MaxKept))
	}
	kept := map[desk.ID][]audit.Mark{}
	for _, line := range in.Kept {
		var m audit.Mark
		if err := m.UnmarshalText([]byte(line)); err != nil {
			return nil, err
		}
		ws := desk.ID(m.Workspace)
		if kept[ws] = append(kept[ws], m); !slices.Contains(all, ws) {
			all = append(all, ws) // it has no entry any more: the mark says that it had
		}
	}
	out := make([]ChainChecked, 0, len(all))
	for _, ws := range all {
		r, err := a.Audit.Verify(ctx, ws, kept[ws]...)
		one := ChainChecked{Workspace: ws, Kept: len(kept[ws]), Entries: r.Entries, Checkpoints: r.Checkpoints, Pruned: r.Pruned, Unsigned: r.Unsigned}
		var broken *audit.Broken
		if errors.As(err, &broken) {
			one.Broken, err = broken.Error(), nil
		}
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

// ChainMark is the newest signed checkpoint of a chain, to be kept elsewhere.
type ChainMark struct {
	Workspace desk.ID `json:"workspace"`
	Mark      string  `json:"mark"`
	PublicKey string  `json:"public_key"` // of the signing key, in base64
}

// MarkAudit implements Control: it signs what has come since and gives out where
// each chain stands.
func (a *App) MarkAudit(ctx context.Context) ([]ChainMark, error) {
	if err := a.Audit.Checkpoint(ctx); err != nil {
		return nil, err
	}
	all, err := a.DB.AuditedWorkspaces(ctx)
	if err != nil {
		return nil, err
	}
	signer, err := a.Audit.Signer(ctx)
	if err != nil {
		return nil, err
	}
	key := base64.StdEncoding.EncodeToString(signer.Public())
	var out []ChainMark
	for _, ws := range all {
		mark, err := a.Audit.LastMark(ctx, ws)
		if err != nil {
			return nil, err
		}
		if mark != "" {
			out = append(out, ChainMark{Workspace: ws, Mark: mark, PublicKey: key})
		}
	}
	return out, nil
}
