package port

import (
	"archive/zip"
	"context"
	"errors"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"parley/internal/blob"
	"parley/internal/desk"
	"parley/internal/privacy"
	"parley/internal/store"
	"parley/internal/vault"
)

// maxMessages is how many messages of one person one transaction brings.
const maxMessages = 50_000

// PersonIn says what of a person's copy was brought.
type PersonIn struct {
	Contact       desk.ID `json:"contact_id"` // that stands for the others
	Contacts      int     `json:"contacts"`
	Conversations int     `json:"conversations"`
	Messages      int     `json:"messages"`
	Files         int     `json:"files"`
	// LeftOut are rows of records.json, by table: what another business's Parley
	// counted and judged about the person is not this one's.
	LeftOut map[string]int `json:"left_out"`
}

// ImportPerson brings who a person is, their conversations and their files from the
// copy that another install handed them, into a workspace here: all of it or
// nothing. Their channels come as shells that keep the history together and are
// connected to nothing: whoever wrote the file would else say whose messages of a
// real channel are whose. Errors: desk.Invalid for no whole copy; desk.Conflict
// schema_newer, person_there, too_many_messages; desk.NotFound.
func (p *Port) ImportPerson(ctx context.Context, ws desk.ID, from io.ReaderAt, size int64, by desk.Actor) (PersonIn, error) {
	in, err := p.readPerson(ctx, from, size)
	if err != nil {
		return PersonIn{}, err
	}
	in.ws = ws
	if err := in.readThreads(); err != nil {
		return in.out, err
	}
	p.one.Lock()
	defer p.one.Unlock()
	if err := in.free(); err != nil {
		return in.out, err
	}
	err = in.bringFiles()
	if err == nil {
		err = p.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
			if err := in.bring(tx); err != nil {
				return err
			}
			return p.Audit.Add(tx, by, "contact.import", in.out.Contact)
		})
	}
	if err != nil {
		return in.out, errors.Join(err, in.undo())
	}
	return in.out, nil
}

// person is one import of a copy.
type person struct {
	*Port
	*archive
	ws       desk.ID
	doc      privacy.PersonDoc
	threads  [][]privacy.MessageDoc // as doc.Threads
	accounts map[privacy.ChannelDoc]desk.ID
	made     []vault.Ref        // keys that were not there before
	blobs    map[desk.ID]string // names of the files brought, by media
	out      PersonIn
}

func (p *Port) readPerson(ctx context.Context, from io.ReaderAt, size int64) (*person, error) {
	z, err := open(ctx, from, size)
	if err != nil {
		return nil, err
	}
	var m struct {
		Form    string
		Version int
		Files   []FileMark
	}
	if err := z.json(manifestName, &m); err != nil || m.Form != privacy.CopyForm {
		return nil, bad("its manifest is not that of a person's copy")
	}
	if m.Version > privacy.CopyVersion {
		return nil, errNewer()
	}
	if err := z.whole(m.Files); err != nil {
		return nil, err
	}
	in := &person{Port: p, archive: z, accounts: map[privacy.ChannelDoc]desk.ID{}, blobs: map[desk.ID]string{}, out: PersonIn{LeftOut: map[string]int{}}}
	var records privacy.Records
	if err := errors.Join(z.json("person.json", &in.doc), z.json("records.json", &records)); err != nil {
		return nil, err
	}
	if len(in.doc.Contacts) == 0 || in.doc.Contacts[0].ID <= 0 {
		return nil, bad("it is of nobody")
	}
	for table, rows := range records.Tables {
		if len(rows) > 0 {
			in.out.LeftOut[table] = len(rows)
		}
	}
	in.out.Contact, in.out.Contacts, in.out.Conversations = in.doc.Contacts[0].ID, len(in.doc.Contacts), len(in.doc.Threads)
	return in, nil
}

// readThreads reads every message before the first is written.
func (in *person) readThreads() error {
	for _, t := range in.doc.Threads {
		if !slices.ContainsFunc(in.doc.Contacts, func(c privacy.ContactDoc) bool { return c.ID == t.Contact }) || t.ID <= 0 {
			return bad("a conversation is somebody else's")
		}
		var all []privacy.MessageDoc
		for _, name := range t.Parts {
			var part privacy.ThreadDoc
			if err := in.json(name, &part); err != nil {
				return err
			}
			if part.ID != t.ID {
				return bad("%s is of another conversation", show(name))
			}
			all = append(all, part.Messages...)
		}
		for _, m := range all {
			if m.ID <= 0 || m.Seq <= 0 || m.Place <= 0 || len(m.Text) > desk.MaxBody || m.At.IsZero() {
				return bad("a message has no number, no time, or is too long")
			}
		}
		if len(all) != t.Count {
			return bad("a conversation has %d messages, not %d", len(all), t.Count)
		}
		if in.out.Messages += len(all); in.out.Messages > maxMessages {
			return desk.Fail(desk.Conflict, "too_many_messages", "a copy of more than 50,000 messages is not brought at once; bring the whole workspace")
		}
		in.threads = append(in.threads, all)
	}
	return nil
}

