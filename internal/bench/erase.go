package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/privacy"
	"parley/internal/store"
)

const (
	eraseMessages = 10_000
	eraseOthers   = 20 // contacts whose messages lie between the erased one's
	eraseBound    = 5_000
	canary        = "canary-7f3a91"
)

// Erase measures how long erasing one contact takes whose many messages lie
// among those of others, and looks for what is left of them: rows that open,
// and their words in the raw bytes of every file.
func Erase(ctx context.Context, opt Options) ([]Figure, error) {
	opt = opt.withDefaults(eraseOthers, eraseMessages)
	var people []store.Row
	in, err := newInstall(ctx, opt, func(ctx context.Context, in *install) (err error) {
		people, err = in.seedCanaries(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	r := &report{bench: "erase", engine: opt.Engine}
	err = in.measureErase(ctx, r, people)
	return r.figures, errors.Join(err, in.Close())
}

// seedCanaries lets contact 0 write as many messages as all others together.
func (in *install) seedCanaries(ctx context.Context) ([]store.Row, error) {
	v := newVocabulary(vocabulary)
	var people []store.Row
	err := in.batches(ctx, 1+in.opt.Conversations, func(tx *store.Tx, i int) error {
		name := fmt.Sprint("Person ", i)
		if i == 0 {
			name = canary + " name"
		}
		row, err := in.person(tx, name)
		people = append(people, row)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = in.batches(ctx, 2*in.opt.Messages, func(tx *store.Tx, i int) error {
		said := v.message()
		m, who := line(canary+" "+said[0]), &people[0]
		if i%2 == 1 {
			m, who = line(said[0]), &people[1+v.below(in.opt.Conversations)]
		}
		m.ID, m.ExternalID = tx.NewID(), fmt.Sprint(canary, i)
		if err := tx.AppendMessage(who, &m); err != nil {
			return err
		}
		if err := tx.IndexMessages([]store.MessageTerms{{Message: m.ID, Terms: append(said, canary)}}); err != nil {
			return err
		}
		return tx.SaveConversation(*who)
	})
	return people, err
}

func (in *install) measureErase(ctx context.Context, r *report, people []store.Row) error {
	eraser := privacy.NewEraser(in.DB, in.keys, audit.NewLog(in.DB))
	who := people[0].Contact
	began := in.clk.Now()
	done, err := eraser.Erase(ctx, in.ws.Workspace(), who)
	if err != nil {
		return err
	}
	r.add(fmt.Sprintf("erase a contact with %d messages", done.Counts.Messages), millis(in.clk.Since(began)), "ms", eraseBound)
	if done.Counts.Messages != in.opt.Messages {
		return fmt.Errorf("the contact had %d messages, not %d: the bench is broken", done.Counts.Messages, in.opt.Messages)
	}
	err = in.ws.Read(ctx, func(rx *store.Rx) error {
		_, gone := rx.Contact(who)
		left, err := rx.MessagesBefore(people[0].ID, 0, 10)
		if !desk.IsNotFound(gone) || len(left) > 0 {
			return fmt.Errorf("the contact (%v) or %d messages are still there", gone, len(left))
		}
		return err
	})
	if err != nil {
		return err
	}
	found, err := in.rawBytes(canary)
	r.add("files with the contact's words in clear", float64(found), "files", 0)
	if found > 0 {
		err = errors.Join(err, errors.New("the contact's words are readable without any key"))
	}
	return err
}

// rawBytes counts the files of data, keys and, for PostgreSQL, of the whole
// server that hold a text.
func (in *install) rawBytes(needle string) (int, error) {
	found := 0
	look := func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return ignoreGone(err)
		}
		has, err := contains(path, []byte(needle))
		if has {
			in.opt.say("%s holds %q", d.Name(), needle)
			found++
		}
		return ignoreGone(err)
	}
	err := filepath.WalkDir(in.dir, look)
	if in.server != nil {
		err = errors.Join(err, filepath.WalkDir(in.server.Dir(), look))
	}
	return found, err
}

func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// contains searches a file piece by piece, each with the end of the one before.
func contains(path string, needle []byte) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer func() { _ = f.Close() }()
	in := bufio.NewReader(f)
	piece := make([]byte, 1<<20)
	kept := 0
	for {
		n, err := io.ReadFull(in, piece[kept:])
		if bytes.Contains(piece[:kept+n], needle) {
			return true, nil
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		kept = copy(piece, piece[len(piece)-len(needle):])
	}
}
