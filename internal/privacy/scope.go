package privacy

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// ScopeForm names the form of the file that answers a demand.
const ScopeForm = "parley.demand"

// ScopeDoc says what the file holds, for whom, and on which ground: scope.json.
type ScopeDoc struct {
	Form      string    `json:"form"`
	Version   int       `json:"version"`
	MadeAt    time.Time `json:"made_at"`
	Authority string    `json:"authority"`
	Reference string    `json:"reference,omitempty"`
	Basis     string    `json:"basis"`
	Parts     []string  `json:"parts"`
	From      time.Time `json:"from,omitzero"`
	Until     time.Time `json:"until,omitzero"`
	Persons   []desk.ID `json:"persons"` // each has its person-ID.json
}

// ScopePerson is one person of a demand, as far as its scope goes.
type ScopePerson struct {
	ID       desk.ID        `json:"id"`
	Contacts []ScopeContact `json:"contacts,omitempty"` // with profile
	Messages []ScopeMessage `json:"messages,omitempty"` // with messages or files
}

// ScopeContact is what a person is called and how they are reached.
type ScopeContact struct {
	Name       string        `json:"name,omitempty"`
	Email      string        `json:"email,omitempty"`
	Phone      string        `json:"phone,omitempty"`
	Identities []IdentityDoc `json:"identities"`
}

// ScopeMessage is one message that the person wrote or was written. Notes of
// members, labels and what the program knows of it stay.
type ScopeMessage struct {
	ID        desk.ID        `json:"id"`
	Thread    desk.ID        `json:"conversation_id"`
	Channel   string         `json:"channel"`
	At        time.Time      `json:"at"`
	Direction desk.Direction `json:"direction"`
	Text      string         `json:"text,omitempty"`  // with messages
	Files     []string       `json:"files,omitempty"` // with files: where they lie here
}

// scopeFile is the file of a demand while it is written.
type scopeFile struct {
	*copyFile
	demand DemandOf
}

// writeScope writes what a demand is about, and nothing else, as a ZIP file.
func (d Demands) writeScope(ctx context.Context, to io.Writer, ws desk.ID, one DemandOf) error {
	f := &scopeFile{demand: one, copyFile: &copyFile{Copies: d.Copies, ctx: ctx, ws: ws, zip: zip.NewWriter(to), now: d.DB.Clock().Now().UTC(), channels: map[desk.ID]ChannelDoc{}}}
	return errors.Join(f.write(), f.zip.Close())
}

func (f *scopeFile) has(part string) bool { return slices.Contains(f.demand.Parts, part) }

func (f *scopeFile) write() error {
	d := f.demand
	scope := ScopeDoc{Form: ScopeForm, Version: 1, MadeAt: f.now, Authority: d.Authority, Reference: d.Reference, Basis: d.Basis, Parts: d.Parts,
		From: utc(d.From), Until: utc(d.Until), Persons: []desk.ID{}}
	for _, p := range d.Persons {
		err := f.onePerson(p.Contact)
		if desk.IsNotFound(err) {
			continue // erased since
		}
		if err != nil {
			return err
		}
		scope.Persons = append(scope.Persons, p.Contact)
	}
	if err := f.json("scope.json", scope); err != nil {
		return err
	}
	return f.manifest()
}

func (f *scopeFile) onePerson(id desk.ID) error {
	out := ScopePerson{ID: id}
	var threads []store.Row
	err := f.DB.In(f.ws).Read(f.ctx, func(r *store.Rx) error {
		out.Contacts, threads = nil, nil
		same, err := r.Person(id)
		if err != nil {
			return err
		}
		for _, c := range same {
			if err := f.reach(r, c, &out); err != nil {
				return err
			}
			some, err := r.ConversationsWith(c.ID, 1<<30)
			if err != nil {
				return err
			}
			threads = append(threads, some...)
			for _, one := range some {
				if _, err := f.channel(r, one.Account); err != nil {
					return err
				}
			}
		}
		return nil
	})
	for _, one := range threads {
		if err == nil && (f.has("messages") || f.has("files")) {
			err = f.within(one, &out)
		}
	}
	if err != nil {
		return err
	}
	return f.json(fmt.Sprintf("person-%d.json", id), out)
}

// reach adds how a contact is reached, where the scope has it.
func (f *scopeFile) reach(r *store.Rx, c desk.Contact, out *ScopePerson) error {
	if !f.has("profile") {
		return nil
	}
	one := ScopeContact{Name: c.Name, Email: c.Email, Phone: c.Phone, Identities: []IdentityDoc{}}
	ids, err := r.Identities(c.ID)
	for _, i := range ids {
		if err != nil {
			return err
		}
		var ch ChannelDoc
		ch, err = f.channel(r, i.Account)
		one.Identities = append(one.Identities, IdentityDoc{ch, i.Kind, i.Value})
	}
	out.Contacts = append(out.Contacts, one)
	return err
}

// within adds the messages of a conversation that lie in the scope's time.
func (f *scopeFile) within(c store.Row, out *ScopePerson) error {
	for after, last := int64(0), false; !last; {
		var some []desk.Message
		files := map[desk.ID][]desk.Media{}
		err := f.DB.In(f.ws).Read(f.ctx, func(r *store.Rx) (err error) {
			some, err = r.MessagesAfter(c.ID, after, copyStep)
			for _, m := range some {
				if err == nil && f.has("files") && f.covers(m) && len(m.Files) > 0 {
					files[m.ID], err = r.MediaOf(m.ID)
				}
			}
			return err
		})
		if err != nil {
			return err
		}
		last = len(some) < copyStep
		for _, m := range some {
			after = m.Seq
			if f.covers(m) {
				if err := f.line(c, m, files[m.ID], out); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// covers reports whether the scope reaches a message.
func (f *scopeFile) covers(m desk.Message) bool {
	return m.Direction != desk.None && !m.At.Before(f.demand.From) && m.At.Before(f.demand.Until)
}

func (f *scopeFile) line(c store.Row, m desk.Message, files []desk.Media, out *ScopePerson) error {
	one := ScopeMessage{ID: m.ID, Thread: c.ID, Channel: f.channels[c.Account].Kind, At: m.At.UTC(), Direction: m.Direction}
	if f.has("messages") {
		one.Text = string(m.Body)
	}
	for _, file := range files {
		if file.State == desk.MediaReady {
			one.Files = append(one.Files, filePath(file))
			if err := f.file(filePath(file), file); err != nil {
				return err
			}
		}
	}
	if one.Text != "" || len(one.Files) > 0 {
		out.Messages = append(out.Messages, one)
	}
	return nil
}
