package store

import (
	"errors"
	"slices"

	"parley/internal/desk"
	"parley/internal/vault"
)

const (
	sqlInsertContact = `INSERT INTO contact (workspace_id, id, name, email, phone, language, restricted, no_automation, created_at, limited, objected, limit_sensitive, frozen)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`
	contactColumns   = `id, name, email, phone, language, restricted, no_automation, created_at, limited, merged_into, merged_at, objected, limit_sensitive, frozen`
	sqlContact       = `SELECT ` + contactColumns + ` FROM contact WHERE workspace_id = $1 AND id = $2`
	sqlContactLocked = sqlContact + forUpdate
	sqlContacts      = `SELECT ` + contactColumns + ` FROM contact WHERE workspace_id = $1 AND id < $2 AND merged_into = 0 ORDER BY id DESC LIMIT $3`
	sqlContactsAll   = `SELECT ` + contactColumns + ` FROM contact WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3`
	sqlUpdateContact = `UPDATE contact SET name = $3, email = $4, phone = $5, language = $6, restricted = $7, no_automation = $8, limited = $9,
		objected = $10, limit_sensitive = $11, frozen = $12 WHERE workspace_id = $1 AND id = $2`
	sqlInsertIdentity = `INSERT INTO identity (workspace_id, id, contact_id, account_id, kind, hash, value)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`
	sqlIdentityByHash = `SELECT id, contact_id, account_id, kind, value FROM identity
		WHERE workspace_id = $1 AND account_id = $2 AND kind = $3 AND hash = $4`
	sqlIdentitiesOf = `SELECT id, contact_id, account_id, kind, value FROM identity
		WHERE workspace_id = $1 AND contact_id = $2 ORDER BY id`
	sqlIdentityKinds    = `SELECT DISTINCT kind FROM identity WHERE workspace_id = $1 ORDER BY kind`
	sqlDropContactTerms = `DELETE FROM contact_term WHERE workspace_id = $1 AND contact_id = $2`
	sqlAddContactTerm   = `INSERT INTO contact_term (workspace_id, term, contact_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
	sqlContactsByTerm   = `SELECT contact_id FROM contact_term WHERE workspace_id = $1 AND term = $2 ORDER BY contact_id DESC LIMIT $3`
)

// soft opens a column; a value whose key is gone reads as absent.
func (r *Rx) soft(table, column string, row desk.ID, sealed []byte) ([]byte, error) {
	clear, err := r.open(table, column, row, sealed)
	if errors.Is(err, vault.ErrNoKey) || errors.Is(err, vault.ErrExpired) {
		return nil, nil
	}
	return clear, err
}

func (r *Rx) scanContact(s scanner) (desk.Contact, error) {
	c := desk.Contact{Workspace: r.ws}
	var name, email, phone []byte
	var created, merged int64
	if err := s.Scan(&c.ID, &name, &email, &phone, &c.Language, &c.Restricted, &c.NoAutomation, &created, &c.Limited, &c.MergedInto, &merged,
		&c.Objected, &c.Sensitive, &c.Frozen); err != nil {
		return c, err
	}
	c.CreatedAt, c.MergedAt = at(created), at(merged)
	for _, f := range []struct {
		column string
		sealed []byte
		to     *string
	}{{"name", name, &c.Name}, {"email", email, &c.Email}, {"phone", phone, &c.Phone}} {
		clear, err := r.soft("contact", f.column, c.ID, f.sealed)
		if err != nil {
			return c, err
		}
		*f.to = string(clear)
	}
	return c, nil
}

func (t *Tx) sealContact(c desk.Contact) (name, email, phone []byte, err error) {
	ref := t.subject(c.ID)
	name, e1 := t.seal(ref, "contact", "name", c.ID, []byte(c.Name))
	email, e2 := t.seal(ref, "contact", "email", c.ID, []byte(c.Email))
	phone, e3 := t.seal(ref, "contact", "phone", c.ID, []byte(c.Phone))
	return name, email, phone, errors.Join(e1, e2, e3)
}

// InsertContact adds a contact; its subject key is durable before the row.
func (t *Tx) InsertContact(c desk.Contact) error {
	if _, err := t.db.vault.Key(t.ctx, t.subject(c.ID)); err != nil {
		return err
	}
	name, email, phone, err := t.sealContact(c)
	if err != nil {
		return err
	}
	return t.later(sqlInsertContact, int64(t.ws), int64(c.ID), name, email, phone, c.Language, c.Restricted, c.NoAutomation, us(t.made(c.CreatedAt)), c.Limited,
		c.Objected, c.Sensitive, c.Frozen)
}

// Contact returns a contact of the workspace.
func (r *Rx) Contact(id desk.ID) (desk.Contact, error) {
	c, err := r.scanContact(r.row(sqlContact, int64(r.ws), int64(id)))
	return c, found("contact", err)
}

// ContactsBy returns contacts in the order asked for, in one round trip; one that
// is gone has no id.
func (r *Rx) ContactsBy(ids []desk.ID) ([]desk.Contact, error) {
	all := make([]desk.Contact, len(ids))
	for n, id := range ids {
		err := r.ask(func(row scanner) (err error) {
			all[n], err = r.scanContact(row)
			return mayBeAbsent(err)
		}, sqlContact, int64(r.ws), int64(id))
		if err != nil {
			return nil, err
		}
	}
	return all, r.s.settle(r.ctx)
}

// EveryContact pages through all contacts, merged ones too, oldest first; what
// does not open reads as empty.
func (r *Rx) EveryContact(after desk.ID, limit int) (all []desk.Contact, err error) {
	err = r.each(sqlContactsAll, []any{int64(r.ws), int64(after), limit}, func(s scanner) error {
		c, err := r.scanContact(s)
		all = append(all, c)
		return err
	})
	return all, err
}

// Contacts pages through the contacts that stand for themselves, newest first;
// before 0 starts at the top.
func (r *Rx) Contacts(before desk.ID, limit int) ([]desk.Contact, error) {
	if before == 0 {
		before = maxID
	}
	all := []desk.Contact{}
	err := r.each(sqlContacts, []any{int64(r.ws), int64(before), limit}, func(s scanner) error {
		c, err := r.scanContact(s)
		all = append(all, c)
		return err
	})
	return all, err
}

const maxID = desk.ID(1<<63 - 1)

// ChangeContact applies fn to a contact; terms are the look-up prefixes of the
// result, made by the caller (see kit/text) from what fn left.
func (t *Tx) ChangeContact(id desk.ID, fn func(*desk.Contact) error) (desk.Contact, error) {
	c, err := t.scanContact(t.row(sqlContactLocked, int64(t.ws), int64(id)))
	if err != nil {
		return c, found("contact", err)
	}
	if err := fn(&c); err != nil {
		return c, err
	}
	name, email, phone, err := t.sealContact(c)
	if err != nil {
		return c, err
	}
	return c, t.must("contact", sqlUpdateContact, int64(t.ws), int64(id), name, email, phone, c.Language, c.Restricted, c.NoAutomation, c.Limited,
		c.Objected, c.Sensitive, c.Frozen)
}

// HoldContacts locks contacts until the commit, always in the same order.
func (t *Tx) HoldContacts(ids ...desk.ID) error {
	slices.Sort(ids)
	for _, id := range ids {
		if _, err := t.scanContact(t.row(sqlContactLocked, int64(t.ws), int64(id))); err != nil {
			return found("contact", err)
		}
	}
	return nil
}

// SetContactTerms replaces the blind look-up terms of a contact.
func (t *Tx) SetContactTerms(id desk.ID, terms []string) error {
	blind, err := t.db.vault.Terms(t.ctx, int64(t.ws), terms)
	if err != nil {
		return err
	}
	if err := t.later(sqlDropContactTerms, int64(t.ws), int64(id)); err != nil {
		return err
	}
	for _, term := range blind {
		if err := t.later(sqlAddContactTerm, int64(t.ws), term, int64(id)); err != nil {
			return err
		}
	}
	return nil
}

// FindContacts lists contacts that carry every one of the terms, newest first;
// for one who was merged the contact that stands for it.
func (r *Rx) FindContacts(terms []string, limit int) ([]desk.Contact, error) {
	blind, err := r.db.vault.Terms(r.ctx, int64(r.ws), terms)
	if err != nil {
		return nil, err
	}
	ids, err := r.intersect(sqlContactsByTerm, blind)
	if err != nil {
		return nil, err
	}
	all := []desk.Contact{}
	seen := map[desk.ID]bool{}
	for _, id := range ids[:min(limit, len(ids))] {
		c, err := r.Contact(id)
		if err == nil && c.MergedInto != 0 {
			var person []desk.Contact
			if person, err = r.Person(id); err == nil {
				c = person[0]
			}
		}
		if desk.IsNotFound(err) || seen[c.ID] {
			continue
		}
		if err != nil {
			return nil, err
		}
		seen[c.ID] = true
		all = append(all, c)
	}
	return all, nil
}

// intersect returns the ids that every term's newest rows hold, newest first.
func (r *Rx) intersect(query string, terms []int64) ([]desk.ID, error) {
	const newest = 5000
	seen := map[desk.ID]int{}
	var last []desk.ID
	for i, term := range terms {
		last = last[:0]
		err := r.each(query, []any{int64(r.ws), term, newest}, func(s scanner) error {
			var id desk.ID
			err := s.Scan(&id)
			if seen[id] == i {
				seen[id]++
				last = append(last, id)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return last, nil
}

// InsertIdentity links an outside id to a contact.
func (t *Tx) InsertIdentity(i desk.Identity) error {
	hash, err := t.identityHash(i.Kind, i.Value)
	if err != nil {
		return err
	}
	value, err := t.seal(t.subject(i.Contact), "identity", "value", i.ID, []byte(i.Value))
	if err != nil {
		return err
	}
	_, err = t.exec(sqlInsertIdentity, int64(t.ws), int64(i.ID), int64(i.Contact), int64(i.Account), i.Kind, hash, value)
	return err
}

func (r *Rx) identityHash(kind, value string) ([]byte, error) {
	return r.db.vault.Hash(r.ctx, int64(r.ws), "identity/"+kind, value)
}

// Identity finds who an outside id on a channel account is.
func (r *Rx) Identity(account desk.ID, hint desk.IdentityHint) (desk.Identity, error) {
	hash, err := r.identityHash(hint.Kind, hint.Value)
	if err != nil {
		return desk.Identity{}, err
	}
	i, err := r.scanIdentity(r.row(sqlIdentityByHash, int64(r.ws), int64(account), hint.Kind, hash))
	return i, found("identity", err)
}

// IdentitiesBy finds who outside ids on a channel account are, in the order
// asked for; one that nobody is known by has no id.
func (r *Rx) IdentitiesBy(account desk.ID, hints []desk.IdentityHint) ([]desk.Identity, error) {
	all := make([]desk.Identity, len(hints))
	for n, hint := range hints {
		hash, err := r.identityHash(hint.Kind, hint.Value)
		if err != nil {
			return nil, err
		}
		err = r.ask(func(row scanner) (err error) {
			all[n], err = r.scanIdentity(row)
			return mayBeAbsent(err)
		}, sqlIdentityByHash, int64(r.ws), int64(account), hint.Kind, hash)
		if err != nil {
			return nil, err
		}
	}
	return all, r.s.settle(r.ctx)
}

// Identities lists a contact's identities, oldest first.
func (r *Rx) Identities(contact desk.ID) ([]desk.Identity, error) {
	all := []desk.Identity{}
	err := r.each(sqlIdentitiesOf, []any{int64(r.ws), int64(contact)}, func(s scanner) error {
		i, err := r.scanIdentity(s)
		all = append(all, i)
		return err
	})
	return all, err
}

func (r *Rx) scanIdentity(s scanner) (desk.Identity, error) {
	var i desk.Identity
	var value []byte
	if err := s.Scan(&i.ID, &i.Contact, &i.Account, &i.Kind, &value); err != nil {
		return i, err
	}
	clear, err := r.soft("identity", "value", i.ID, value)
	i.Value = string(clear)
	return i, err
}

// IdentityKinds lists the kinds of id that contacts of the workspace are known
// by.
func (r *Rx) IdentityKinds() ([]string, error) {
	var all []string
	err := r.each(sqlIdentityKinds, []any{int64(r.ws)}, func(s scanner) error {
		var kind string
		err := s.Scan(&kind)
		all = append(all, kind)
		return err
	})
	return all, err
}
