package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"filippo.io/age"

	"parley/internal/blob"
	"parley/internal/desk"
	"parley/internal/privacy"
	"parley/internal/store"
	"parley/internal/vault"
)

// How long backups are kept: at most 90 days for data and 7 for keys, also when
// the sweep that deletes them is hours late.
const (
	DataTerm   = privacy.DataTerm
	KeyTerm    = privacy.KeyTerm
	DataKeep   = DataTerm - 24*time.Hour
	KeyKeep    = KeyTerm - 12*time.Hour
	Interval   = 24 * time.Hour // between two
	Late       = 2 * Interval   // the newest is older than it should be
	allFor     = 7 * 24 * time.Hour
	oneEach    = 7 * 24 * time.Hour // afterwards
	listFor    = 400 * 24 * time.Hour
	epochTries = 5
)

// Audit keeps the record of who did what.
type Audit interface {
	Add(tx *store.Tx, actor desk.Actor, action string, object desk.ID) error
}

// Parts is what Backups is made of.
type Parts struct {
	DB        *store.DB
	Keys      *store.KeyStore
	Custody   vault.Custody
	Files     *blob.Folder
	Folder    *Folder
	Recipient []age.Recipient // the recovery key's public half; none = nothing is saved
	Audit     Audit
	Log       *slog.Logger
}

// Backups makes, lists and deletes backups.
type Backups struct {
	Parts
	making sync.Mutex
}

// New makes Backups.
func New(p Parts) *Backups {
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	return &Backups{Parts: p}
}

// ErrNoRecoveryKey says that nobody could ever open a backup.
func ErrNoRecoveryKey() error {
	return desk.Fail(desk.Invalid, "no_recovery_key", "there is no recovery key: run parley backup key FILE, take FILE away from this machine and keep it; its public half stays here")
}

// On reports whether there is a key to save to.
func (b *Backups) On() bool { return len(b.Recipient) > 0 }

// Made is what one run saved.
type Made struct {
	Data store.Backup
	Keys store.Backup
}

// Make saves the data, then the keys: rows without keys are lost, keys without
// rows are nothing. What is too old goes before and after.
func (b *Backups) Make(ctx context.Context, by desk.Actor) (Made, error) {
	if !b.On() {
		return Made{}, ErrNoRecoveryKey()
	}
	b.making.Lock()
	defer b.making.Unlock()
	var out Made
	if err := b.mark(ctx); err != nil {
		return out, err
	}
	err := b.DB.In(0).Write(ctx, func(tx *store.Tx) error { return tx.TornBackups("it was interrupted") })
	if err = errors.Join(err, b.Folder.clearParts(), b.prune(ctx)); err != nil {
		return out, err
	}
	if out.Data, err = b.one(ctx, store.DataBackup, DataKeep, b.data); err != nil {
		return out, err
	}
	for range epochTries {
		if out.Keys, err = b.one(ctx, store.KeyBackup, KeyKeep, b.keys); !errors.Is(err, errEpochTurned) {
			break
		}
	}
	if err != nil {
		return out, err
	}
	err = b.DB.In(0).Write(ctx, func(tx *store.Tx) error { return b.Audit.Add(tx, by, "backup.make", out.Data.ID) })
	return out, errors.Join(err, b.prune(ctx))
}

// mark lets the copy of the ledger say how far it goes.
func (b *Backups) mark(ctx context.Context) error {
	no, err := b.Keys.LastLedger(ctx)
	if err != nil {
		return err
	}
	return NewLedger(b.Folder).Mark(no, b.DB.Clock().Now())
}