// file is a file of the copy and whose it is.
type file struct {
	doc                            privacy.FileDoc
	contact, conversation, message desk.ID
	place                          int
	at                             time.Time
}

// media lists the files of messages, and the pictures of the person.
func (in *person) media() (all []file) {
	for i, t := range in.doc.Threads {
		for _, m := range in.threads[i] {
			for n, f := range m.Files {
				all = append(all, file{f, t.Contact, t.ID, m.ID, n, m.At})
			}
		}
	}
	for _, c := range in.doc.Contacts {
		for _, p := range c.Profiles {
			if id := pictureOf(p); id > 0 {
				doc := privacy.FileDoc{ID: id, Kind: desk.MediaImage, Role: desk.RoleProfile, State: desk.MediaReady, Name: path.Base(p.Picture), Path: p.Picture}
				all = append(all, file{doc: doc, contact: c.ID, at: p.ReadAt})
			}
		}
	}
	return all
}

// pictureOf is the number of a profile's picture, 0 = none.
func pictureOf(p privacy.ProfileDoc) desk.ID {
	number, _, _ := strings.Cut(strings.TrimPrefix(p.Picture, "files/"), ".")
	var id desk.ID
	if id.UnmarshalText([]byte(number)) != nil {
		return 0
	}
	return id
}

// free looks that no number of the copy is anybody's here: a contact, or a member
// or request whose key it would share.
func (in *person) free() error {
	return in.DB.In(in.ws).Read(in.ctx, func(r *store.Rx) error {
		for _, c := range in.doc.Contacts {
			_, e1 := r.Contact(c.ID)
			_, e2 := r.Member(c.ID)
			_, e3 := r.Case(c.ID)
			for _, err := range []error{e1, e2, e3} {
				if err == nil {
					return desk.Fail(desk.Conflict, "person_there", "this person is in the workspace already, or their number is somebody else's")
				}
				if !desk.IsNotFound(err) {
					return err
				}
			}
		}
		return nil
	})
}

// makeKeys makes the keys of the copy's contacts. One that is there is of an import
// that was killed.
func (in *person) makeKeys() error {
	for _, c := range in.doc.Contacts {
		ref := vault.Ref{Workspace: int64(in.ws), Kind: vault.Subject, Of: int64(c.ID)}
		if _, err := in.DB.Vault().KeyIfThere(in.ctx, ref); err == nil {
			continue
		} else if !errors.Is(err, vault.ErrNoKey) {
			return err
		}
		if _, err := in.DB.Vault().Key(in.ctx, ref); err != nil {
			return err
		}
		in.made = append(in.made, ref)
	}
	return nil
}

// bringFiles seals the files before the rows, so that nobody waits behind them.
func (in *person) bringFiles() error {
	if err := in.makeKeys(); err != nil {
		return err
	}
	for _, f := range in.media() {
		from := in.files[f.doc.Path]
		if f.doc.State != desk.MediaReady || from == nil {
			continue
		}
		if err := in.bringFile(from, f); err != nil {
			return err
		}
		in.out.Files++
	}
	return nil
}

func (in *person) bringFile(from *zip.File, f file) error {
	r, err := from.Open()
	if err != nil {
		return bad("%s cannot be read", show(f.doc.Path))
	}
	defer func() { _ = r.Close() }() // it was only read
	w, err := in.Blobs.Create(in.ctx, blob.Place{Workspace: in.ws, Media: f.doc.ID, Subject: f.contact})
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, watched{in.ctx, r}); err != nil {
		w.Drop()
		return err
	}
	in.blobs[f.doc.ID], err = w.Keep()
	return err
}

// undo takes away what was there before the rows, which are not.
func (in *person) undo() error {
	var gone error
	if len(in.made) > 0 {
		gone = in.DB.Vault().Destroy(context.WithoutCancel(in.ctx), in.made...)
	}
	return errors.Join(gone, in.Blobs.Drop(in.ws, slices.Collect(maps.Values(in.blobs))...))
}
