package privacy

import (
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"parley/internal/blob"
	"parley/internal/desk"
	"parley/internal/store"
)

// copyStep is how many messages stand in one file of a copy.
const copyStep = 500

// who reads who the person is, and begins person.json.
func (f *copyFile) who() error {
	f.person = PersonDoc{Form: CopyForm, Version: CopyVersion, MadeAt: f.now, Language: f.wish.Language, Contacts: []ContactDoc{}, Threads: []ThreadMark{}}
	var ids []desk.Identity
	pictures := map[string]desk.Media{}
	err := f.DB.In(f.ws).Read(f.ctx, func(r *store.Rx) error {
		own, err := r.Settings()
		if err != nil {
			return err
		}
		f.person.Business = own.Name
		if f.people, err = r.Person(f.wish.Contact); err != nil {
			return err
		}
		f.person.Contacts, ids = f.person.Contacts[:0], nil
		for _, c := range f.people {
			doc, theirs, err := f.contact(r, c, pictures)
			if err != nil {
				return err
			}
			f.person.Contacts, ids = append(f.person.Contacts, doc), append(ids, theirs...)
		}
		return nil
	})
	f.hider = newHider(f.wish.Hidden, f.people, ids)
	for at, m := range pictures {
		if err == nil && !f.wish.Report {
			err = f.file(at, m)
		}
	}
	return err
}

func (f *copyFile) contact(r *store.Rx, c desk.Contact, pictures map[string]desk.Media) (ContactDoc, []desk.Identity, error) {
	doc := ContactDoc{ID: c.ID, Name: c.Name, Email: c.Email, Phone: c.Phone, Language: c.Language, Restricted: c.Restricted, NoAutomation: c.NoAutomation,
		Limited: c.Limited, Objected: c.Objected, Sensitive: c.Sensitive, Frozen: c.Frozen, CreatedAt: c.CreatedAt.UTC(), Identities: []IdentityDoc{}, Profiles: []ProfileDoc{}, OptIns: []OptInDoc{}}
	if !c.MergedAt.IsZero() {
		doc.MergedAt = c.MergedAt.UTC()
	}
	ids, err := r.Identities(c.ID)
	if err != nil {
		return doc, nil, err
	}
	for _, i := range ids {
		ch, err := f.channel(r, i.Account)
		if err != nil {
			return doc, nil, err
		}
		doc.Identities = append(doc.Identities, IdentityDoc{ch, i.Kind, i.Value})
	}
	profiles, err := r.Profiles(c.ID)
	if err != nil {
		return doc, nil, err
	}
	for _, p := range profiles {
		one := ProfileDoc{Username: p.Username, Followers: p.Followers, Follows: p.Follows, Followed: p.Followed, Verified: p.Verified, ReadAt: p.ReadAt.UTC()}
		if one.Channel, err = f.channel(r, p.Account); err != nil {
			return doc, nil, err
		}
		if p.Picture != 0 {
			m, err := r.Media(p.Picture)
			if err != nil && !desk.IsNotFound(err) {
				return doc, nil, err
			}
			if err == nil && m.State == desk.MediaReady {
				one.Picture = filePath(m)
				pictures[one.Picture] = m
			}
		}
		doc.Profiles = append(doc.Profiles, one)
	}
	allowed, err := r.OptIns(c.ID)
	for _, o := range allowed {
		one := OptInDoc{Topic: o.Topic, Source: o.Source, Note: o.Note, At: o.At.UTC(), Until: utc(o.Until), StoppedAt: utc(o.StoppedAt), StoppedBy: o.StoppedBy}
		if err == nil {
			one.Channel, err = f.channel(r, o.Account)
		}
		doc.OptIns = append(doc.OptIns, one)
	}
	return doc, ids, err
}

// channel is the business's account; one that is gone keeps its number.
func (f *copyFile) channel(r *store.Rx, id desk.ID) (ChannelDoc, error) {
	if ch, ok := f.channels[id]; ok {
		return ch, nil
	}
	acct, err := r.Account(id)
	if err != nil && !desk.IsNotFound(err) {
		return ChannelDoc{}, err
	}
	f.channels[id] = ChannelDoc{Kind: acct.Kind, Name: acct.Name, Address: acct.OutsideID}
	return f.channels[id], nil
}

// threads writes every conversation of a contact.
func (f *copyFile) threads(contact desk.ID) error {
	const most = 1 << 30
	var all []store.Row
	err := f.DB.In(f.ws).Read(f.ctx, func(r *store.Rx) (err error) {
		if all, err = r.ConversationsWith(contact, most); err != nil {
			return err
		}
		for _, c := range all {
			if _, err := f.channel(r, c.Account); err != nil {
				return err
			}
		}
		return nil
	})
	slices.SortFunc(all, func(a, b store.Row) int { return a.CreatedAt.Compare(b.CreatedAt) })
	for _, c := range all {
		if err == nil {
			err = f.thread(c)
		}
	}
	return err
}

