package bench

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"parley/internal/audit"
	"parley/internal/blob"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/secret"
	"parley/internal/privacy"
	"parley/internal/store"
)

const (
	copyMessages = 10_000
	copyOthers   = 20 // contacts whose messages lie between the person's
	copyBound    = 30 // s
	copyEach     = 20 // messages to a file
	copyFileSize = 200 << 10
	fileHead     = canary + "-file "
	stranger     = "stranger-51c09e"
)

// Copy measures how long the access copy of one person takes, from the wish until
// the file can be fetched, made by the work of the flow as an install makes it;
// then it reads the file and counts that everything of theirs is in it and
// nothing of the others.
func Copy(ctx context.Context, opt Options) ([]Figure, error) {
	opt = opt.withDefaults(copyOthers, copyMessages)
	var who store.Row
	in, err := newInstall(ctx, opt, func(ctx context.Context, in *install) (err error) {
		who, err = in.seedCopied(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	r := &report{bench: "copy", engine: opt.Engine}
	err = in.measureCopy(ctx, r, who)
	return r.figures, errors.Join(err, in.Close())
}

// files is the folder of sealed files of an install that is open.
func (in *install) files() (*blob.Folder, error) {
	return blob.Open(filepath.Join(in.dir, "blobs"), in.DB.Vault(), in.clk)
}

// seedCopied lets contact 0 write as many messages as all others together, and
// send a file with some.
func (in *install) seedCopied(ctx context.Context) (store.Row, error) {
	folder, err := in.files()
	if err != nil {
		return store.Row{}, err
	}
	var people []store.Row
	err = in.batches(ctx, 1+in.opt.Conversations, func(tx *store.Tx, i int) error {
		name := stranger
		if i == 0 {
			name = canary + " name"
		}
		row, err := in.person(tx, fmt.Sprint(name, " ", i))
		people = append(people, row)
		return err
	})
	if err != nil {
		return store.Row{}, err
	}
	v := newVocabulary(vocabulary)
	photo := photo{in, folder, append([]byte(fileHead), secret.Random(copyFileSize)...)} // which no ZIP makes smaller
	return people[0], in.batches(ctx, 2*in.opt.Messages, func(tx *store.Tx, i int) error {
		m, who := line(canary+" "+v.message()[0]), &people[0]
		if i%2 == 1 {
			m, who = line(stranger+" "+v.message()[0]), &people[1+v.below(in.opt.Conversations)]
		}
		m.ID, m.ExternalID = tx.NewID(), fmt.Sprint(canary, i)
		if i%(2*copyEach) == 0 {
			if err := photo.comes(ctx, tx, who, &m); err != nil {
				return err
			}
		}
		return errors.Join(tx.AppendMessage(who, &m), tx.SaveConversation(*who))
	})
}

// photo is a file that people send again and again.
type photo struct {
	*install
	folder *blob.Folder
	body   []byte
}

// comes gives a message the file, sealed for whose it is.
func (p photo) comes(ctx context.Context, tx *store.Tx, who *store.Row, m *desk.Message) error {
	f := desk.Media{ID: tx.NewID(), Contact: who.Contact, Conversation: who.ID, Message: m.ID, Kind: desk.MediaImage, State: desk.MediaReady,
		Mime: "image/jpeg", Name: "photo.jpg", Size: int64(len(p.body))}
	m.Files = []desk.MediaRef{f.Ref()}
	w, err := p.folder.Create(ctx, blob.Place{Workspace: p.ws.Workspace(), Media: f.ID, Subject: f.Contact})
	if err != nil {
		return err
	}
	defer w.Drop()
	if _, err := w.Write(p.body); err != nil {
		return err
	}
	if f.Blob, err = w.Keep(); err != nil {
		return err
	}
	return tx.InsertMedia(&f)
}

func (in *install) measureCopy(ctx context.Context, r *report, who store.Row) error {
	folder, err := in.files()
	if err != nil {
		return err
	}
	work := flow.New(flow.Config{DB: in.DB, Clock: in.clk})
	copies := privacy.NewCopies(privacy.CopyParts{DB: in.DB, Keys: in.keys, Flow: work, Blobs: folder, Audit: audit.NewLog(in.DB)})
	running, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- work.Run(running, copies.Handlers(), nil) }()
	cpu, began := processorTime(), in.clk.Now()
	ws, by := in.ws.Workspace(), desk.Actor{Kind: desk.BySystem, Name: "bench"}
	done, err := in.copied(ctx, copies, who.Contact, by)
	took := in.clk.Since(began)
	cpu = processorTime() - cpu
	stop()
	if err = errors.Join(err, <-ended); err != nil {
		return err
	}
	r.add(fmt.Sprintf("copy of %d messages, %d files", in.opt.Messages, in.opt.Messages/copyEach), took.Seconds(), "s", copyBound)
	r.add("processor time of it", cpu.Seconds(), "s of CPU", 0)
	r.add("size of the copy", float64(done.Size)/(1<<20), "MB", 0)
	file, err := copies.Open(ctx, ws, who.Contact, done.ID, by)
	if err != nil {
		return err
	}
	raw, err := io.ReadAll(file)
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	return in.isWhole(raw)
}

// copied asks for a copy and waits until it is ready.
func (in *install) copied(ctx context.Context, copies *privacy.Copies, who desk.ID, by desk.Actor) (p store.PersonCopy, err error) {
	bell := make(chan struct{}, 1)
	defer in.DB.Watch(func(store.Commit) {
		select {
		case bell <- struct{}{}:
		default:
		}
	})()
	ws := in.ws.Workspace()
	p, err = copies.Start(ctx, ws, who, by, privacy.CopyWish{Language: "en"})
	for err == nil && p.State != store.CopyReady {
		if p.State == store.CopyFailed {
			return p, errors.New("the copy failed: " + p.Reason)
		}
		select {
		case <-bell:
			p, err = copies.Get(ctx, ws, who, p.ID)
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	return p, err
}

// isWhole counts what is in a copy: each of the person's messages in its JSON,
// each of their files, and no word of anybody else's.
func (in *install) isWhole(raw []byte) error {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return err
	}
	said, files := 0, 0
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return err
		}
		body, err := io.ReadAll(r)
		if err := errors.Join(err, r.Close()); err != nil {
			return err
		}
		switch {
		case strings.HasPrefix(f.Name, "files/"):
			files++
			if !bytes.HasPrefix(body, []byte(fileHead)) {
				return fmt.Errorf("%s is not the file that was sent", f.Name)
			}
		case strings.HasPrefix(f.Name, "conversations/") && strings.HasSuffix(f.Name, ".json"):
			said += bytes.Count(body, []byte(`"text": "`+canary+" "))
		}
		if bytes.Contains(body, []byte(stranger)) {
			return fmt.Errorf("%s names somebody else", f.Name)
		}
	}
	if said != in.opt.Messages || files != in.opt.Messages/copyEach {
		return fmt.Errorf("the copy has %d messages and %d files, not %d and %d", said, files, in.opt.Messages, in.opt.Messages/copyEach)
	}
	return nil
}
