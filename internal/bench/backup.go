package bench

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"

	"parley/internal/app"
	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/kit/config"
	"parley/internal/kit/secret"
	"parley/internal/store"
)

const (
	backupMB     = 1024
	backupPeople = 2_000
	backupBound  = 300 // s
	backupFiles  = 2   // to a megabyte, which they fill
	backupLines  = 100 // messages to a megabyte, which come on top
)

// Backup measures how long an install of a gigabyte takes to be saved, and the
// check that reads the backup back: what `parley backup` and `parley restore
// --check` do, with every table compared, every contact read and every chain
// verified. Messages of the options is how many megabytes there are.
func Backup(ctx context.Context, opt Options) ([]Figure, error) {
	opt = opt.withDefaults(backupPeople, backupMB)
	in, err := newInstall(ctx, opt, func(ctx context.Context, in *install) error { return in.seedMegabytes(ctx) })
	if err != nil {
		return nil, err
	}
	r := &report{bench: "backup", engine: opt.Engine}
	err = in.measureBackup(ctx, r)
	return r.figures, errors.Join(err, in.Close())
}

// seedMegabytes adds files and the messages they came with.
func (in *install) seedMegabytes(ctx context.Context) error {
	folder, err := in.files()
	if err != nil {
		return err
	}
	var people []store.Row
	err = in.batches(ctx, in.opt.Conversations, func(tx *store.Tx, i int) error {
		row, err := in.person(tx, fmt.Sprint("Person ", i))
		people = append(people, row)
		return err
	})
	if err != nil {
		return err
	}
	v, photo := newVocabulary(vocabulary), photo{in, folder, secret.Random(1 << 20 / backupFiles)}
	return in.batches(ctx, in.opt.Messages*backupLines, func(tx *store.Tx, i int) error {
		said := v.message()
		m, who := line(said[0]), &people[i%len(people)]
		m.ID, m.ExternalID = tx.NewID(), fmt.Sprint("out-", i)
		if i%backupLines < backupFiles {
			if err := photo.comes(ctx, tx, who, &m); err != nil {
				return err
			}
		}
		if i%(100*backupLines) == 0 && i > 0 {
			in.opt.say("%d of %d MB", i/backupLines, in.opt.Messages)
		}
		return errors.Join(tx.AppendMessage(who, &m), tx.IndexMessages([]store.MessageTerms{{Message: m.ID, Terms: said}}), tx.SaveConversation(*who))
	})
}

// measureBackup opens the whole program over the install, as the command line
// does.
func (in *install) measureBackup(ctx context.Context, r *report) error {
	record := audit.NewLog(in.DB)
	err := in.ws.Write(ctx, func(tx *store.Tx) error {
		return record.Add(tx, desk.Actor{Kind: desk.BySystem, Name: "bench"}, "backup.make", 0)
	})
	if err = errors.Join(err, in.shut()); err != nil {
		return err
	}
	cfg, err := in.settings(0)
	if err != nil {
		return err
	}
	recovery := filepath.Join(in.dir, "recovery.key")
	if _, err := app.BackupKey(cfg, recovery); err != nil {
		return err
	}
	made, err := in.saved(ctx, r, cfg)
	if err != nil {
		return err
	}
	began := in.clk.Now()
	back, err := app.RestoreInto(ctx, cfg, app.Restore{RecoveryKey: recovery, Check: true, Scratch: in.dir}, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	r.add("read it back and check it", in.clk.Since(began).Seconds(), "s", backupBound)
	r.add("rows compared", float64(back.Rows), "rows", 0)
	if back.Data != made.Name || back.Files != made.Files || back.Opened < int64(in.opt.Conversations) || back.Chains == 0 || back.Gap != "" {
		return fmt.Errorf("the check read %+v of %+v", back, made)
	}
	if left, err := filepath.Glob(filepath.Join(in.dir, "parley-check-*")); err != nil || len(left) > 0 {
		return errors.Join(err, fmt.Errorf("the check left %d folders", len(left)))
	}
	return nil
}

// saved makes the backup and looks whether it is as large as the install is said
// to be.
func (in *install) saved(ctx context.Context, r *report, cfg config.Config) (app.BackedUp, error) {
	var all []app.BackedUp
	err := in.program(ctx, cfg, func(a *app.App) (err error) {
		began := in.clk.Now()
		all, err = a.Backup(ctx)
		r.add(fmt.Sprintf("save an install of %d MB", in.opt.Messages), in.clk.Since(began).Seconds(), "s", backupBound)
		return err
	})
	if err != nil {
		return app.BackedUp{}, err
	}
	r.add("size of the backup", float64(all[0].Bytes)/(1<<20), "MB", 0)
	if want := int64(in.opt.Messages) << 20; all[0].Bytes < want || all[0].Files != int64(in.opt.Messages*backupFiles) {
		return all[0], fmt.Errorf("%d bytes in %d files were saved, not %d: the bench is broken", all[0].Bytes, all[0].Files, want)
	}
	found, err := in.rawBytes("someone@example.com")
	r.add("files with people's address in clear", float64(found), "files", 0)
	if found > 0 {
		err = errors.Join(err, errors.New("people's address is readable without any key"))
	}
	return all[0], err
}
