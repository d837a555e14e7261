package port

import (
	"errors"

	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/privacy"
	"parley/internal/store"
)

// bring writes all rows of a person, and tells whoever looks at the workspace that
// they are there. Nothing follows from it: nobody wrote just now.
func (in *person) bring(tx *store.Tx) error {
	clear(in.accounts)
	for _, c := range in.doc.Contacts {
		if err := in.contact(tx, c); err != nil {
			return err
		}
	}
	first := in.doc.Contacts[0].ID
	for _, c := range in.doc.Contacts[1:] {
		if err := tx.BringMerged(c.ID, first, c.MergedAt); err != nil {
			return err
		}
	}
	for i, t := range in.doc.Threads {
		if err := in.thread(tx, t, in.threads[i]); err != nil {
			return err
		}
	}
	for _, f := range in.media() {
		d := f.doc
		m := desk.Media{ID: d.ID, Contact: f.contact, Conversation: f.conversation, Message: f.message, Place: f.place, Kind: d.Kind, Role: d.Role, State: d.State,
			Reason: d.Reason, Mime: d.Mime, Name: d.Name, Size: d.Size, Width: d.Width, Height: d.Height, Voice: d.Voice, Animated: d.Animated, Blob: in.blobs[d.ID]}
		if m.State == desk.MediaReady && m.Blob == "" {
			m.State = desk.MediaGone
		}
		if err := tx.InsertMedia(&m); err != nil {
			return err
		}
	}
	return nil
}

func (in *person) contact(tx *store.Tx, c privacy.ContactDoc) error {
	err := errors.Join(
		tx.InsertContact(desk.Contact{ID: c.ID, Name: c.Name, Email: c.Email, Phone: c.Phone, Language: c.Language, Restricted: c.Restricted, NoAutomation: c.NoAutomation,
			Limited: c.Limited, Objected: c.Objected, Sensitive: c.Sensitive, Frozen: c.Frozen, CreatedAt: c.CreatedAt}),
		tx.SetContactTerms(c.ID, text.Prefixes(c.Name+" "+c.Email+" "+c.Phone)))
	for _, i := range c.Identities {
		acct, e := in.account(tx, i.Channel)
		err = errors.Join(err, e)
		if e == nil {
			err = errors.Join(err, tx.InsertIdentity(desk.Identity{ID: tx.NewID(), Contact: c.ID, Account: acct, Kind: i.Kind, Value: i.Value}))
		}
	}
	for _, p := range c.Profiles {
		acct, e := in.account(tx, p.Channel)
		err = errors.Join(err, e)
		if e == nil {
			err = errors.Join(err, tx.PutProfile(desk.ContactProfile{Contact: c.ID, Account: acct, Username: p.Username, Followers: p.Followers, Follows: p.Follows,
				Followed: p.Followed, Verified: p.Verified, Picture: pictureOf(p), ReadAt: p.ReadAt}))
		}
	}
	for _, o := range c.OptIns {
		acct, e := in.account(tx, o.Channel)
		if e == nil {
			_, e = tx.ChangeOptIn(c.ID, acct, o.Topic, func(to *desk.Consented) error {
				to.Source, to.Note, to.At, to.Until, to.StoppedAt, to.StoppedBy = o.Source, o.Note, o.At, o.Until, o.StoppedAt, o.StoppedBy
				return nil
			})
		}
		err = errors.Join(err, e)
	}
	tx.Emit(desk.Event{Kind: desk.ContactChanged, Object: c.ID})
	return err
}

// account is a shell in place of an account of the other business; one that an
// import before has made serves again.
func (in *person) account(tx *store.Tx, ch privacy.ChannelDoc) (desk.ID, error) {
	if id := in.accounts[ch]; id != 0 {
		return id, nil
	}
	// Never the address itself, which is for the one workspace that connects it.
	outside := ShellAddress + tx.Workspace().String() + ":" + ch.Address
	all, err := tx.Accounts()
	if err != nil {
		return 0, err
	}
	for _, a := range all {
		if a.Kind == ch.Kind && a.OutsideID == outside {
			in.accounts[ch] = a.ID
			return a.ID, nil
		}
	}
	shell := desk.Account{ID: tx.NewID(), Kind: ch.Kind, OutsideID: outside, Name: ch.Name, State: desk.AccountGone, Settings: []byte("{}"), ConnectedAt: tx.Now()}
	in.accounts[ch] = shell.ID
	tx.Emit(desk.Event{Kind: desk.ChannelChanged, Object: shell.ID})
	return shell.ID, tx.InsertAccount(shell)
}

// ShellAddress begins the address of what stands for another business's account.
const ShellAddress = "from:"

func (in *person) thread(tx *store.Tx, t privacy.ThreadMark, messages []privacy.MessageDoc) error {
	acct, err := in.account(tx, t.Channel)
	if err != nil {
		return err
	}
	err = tx.InsertConversation(desk.Conversation{ID: t.ID, Contact: t.Contact, Account: acct, Subject: t.Subject, State: desk.ConversationState(t.State), Language: t.Language,
		Labels: t.Labels, CreatedAt: t.CreatedAt})
	if err != nil {
		return err
	}
	row, err := tx.LockConversation(t.ID)
	if err != nil {
		return err
	}
	var terms []store.MessageTerms
	for _, d := range messages {
		m := message(d)
		if err := tx.BringMessage(&row, m); err != nil {
			return err
		}
		if d.Text != "" {
			terms = append(terms, store.MessageTerms{Message: m.ID, Terms: text.Terms(d.Text)})
		}
	}
	tx.Emit(desk.Event{Kind: desk.ConversationChanged, Conversation: row.ID})
	return errors.Join(tx.SaveConversation(row), tx.IndexMessages(terms))
}

// elsewhere stands for a member of another install: no id of ours is so small.
const elsewhere desk.ID = 1

func message(d privacy.MessageDoc) desk.Message {
	m := desk.Message{ID: d.ID, Seq: d.Seq, Place: d.Place, At: d.At, SentAt: d.SentAt, Direction: d.Direction, Author: desk.Author{Kind: d.By, Name: d.Name}, Kind: d.Kind,
		Body: desk.Body(d.Text), Buttons: d.Buttons, ReplyTo: d.ReplyTo, Status: d.Status, ErrorCode: d.ErrorCode, ExternalID: d.ExternalID, Disclosed: d.Disclosed,
		Sources: d.Sources, Event: d.Event, EventReason: d.Reason, Reactions: d.Reactions, Edited: d.Edited, Deleted: d.Deleted, More: d.More}
	for _, f := range d.Files {
		m.Files = append(m.Files, desk.MediaRef{Kind: f.Kind, Role: f.Role, Mime: f.Mime, Name: f.Name, Size: f.Size})
	}
	if d.Approved {
		m.Approver = desk.Author{Kind: desk.FromMember, ID: elsewhere}
	}
	return m
}
