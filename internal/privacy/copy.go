package privacy

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"log/slog"
	"time"

	"parley/internal/blob"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/i18n"
	"parley/internal/kit/secret"
	"parley/internal/store"
)

const (
	// CopyWork is the kind of work that makes a copy.
	CopyWork = "person_copy"
	// CopyTerm is for how long a copy is kept.
	CopyTerm = 7 * 24 * time.Hour
	// CopyLinkTerm is for how long the link to a copy works, once.
	CopyLinkTerm = 72 * time.Hour

	copiesShown = 20
	linkIDs     = 16 // bytes of workspace and copy
	linkSecret  = 32
)

// CopyParts is what Copies is made of.
type CopyParts struct {
	DB    *store.DB
	Keys  *store.KeyStore
	Flow  *flow.Flow
	Blobs *blob.Folder
	Audit Audit
	Log   *slog.Logger
}

// Copies makes the copy of what is held of a person: all of it, and nothing of
// anybody else (A-14.1-01, A-14.1-05).
type Copies struct{ CopyParts }

// NewCopies makes it.
func NewCopies(p CopyParts) *Copies {
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	return &Copies{p}
}

// CopyWish says how a copy is to be.
type CopyWish struct {
	Case     desk.ID // that it answers, 0 = none
	Report   bool    // which kinds are held and who was told, instead of all that is held
	Language string  // of its pages
	Hide     []string
}

// Start has a copy made of everything that is held of a person, whichever of
// their contacts is named. It is work of the flow: Get tells how far it is. Once it
// is ready it is the evidence of its case. Errors: desk.NotFound, desk.Invalid, of a
// case as Carry and desk.Conflict case_kind, case_person.
func (c *Copies) Start(ctx context.Context, ws, contact desk.ID, by desk.Actor, wish CopyWish) (store.PersonCopy, error) {
	if err := resolved(ws, contact); err != nil {
		return store.PersonCopy{}, err
	}
	if len(wish.Hide) > maxHidden {
		return store.PersonCopy{}, desk.Fail(desk.Invalid, "too_many_words", "name at most 50 words to leave out")
	}
	for _, w := range wish.Hide {
		if len(w) > maxHiddenWord {
			return store.PersonCopy{}, desk.Fail(desk.Invalid, "word_too_long", "a word to leave out has at most 100 bytes")
		}
	}
	if !i18n.Known(wish.Language) {
		wish.Language = i18n.Fallback
	}
	out := store.PersonCopy{Case: wish.Case, Report: wish.Report, Language: wish.Language, Hidden: wish.Hide}
	if by.Kind == desk.ByMember {
		out.Member = by.ID
	}
	err := c.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		same, err := tx.Person(contact)
		if err != nil {
			return err
		}
		out.Contact = same[0].ID
		if wish.Case != 0 {
			if err := forCase(tx, wish.Case, out.Contact, answeredBy(wish.Report)...); err != nil {
				return err
			}
		}
		if err := tx.AddCopy(&out, CopyTerm); err != nil {
			return err
		}
		if err := c.Audit.Add(tx, by, "contact.export", out.Contact); err != nil {
			return err
		}
		return c.Flow.Add(tx, flow.Item{Kind: CopyWork, Key: out.ID, Object: out.ID})
	})
	return out, err
}

// Get returns a copy; desk.NotFound when it is not of this person.
func (c *Copies) Get(ctx context.Context, ws, contact, id desk.ID) (out store.PersonCopy, err error) {
	err = c.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		same, err := r.Person(contact)
		if err != nil {
			return err
		}
		if out, err = r.Copy(id); err == nil && out.Contact != same[0].ID {
			err = noCopy()
		}
		return err
	})
	return out, err
}

// List lists the newest copies made of a person.
func (c *Copies) List(ctx context.Context, ws, contact desk.ID) (all []store.PersonCopy, err error) {
	err = c.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		same, err := r.Person(contact)
		if err != nil {
			return err
		}
		all, err = r.Copies(same[0].ID, copiesShown)
		return err
	})
	return all, err
}

// answeredBy are the kinds of case that a copy, or a report, answers.
func answeredBy(report bool) []desk.CaseKind {
	if report {
		return []desk.CaseKind{desk.AskKnow}
	}
	return []desk.CaseKind{desk.AskAccess, desk.AskPortability}
}

// Drop destroys a copy, with every link to it. A case that it was to answer, and
// that waits still, has no evidence any more where nobody fetched it.
func (c *Copies) Drop(ctx context.Context, ws, contact, id desk.ID, by desk.Actor) error {
	one, err := c.Get(ctx, ws, contact, id)
	if err != nil {
		return err
	}
	return c.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if err := tx.DropCopy(id); err != nil {
			return err
		}
		if one.Case != 0 && one.Taken.IsZero() {
			if err := undone(tx, one.Case, answeredBy(one.Report)); err != nil {
				return err
			}
		}
		return c.Audit.Add(tx, by, "contact.export_drop", one.Contact)
	})
}