func (f *copyFile) thread(c store.Row) error {
	mark := ThreadMark{ThreadHead: threadHead(c, f.channels[c.Account]), Parts: []string{}}
	for after, last := int64(0), false; !last; {
		part := ThreadDoc{ThreadHead: mark.ThreadHead, Part: len(mark.Parts) + 1, Messages: []MessageDoc{}}
		files := map[desk.ID][]desk.Media{}
		err := f.DB.In(f.ws).Read(f.ctx, func(r *store.Rx) error {
			some, err := r.MessagesAfter(c.ID, after, copyStep)
			part.Messages = part.Messages[:0]
			last = len(some) < copyStep
			for _, m := range some {
				if err == nil && len(m.Files) > 0 {
					files[m.ID], err = r.MediaOf(m.ID)
				}
				part.Messages = append(part.Messages, f.message(m, files[m.ID]))
			}
			return err
		})
		if err != nil {
			return err
		}
		if n := len(part.Messages); n > 0 {
			after = part.Messages[n-1].Seq
		}
		if err := f.part(&mark, part, last); err != nil {
			return err
		}
		for _, some := range files {
			for _, m := range some {
				if err := f.file(filePath(m), m); err != nil {
					return err
				}
			}
		}
		f.done += len(part.Messages)
		if err := f.progress(); err != nil {
			return err
		}
	}
	f.person.Threads = append(f.person.Threads, mark)
	return nil
}

// part writes some messages as JSON and as a page.
func (f *copyFile) part(mark *ThreadMark, part ThreadDoc, last bool) error {
	name := fmt.Sprintf("conversations/%s-%d", part.ID, part.Part)
	mark.Parts, mark.Count = append(mark.Parts, name+".json"), mark.Count+len(part.Messages)
	if err := f.json(name+".json", part); err != nil {
		return err
	}
	page := threadPage{copyPage: f.page(), ThreadDoc: part}
	if !last {
		page.Next = fmt.Sprintf("%s-%d.html", part.ID, part.Part+1)
	}
	if part.Part > 1 {
		page.Before = fmt.Sprintf("%s-%d.html", part.ID, part.Part-1)
	}
	return f.add(name+".html", func(w io.Writer) error { return show(w, "thread.html", page) })
}

func (f *copyFile) message(m desk.Message, files []desk.Media) MessageDoc {
	out := MessageDoc{ID: m.ID, Seq: m.Seq, Place: m.Place, At: m.At.UTC(), SentAt: utc(m.SentAt), Direction: m.Direction, By: m.Author.Kind, Kind: m.Kind, Text: string(m.Body),
		Buttons: m.Buttons, ReplyTo: m.ReplyTo, Status: m.Status, ErrorCode: m.ErrorCode, ExternalID: m.ExternalID, Disclosed: m.Disclosed, Approved: m.Approver.Kind != "",
		Sources: m.Sources, Event: m.Event, Reason: m.EventReason, Reactions: m.Reactions, Edited: m.Edited, Deleted: m.Deleted, More: m.More}
	if m.Author.Kind == desk.FromContact {
		out.Name = m.Author.Name
	}
	for _, file := range files {
		one := FileDoc{ID: file.ID, Kind: file.Kind, Role: file.Role, State: file.State, Reason: file.Reason, Mime: file.Mime, Name: file.Name, Size: file.Size,
			Width: file.Width, Height: file.Height, Voice: file.Voice, Animated: file.Animated}
		if file.State == desk.MediaReady {
			one.Path = filePath(file)
		}
		out.Files = append(out.Files, one)
	}
	f.hider.hideMessage(&out)
	return out
}

// filePath is where a file lies in a copy: by its number, so that no name of
// anybody's chooses a place on the reader's disk.
func filePath(m desk.Media) string {
	end := strings.ToLower(path.Ext(path.Base(m.Name)))
	if len(end) > 6 || strings.Trim(end, ".abcdefghijklmnopqrstuvwxyz0123456789") != "" {
		end = ""
	}
	return "files/" + m.ID.String() + end
}

// file adds the bytes of a file; one whose bytes went meanwhile is left out.
func (f *copyFile) file(name string, m desk.Media) error {
	if m.State != desk.MediaReady {
		return nil
	}
	in, err := f.Blobs.Open(f.ctx, blob.Place{Workspace: f.ws, Media: m.ID, Subject: m.Contact}, m.Blob)
	if desk.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // only read
	return f.add(name, func(w io.Writer) error { _, err := io.Copy(w, in); return err })
}

// records writes what is held beside person and conversations, as the data map
// leads to it.
func (f *copyFile) records() error {
	out := Records{Form: "parley.records", Version: CopyVersion, Tables: map[string][]map[string]any{}, Means: map[string]map[string]string{}, Apart: map[string]string{}}
	err := f.gather(func(t store.AboutTable, rows []map[string]any) {
		if t.Apart != "" {
			out.Apart[t.Name] = t.Apart
		}
		if len(rows) == 0 || slices.Contains(ToldApart(), t.Name) {
			return
		}
		out.Tables[t.Name], out.Means[t.Name] = rows, map[string]string{}
		for _, c := range t.Columns {
			out.Means[t.Name][c.Name] = c.Purpose
		}
	})
	if err != nil {
		return err
	}
	return f.json(recordsName, out)
}

// gather goes through every table about the person and counts its rows; those of
// person and conversations are only counted, and only for a report.
func (f *copyFile) gather(each func(store.AboutTable, []map[string]any)) error {
	tables, err := store.AboutTables()
	f.counts = map[string]int{}
	for _, t := range tables {
		if err != nil {
			return err
		}
		rows := []map[string]any{}
		for _, one := range f.people {
			if err != nil || slices.Contains(ToldApart(), t.Name) && !f.wish.Report {
				break
			}
			err = f.DB.In(f.ws).Read(f.ctx, func(r *store.Rx) error {
				return r.About(t, one.ID, func(row map[string]any) error {
					f.counts[t.Name]++
					if !f.wish.Report {
						rows = append(rows, f.hider.hideIn(row).(map[string]any))
					}
					return nil
				})
			})
			if err != nil {
				err = fmt.Errorf("table %s: %w", t.Name, err)
			}
		}
		each(t, rows)
	}
	return err
}

func utc(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC()
}