// one makes one file and its line in the catalogue.
func (b *Backups) one(ctx context.Context, kind store.BackupKind, keep time.Duration, fill func(context.Context, *archive) (Held, error)) (store.Backup, error) {
	row := store.Backup{Kind: kind}
	ledger, err := b.Keys.LastLedger(ctx)
	if err != nil {
		return row, err
	}
	err = b.DB.In(0).Write(ctx, func(tx *store.Tx) error {
		row.EndsAt = tx.Now().Add(keep)
		row.Name = nameOf(kind, tx.Now(), tx.NewID())
		return tx.BeginBackup(&row)
	})
	if err != nil {
		return row, err
	}
	row.Ledger = ledger
	sum, size := sha256.New(), &counter{}
	failed := b.Folder.write(kind, row.Name, func(w io.Writer) error {
		a, err := newArchive(io.MultiWriter(w, sum, size), b.Recipient, Facts{Kind: kind, At: row.BeganAt, Engine: b.DB.Engine(), Ledger: ledger})
		if err != nil {
			return err
		}
		held, err := fill(ctx, a)
		row.Rows, row.Files = held.Rows(), held.Files
		return errors.Join(err, a.endIf(err, held))
	})
	row.State, row.Bytes, row.Sum = store.BackupDone, size.n, hex.EncodeToString(sum.Sum(nil))
	if failed != nil {
		row.State, row.Reason = store.BackupFailed, shown(failed)
	}
	// Said to be done only once it lies there; a crash in between leaves a whole
	// file that the list calls torn, never the other way round.
	saved := b.DB.In(0).Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		if failed == nil {
			row.DoneAt = tx.Now()
		}
		return tx.SaveBackup(row)
	})
	return row, errors.Join(failed, saved)
}

// shown is what of an error stands in the catalogue.
func shown(err error) string {
	var known *desk.Error
	if errors.As(err, &known) {
		return known.Text
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Op + ": " + path.Err.Error() // where it is, the settings say
	}
	return fmt.Sprintf("%T", err)
}

type counter struct{ n int64 }

func (c *counter) Write(b []byte) (int, error) { c.n += int64(len(b)); return len(b), nil }

func (a *archive) endIf(err error, held Held) error {
	if err != nil {
		return nil
	}
	return a.end(held)
}

func (b *Backups) data(ctx context.Context, a *archive) (held Held, err error) {
	err = a.part(partRows, func(w io.Writer) error {
		held.Tables, err = b.DB.Dump(ctx, w)
		return err
	})
	if err != nil {
		return held, err
	}
	err = b.Files.Carry(ctx, func(ws desk.ID, name string, sealed io.Reader) error {
		held.Files++
		return a.part(partFile+ws.String()+"/"+name, func(w io.Writer) error {
			n, err := io.Copy(w, sealed)
			held.Bytes += n
			return err
		})
	})
	return held, err
}

// errEpochTurned says that the keys were wrapped anew while they were saved: half
// a pair opens nothing.
var errEpochTurned = desk.Fail(desk.Unavailable, "epoch_turned", "the keys were changed while they were saved; try once more")

// keys saves the key store with the epoch keys that its keys are wrapped with.
func (b *Backups) keys(ctx context.Context, a *archive) (Held, error) {
	epochs, err := b.epochs(ctx)
	if err != nil {
		return Held{}, err
	}
	var dumped store.KeyDump
	if err := a.part(partRows, func(w io.Writer) error { dumped, err = b.Keys.Dump(ctx, w); return err }); err != nil {
		return Held{}, err
	}
	held := Held{Tables: dumped.Held, Ledger: dumped.Ledger, Epochs: dumped.Epochs}
	for _, n := range dumped.Epochs {
		if epochs[n] == nil {
			return held, errEpochTurned
		}
		err := a.part(partEpoch+strconv.FormatInt(n, 10), func(w io.Writer) error { _, err := w.Write(epochs[n]); return err })
		if err != nil {
			return held, err
		}
	}
	return held, nil
}

// epochs reads every epoch key in custody, wrapped by the root key.
func (b *Backups) epochs(ctx context.Context) (map[int64][]byte, error) {
	all, err := b.Custody.Epochs(ctx)
	if err != nil {
		return nil, err
	}
	out := map[int64][]byte{}
	for _, n := range all {
		wrapped, err := b.Custody.Load(ctx, n)
		if err != nil && !errors.Is(err, vault.ErrNoEpoch) { // it has ended meanwhile
			return nil, err
		}
		if err == nil {
			out[n] = wrapped
		}
	}
	return out, nil
}
