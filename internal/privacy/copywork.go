package privacy

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/store"
)

// Handlers makes copies.
func (c *Copies) Handlers() []flow.Handler {
	return []flow.Handler{{Kind: CopyWork, Workers: 1, Timeout: time.Hour, Run: c.run}}
}

// run may begin anew after a crash: a file that was not noted is swept as a
// stray, and a copy that is ready is not made again.
func (c *Copies) run(ctx context.Context, j *flow.Job) error {
	it := j.Items[0]
	h := c.DB.In(it.Workspace)
	one, err := c.begin(ctx, it)
	switch {
	case desk.IsNotFound(err) || err == nil && one.State != store.CopyWorking:
		return h.Write(ctx, func(tx *store.Tx) error { return j.Finish(tx) })
	case err != nil:
		return err
	}
	name, size, err := c.Make(ctx, it.Workspace, one)
	if err != nil && ctx.Err() != nil {
		return err
	}
	if err != nil && !desk.IsNotFound(err) {
		return err // tried again; the lane shows it when it fails for good
	}
	return h.Write(ctx, func(tx *store.Tx) error {
		if err != nil {
			// What is not found is the person who was erased meanwhile, or else a
			// folder or file that is tried again.
			if _, left := tx.Contact(one.Contact); !desk.IsNotFound(left) {
				return errors.Join(left, err)
			}
		}
		_, gone := tx.ChangeCopy(one.ID, func(p *store.PersonCopy) error {
			if err != nil {
				p.State, p.Reason = store.CopyFailed, "gone"
				return nil
			}
			p.State, p.Blob, p.Size, p.Done = store.CopyReady, name, size, p.Total
			return nil
		})
		if desk.IsNotFound(gone) {
			gone = nil
			if name != "" {
				gone = tx.LetBlobGo(name)
			}
		}
		if gone != nil {
			return gone
		}
		if err := j.Finish(tx); err != nil || name == "" {
			return err
		}
		if err := copied(tx, one); err != nil {
			return err
		}
		if err := c.answers(tx, one); err != nil {
			return err
		}
		return c.Flow.Emit(tx, desk.Event{Kind: desk.ContactChanged, Object: one.Contact})
	})
}

// copied notes a ready copy as the evidence of the case that it answers.
func copied(tx *store.Tx, p store.PersonCopy) error {
	for _, kind := range answeredBy(p.Report) {
		if err := did(tx, p.Case, string(kind), 0); err != nil {
			return err
		}
	}
	return nil
}

// undone takes back the evidence of a case that waits, unless another copy is it.
func undone(tx *store.Tx, id desk.ID, kinds []desk.CaseKind) error {
	c, err := lockCase(tx, id)
	if desk.IsNotFound(err) || err == nil && !c.State.Waits() {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := tx.CopyOfCase(id); !desk.IsNotFound(err) {
		return err
	}
	for _, kind := range kinds {
		delete(c.Outcome, string(kind))
	}
	return tx.SaveCase(c)
}

// begin counts what there is to write.
func (c *Copies) begin(ctx context.Context, it flow.Item) (out store.PersonCopy, err error) {
	total := 0
	err = c.DB.In(it.Workspace).Read(ctx, func(r *store.Rx) error {
		total = 0
		if out, err = r.Copy(it.Object); err != nil {
			return err
		}
		same, err := r.Person(out.Contact)
		for _, one := range same {
			if err != nil {
				return err
			}
			var held store.Holdings
			held, err = r.Holdings(one.ID)
			total += held.Messages
		}
		return err
	})
	if err != nil || out.State == store.CopyReady || out.State == store.CopyFailed {
		return out, err
	}
	err = c.DB.In(it.Workspace).Write(ctx, func(tx *store.Tx) error {
		out, err = tx.ChangeCopy(it.Object, func(p *store.PersonCopy) error {
			p.State, p.Total, p.Done = store.CopyWorking, total, 0
			return nil
		})
		return err
	})
	return out, err
}

// Make writes the file of a copy, sealed, and gives its name and its size.
func (c *Copies) Make(ctx context.Context, ws desk.ID, p store.PersonCopy) (name string, size int64, err error) {
	w, err := c.Blobs.Create(ctx, copyPlace(ws, p))
	if err != nil {
		return "", 0, err
	}
	defer w.Drop()
	if err := c.Write(ctx, w, ws, p); err != nil {
		return "", 0, err
	}
	size = w.Size()
	name, err = w.Keep()
	return name, size, err
}

// Write writes a copy as a ZIP file. p says of whom and how; its progress is
// noted where it has a row.
func (c *Copies) Write(ctx context.Context, to io.Writer, ws desk.ID, p store.PersonCopy) error {
	f := &copyFile{Copies: c, ctx: ctx, ws: ws, wish: p, zip: zip.NewWriter(to), now: c.DB.Clock().Now().UTC(), channels: map[desk.ID]ChannelDoc{}}
	return errors.Join(f.write(), f.zip.Close())
}

// copyFile is a copy while it is written.
type copyFile struct {
	*Copies
	ctx      context.Context
	ws       desk.ID
	wish     store.PersonCopy
	zip      *zip.Writer
	now      time.Time
	made     Manifest
	person   PersonDoc
	people   []desk.Contact
	hider    *hider
	channels map[desk.ID]ChannelDoc
	counts   map[string]int // rows by table
	done     int
}

func (f *copyFile) write() error {
	if err := f.who(); err != nil {
		return err
	}
	if f.wish.Report {
		return errors.Join(f.report(), f.manifest())
	}
	for _, one := range f.people {
		if err := f.threads(one.ID); err != nil {
			return err
		}
	}
	if err := f.json(personName, f.person); err != nil {
		return err
	}
	if err := f.records(); err != nil {
		return err
	}
	if err := f.index(); err != nil {
		return err
	}
	return f.manifest()
}

func (f *copyFile) manifest() error {
	f.made.Form, f.made.Version, f.made.MadeAt = CopyForm, CopyVersion, f.now
	return f.json(manifestName, f.made)
}

// add writes one file and marks it for the manifest.
func (f *copyFile) add(name string, write func(io.Writer) error) error {
	w, err := f.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: f.now})
	if err != nil {
		return err
	}
	sum := sha256.New()
	n := &counting{}
	if err := write(io.MultiWriter(w, sum, n)); err != nil {
		return err
	}
	f.made.Files = append(f.made.Files, FileMark{Name: name, Bytes: n.n, SHA256: hex.EncodeToString(sum.Sum(nil))})
	return nil
}

type counting struct{ n int64 }

func (c *counting) Write(b []byte) (int, error) {
	c.n += int64(len(b))
	return len(b), nil
}

func (f *copyFile) json(name string, v any) error {
	return f.add(name, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", " ")
		return e.Encode(v)
	})
}

// progress notes how many messages are written.
func (f *copyFile) progress() error {
	if f.wish.ID == 0 {
		return nil
	}
	return f.DB.In(f.ws).Write(f.ctx, func(tx *store.Tx) error {
		_, err := tx.ChangeCopy(f.wish.ID, func(p *store.PersonCopy) error { p.Done = f.done; return nil })
		return err
	})
}
