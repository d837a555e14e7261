package backup

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

const (
	ledgerFolder = "ledger"
	ledgerSuffix = ".jsonl"
	monthForm    = "2006-01"
	// ledgerKeep is how long a month's acts are kept after its end: longer than
	// any backup that they would have to be done again on.
	ledgerKeep = 100 * 24 * time.Hour
	maxLine    = 1 << 20
)

// Ledger is the copy of the privacy ledger beside the backups: one file for each
// month, one line for each act, no personal data.
type Ledger struct{ dir string }

// NewLedger opens the copy in a folder of backups, which it makes.
func NewLedger(f *Folder) *Ledger { return &Ledger{dir: filepath.Join(f.root, ledgerFolder)} }

type line struct {
	No        int64     `json:"no"`
	Workspace desk.ID   `json:"workspace"`
	Act       string    `json:"act"`
	At        time.Time `json:"at"`
	Hashes    [][]byte  `json:"hashes,omitempty"`
}

// actMark stands for no act: it says how many there were by then.
const actMark = "mark"

// Mark notes the number of the latest act, so that a copy which was cut off, or
// of an install without any act, is known for what it is.
func (l *Ledger) Mark(no int64, now time.Time) error {
	return l.Take(store.LedgerEntry{No: no, Act: actMark, At: now})
}

// Take writes an act down, durable before it returns.
func (l *Ledger) Take(e store.LedgerEntry) error {
	body, err := json.Marshal(line{e.No, e.Workspace, e.Act, e.At.UTC(), e.Hashes})
	if err != nil {
		return err
	}
	path := filepath.Join(l.dir, e.At.UTC().Format(monthForm)+ledgerSuffix)
	_, before := os.Stat(path)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return notTaken(err)
	}
	_, err = f.WriteString("\n" + lineSum(body) + " " + string(body) + "\n") // begins anew after what a full disk cut off
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil && before != nil {
		err = syncDir(l.dir)
	}
	return notTaken(err)
}

func notTaken(err error) error {
	if err == nil {
		return nil
	}
	return &desk.Error{Code: desk.Unavailable, Reason: "ledger_copy", Text: "the privacy act was not begun, because its copy beside the backups (PARLEY_BACKUPS) could not be written: " + plain(err).Error(), Retry: true, Cause: err}
}

func lineSum(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:8])
}

// Kept is what the copy holds.
type Kept struct {
	Acts []store.LedgerEntry // in order
	Upto int64               // number of the latest act that it says there was
	Gap  string              // why it may end too early; "" when it does not
}

// Read reads the whole copy.
func (l *Ledger) Read() (k Kept, err error) {
	months, err := l.months()
	if err != nil || len(months) == 0 {
		k.Gap = "there is no copy of the privacy ledger beside the backups"
		return k, err
	}
	for _, name := range months {
		some, torn, err := readMonth(filepath.Join(l.dir, name))
		if err != nil {
			return k, err
		}
		if k.Gap = ""; torn { // what is damaged further up is missed by its number
			k.Gap = "the last line of " + name + " is damaged"
		}
		for _, e := range some {
			if k.Upto = max(k.Upto, e.No); e.Act != actMark {
				k.Acts = append(k.Acts, e)
			}
		}
	}
	slices.SortStableFunc(k.Acts, func(a, b store.LedgerEntry) int { return cmp.Compare(a.No, b.No) })
	return k, nil
}

func (l *Ledger) months() ([]string, error) {
	entries, err := os.ReadDir(l.dir)
	if err != nil {
		return nil, plain(err)
	}
	var names []string
	for _, e := range entries {
		if _, err := time.Parse(monthForm, strings.TrimSuffix(e.Name(), ledgerSuffix)); err == nil {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// readMonth reads one file; torn says that its last line is none.
func readMonth(path string) (all []store.LedgerEntry, torn bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, false, plain(err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	in := bufio.NewReaderSize(f, 1<<16)
	for {
		text, err := in.ReadString('\n')
		if len(text) > maxLine {
			return nil, false, desk.Fail(desk.Invalid, "ledger_damaged", path+" is no copy of a privacy ledger")
		}
		sum, body, _ := strings.Cut(strings.TrimSuffix(text, "\n"), " ")
		var one line
		switch {
		case text == "" || text == "\n":
		case lineSum([]byte(body)) != sum || json.Unmarshal([]byte(body), &one) != nil:
			torn = true
		default:
			torn = false
			all = append(all, store.LedgerEntry{No: one.No, Workspace: one.Workspace, Act: one.Act, At: one.At, Hashes: one.Hashes, Done: true})
		}
		if errors.Is(err, io.EOF) {
			return all, torn, nil
		}
		if err != nil {
			return nil, false, plain(err)
		}
	}
}

// Prune deletes months over which no backup can be older.
func (l *Ledger) Prune(now time.Time) error {
	months, err := l.months()
	var errs []error
	for _, name := range months {
		month, _ := time.Parse(monthForm, strings.TrimSuffix(name, ledgerSuffix))
		if month.AddDate(0, 1, 0).Add(ledgerKeep).Before(now) {
			errs = append(errs, os.Remove(filepath.Join(l.dir, name)))
		}
	}
	return errors.Join(err, plain(errors.Join(errs...)))
}