// OfCase returns the copy that waits for who asked in a case: ready and not fetched
// yet; desk.NotFound else.
func (c *Copies) OfCase(ctx context.Context, ws, id desk.ID) (out store.PersonCopy, err error) {
	err = c.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) { out, err = r.CopyOfCase(id); return err })
	if err == nil && !(out.Taken.IsZero() && c.DB.Clock().Now().Before(out.Ends)) {
		err = noCopy()
	}
	return out, err
}

func noCopy() error { return desk.Fail(desk.NotFound, "copy_not_found", "there is no such copy") }

// Link makes the address by which a ready copy is fetched, once, within
// CopyLinkTerm. A link made before opens nothing any more.
func (c *Copies) Link(ctx context.Context, ws, contact, id desk.ID, by desk.Actor) (token string, ends time.Time, err error) {
	one, err := c.Get(ctx, ws, contact, id)
	if err != nil {
		return "", ends, err
	}
	head := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, uint64(ws)), uint64(one.ID))
	token = base64.RawURLEncoding.EncodeToString(append(head, secret.Random(linkSecret)...))
	err = c.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		_, err := tx.ChangeCopy(id, func(p *store.PersonCopy) error {
			if p.State != store.CopyReady {
				return desk.Fail(desk.Conflict, "copy_not_ready", "this copy is not ready yet, or is over")
			}
			if ends = tx.Now().Add(CopyLinkTerm); ends.After(p.Ends) {
				ends = p.Ends
			}
			p.Link, p.LinkEnds, p.Taken = secret.Hash(token), ends, time.Time{}
			return nil
		})
		if err != nil {
			return err
		}
		return c.Audit.Add(tx, by, "contact.export_link", one.Contact)
	})
	return token, ends, err
}

// ByLink finds the copy that a link opens and leaves it there; everything but a
// link that works now is desk.NotFound.
func (c *Copies) ByLink(ctx context.Context, token string) (ws desk.ID, out store.PersonCopy, err error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) != linkIDs+linkSecret {
		return 0, out, noCopy()
	}
	ws = desk.ID(binary.BigEndian.Uint64(raw))
	id := desk.ID(binary.BigEndian.Uint64(raw[8:]))
	if ws <= 0 || id <= 0 {
		return 0, out, noCopy()
	}
	err = c.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		out, err = r.Copy(id)
		return err
	})
	if err == nil && !c.opens(out, token) {
		err = noCopy()
	}
	return ws, out, err
}

func (c *Copies) opens(p store.PersonCopy, token string) bool {
	now := c.DB.Clock().Now()
	return p.State == store.CopyReady && p.Taken.IsZero() && now.Before(p.LinkEnds) && now.Before(p.Ends) && secret.Equal(p.Link, secret.Hash(token))
}

// Take opens a copy by its link, once: whoever comes second finds nothing.
func (c *Copies) Take(ctx context.Context, token string) (*blob.Reader, error) {
	ws, one, err := c.ByLink(ctx, token)
	if err != nil {
		return nil, err
	}
	file, err := c.open(ctx, ws, one)
	if err != nil {
		return nil, err
	}
	err = c.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		_, err := tx.ChangeCopy(one.ID, func(p *store.PersonCopy) error {
			if !c.opens(*p, token) {
				return noCopy()
			}
			p.Taken = tx.Now()
			return nil
		})
		if err != nil {
			return err
		}
		return c.Audit.Add(tx, desk.Actor{Kind: desk.BySystem, Name: "Parley"}, "contact.export_taken", one.Contact)
	})
	if err != nil {
		_ = file.Close() // only read
		return nil, err
	}
	return file, nil
}

// Open opens a ready copy for a member.
func (c *Copies) Open(ctx context.Context, ws, contact, id desk.ID, by desk.Actor) (*blob.Reader, error) {
	one, err := c.Get(ctx, ws, contact, id)
	if err != nil {
		return nil, err
	}
	if one.State != store.CopyReady || !c.DB.Clock().Now().Before(one.Ends) {
		return nil, desk.Fail(desk.Conflict, "copy_not_ready", "this copy is not ready yet, or is over")
	}
	if err := c.DB.In(ws).Write(ctx, func(tx *store.Tx) error { return c.Audit.Add(tx, by, "contact.export_taken", one.Contact) }); err != nil {
		return nil, err
	}
	return c.open(ctx, ws, one)
}

func (c *Copies) open(ctx context.Context, ws desk.ID, p store.PersonCopy) (*blob.Reader, error) {
	return c.Blobs.Open(ctx, copyPlace(ws, p), p.Blob)
}

func copyPlace(ws desk.ID, p store.PersonCopy) blob.Place {
	return blob.Place{Workspace: ws, Media: p.ID, Subject: p.Contact}
}
