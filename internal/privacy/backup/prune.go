package backup

import (
	"context"
	"errors"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// Due makes a backup when the newest is a day old, and deletes what is too old
// either way. It is work for flow.Every.
func (b *Backups) Due(ctx context.Context) error {
	if !b.On() {
		return b.Prune(ctx)
	}
	newest, err := b.Newest(ctx)
	if err != nil {
		return err
	}
	now := b.DB.Clock().Now()
	if now.Sub(newest[store.DataBackup].BeganAt) < Interval && now.Sub(newest[store.KeyBackup].BeganAt) < Interval {
		return b.Prune(ctx)
	}
	_, err = b.Make(ctx, desk.Actor{Kind: desk.BySystem})
	return err
}

// Prune deletes backups whose time is over.
func (b *Backups) Prune(ctx context.Context) error {
	b.making.Lock()
	defer b.making.Unlock()
	return b.prune(ctx)
}

func (b *Backups) prune(ctx context.Context) error {
	now := b.DB.Clock().Now()
	var errs []error
	for _, kind := range []store.BackupKind{store.DataBackup, store.KeyBackup} {
		all, err := b.Folder.List(kind)
		errs = append(errs, err)
		for _, s := range over(kind, all, now) {
			errs = append(errs, b.Folder.Remove(s))
		}
		errs = append(errs, b.note(ctx, kind))
	}
	errs = append(errs, NewLedger(b.Folder).Prune(now))
	return errors.Join(errs...)
}

// over chooses what goes of a kind, newest first: keys at their end; of the data,
// after a week, all but the oldest of each week, and at the end every one.
func over(kind store.BackupKind, all []Saved, now time.Time) (gone []Saved) {
	for i, s := range all {
		age := now.Sub(s.At)
		switch {
		case kind == store.KeyBackup && age >= KeyKeep, age >= DataKeep:
			gone = append(gone, s)
		case kind == store.DataBackup && age >= allFor && i+1 < len(all) && week(all[i+1].At) == week(s.At) && now.Sub(all[i+1].At) < DataKeep:
			gone = append(gone, s)
		}
	}
	return gone
}

func week(t time.Time) int64 { return t.Unix() / int64(oneEach/time.Second) }

// note brings the catalogue to what lies in the folder.
func (b *Backups) note(ctx context.Context, kind store.BackupKind) error {
	all, err := b.Folder.List(kind)
	if err != nil {
		return err
	}
	there := map[string]bool{}
	for _, s := range all {
		there[s.Name] = true
	}
	return b.DB.In(0).Write(ctx, func(tx *store.Tx) error {
		done, err := tx.BackupsIn(store.BackupDone, kind, 1000)
		for _, row := range done {
			if err != nil {
				return err
			}
			if there[row.Name] {
				continue
			}
			row.State, row.GoneAt = store.BackupGone, tx.Now()
			err = tx.SaveBackup(row)
		}
		if err != nil {
			return err
		}
		return tx.DropBackups(tx.Now().Add(-listFor))
	})
}

// Newest returns the newest whole backup of each kind.
func (b *Backups) Newest(ctx context.Context) (map[store.BackupKind]store.Backup, error) {
	var out map[store.BackupKind]store.Backup
	err := b.DB.In(0).Read(ctx, func(r *store.Rx) error {
		out = map[store.BackupKind]store.Backup{}
		for _, kind := range []store.BackupKind{store.DataBackup, store.KeyBackup} {
			all, err := r.BackupsIn(store.BackupDone, kind, 1)
			if err != nil {
				return err
			}
			for _, row := range all {
				out[kind] = row
			}
		}
		return nil
	})
	return out, err
}

// List pages through the catalogue, newest first.
func (b *Backups) List(ctx context.Context, before desk.ID, limit int) (all []store.Backup, err error) {
	err = b.DB.In(0).Read(ctx, func(r *store.Rx) error { all, err = r.Backups(before, limit); return err })
	return all, err
}

// Behind lists the kinds of which there is no whole backup that is young enough.
func (b *Backups) Behind(ctx context.Context) (all []store.BackupKind, err error) {
	newest, err := b.Newest(ctx)
	for _, kind := range []store.BackupKind{store.DataBackup, store.KeyBackup} {
		if b.DB.Clock().Now().Sub(newest[kind].BeganAt) > Late {
			all = append(all, kind)
		}
	}
	return all, err
}
