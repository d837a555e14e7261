package privacy

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"parley/internal/desk"
	"parley/internal/store"
)

// clear destroys the keys of a workspace and deletes its rows and files, but for
// those of who is kept. The keys go first and once more at the end: what was under
// way in between may have made one.
func (e *Ending) clear(ctx context.Context, ws desk.ID, kept store.Kept) error {
	if _, err := e.Keys.EndKeys(ctx, e.DB, ws, kept); err != nil {
		return err
	}
	if err := e.clearRows(ctx, ws, kept); err != nil {
		return err
	}
	var files []string
	err := e.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) { files, err = r.FilesKept(); return err })
	if err != nil {
		return err
	}
	if err := e.Files.Clear(ws, files); err != nil {
		return err
	}
	_, err = e.Keys.EndKeys(ctx, e.DB, ws, kept)
	return err
}

func (e *Ending) clearRows(ctx context.Context, ws desk.ID, kept store.Kept) error {
	for place, done := 0, false; !done; {
		err := e.DB.In(ws).Write(ctx, func(tx *store.Tx) (err error) { place, done, err = tx.EndStep(place, kept); return err })
		if err != nil {
			return err
		}
	}
	return nil
}

// strayTries is how often what came meanwhile is cleared away before the end is
// put off to the next tick.
const strayTries = 5

// settled clears away what came after its table was cleared: a count of use that
// waited to be kept, for one.
func (e *Ending) settled(ctx context.Context, ws desk.ID) error {
	var left map[string]int64
	for range strayTries {
		var kept store.Kept
		err := e.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) {
			if kept, err = r.KeptByHold(); err == nil {
				left, err = r.EndCounts(kept)
			}
			return err
		})
		if err != nil || len(left) == 0 {
			return err
		}
		if err := e.clear(ctx, ws, kept); err != nil {
			return err
		}
	}
	return stillWritten(left)
}

// dropRow deletes the workspace's own row. What came between a look at its table
// and this goes first.
func (e *Ending) dropRow(ctx context.Context, ws desk.ID) error {
	var left map[string]int64
	for range strayTries {
		err := e.DB.In(ws).Write(ctx, func(tx *store.Tx) (err error) { left, err = tx.DropWorkspace(); return err })
		if err != nil || len(left) == 0 {
			return err
		}
		if err := e.clear(ctx, ws, nil); err != nil {
			return err
		}
	}
	return stillWritten(left)
}

func stillWritten(left map[string]int64) error {
	return desk.Fail(desk.Unavailable, "ending", "something still writes into this workspace: "+strings.Join(slices.Sorted(maps.Keys(left)), ", "))
}

// certify makes old pages worthless, looks at what is left, and signs.
func (e *Ending) certify(ctx context.Context, cert store.Certificate) error {
	var f EndFacts
	if err := json.Unmarshal(cert.Facts, &f); err != nil {
		return err
	}
	if cert.Done.IsZero() {
		if err := e.settled(ctx, f.Workspace); err != nil {
			return err
		}
		if err := e.DB.Scrub(ctx); err != nil {
			return err
		}
		if err := e.DB.Vault().TurnEpoch(ctx); err != nil {
			return err
		}
		f.EndedAt = e.DB.Clock().Now().UTC()
		f.PagesEnd = f.EndedAt
		var err error
		if f.Exceptions, err = e.exceptions(ctx, f); err != nil {
			return err
		}
		body, err := json.Marshal(f)
		if err != nil {
			return err
		}
		signed, err := e.By.SignDocument(ctx, body)
		if err != nil {
			return err
		}
		if err := e.DB.In(0).Write(ctx, func(tx *store.Tx) error {
			if now, err := tx.CertificateOf(f.Number); err != nil || !now.Done.IsZero() {
				return err
			}
			if err := tx.SignCertificate(cert.ID, body, signed); err != nil {
				return err
			}
			if !slices.ContainsFunc(f.Exceptions, func(x Exception) bool { return x.What == ExceptHeld }) {
				if err := tx.EndDone(f.Workspace); err != nil {
					return err
				}
			}
			return e.Audit.Add(tx, desk.Actor{Kind: desk.BySystem}, "workspace.end", f.Workspace)
		}); err != nil {
			return err
		}
	}
	return e.Keys.FinishLedger(ctx, f.Number, e.DB.Clock().Now())
}

// exceptions are what a look at the install finds of a workspace that has ended.
func (e *Ending) exceptions(ctx context.Context, f EndFacts) (all []Exception, err error) {
	var left map[string]int64
	var record int64
	err = e.DB.In(f.Workspace).Read(ctx, func(r *store.Rx) error {
		kept, err := r.KeptByHold()
		if err != nil {
			return err
		}
		all = nil
		if len(kept) > 0 {
			all = append(all, Exception{What: ExceptHeld, Why: WhyHold, Count: int64(len(kept))})
		}
		if left, err = r.EndCounts(kept); err != nil {
			return err
		}
		record, _, err = r.AuditHead()
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(left) > 0 {
		return nil, stillWritten(left)
	}
	at := f.EndedAt
	all = append(all,
		Exception{What: ExceptRecord, Why: WhyAccount, Count: record, Until: at.AddDate(0, auditTerm, 0)},
		Exception{What: ExceptLedger, Why: WhyAgain},
		Exception{What: ExceptKeys, Why: WhyLost, Until: at.Add(KeyTerm)},
		Exception{What: ExceptBackups, Why: WhyLost, Until: at.Add(DataTerm)},
		Exception{What: ExceptCopies, Why: WhyOutside})
	if e.DB.Engine() == postgresEngine {
		all = append(all, Exception{What: ExceptPages, Why: WhyEngine})
	}
	return all, nil
}
