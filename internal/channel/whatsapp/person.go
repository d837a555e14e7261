package whatsapp

import (
	"strings"

	"parley/internal/channel/meta"
	"parley/internal/desk"
)

// Kinds of a person's ids (3.5): a business-scoped user id, the one of the
// parent business, and a phone number as digits with country code.
const (
	UserID   = "bsuid"
	ParentID = "parent_bsuid"
	Phone    = "phone"
)

// scoped reports whether an id is a business-scoped one; it may stand where a
// phone number is expected and is never repaired.
func scoped(id string) bool {
	return len(id) > 3 && id[0] >= 'A' && id[0] <= 'Z' && id[1] >= 'A' && id[1] <= 'Z' && id[2] == '.'
}

// number is a phone number as WhatsApp writes it: digits only, never repaired.
// A leading plus, which samples show, goes.
func number(s meta.Str) string {
	id := strings.TrimPrefix(s.ID(), "+")
	if len(id) < 5 || len(id) > 20 || strings.Trim(id, "0123456789") != "" {
		return ""
	}
	return id
}

// person collects the ids a delivery gives of one person; the first is the
// surest.
func person(user, parent, phone meta.Str) []desk.IdentityAlias {
	var all []desk.IdentityAlias
	add := func(kind, value string, guess bool) {
		if value == "" {
			return
		}
		for _, have := range all {
			if have.Kind == kind && have.Value == value {
				return
			}
		}
		all = append(all, desk.IdentityAlias{IdentityHint: desk.IdentityHint{Kind: kind, Value: value}, Guess: guess})
	}
	add(UserID, user.ID(), false)
	if scoped(phone.ID()) {
		add(UserID, phone.ID(), false)
		phone = ""
	}
	n := number(phone)
	add(Phone, n, false)
	if len(all) == 0 && phone.ID() != "" {
		add(UserID, phone.ID(), false) // neither form is known: kept as it came
	}
	add(ParentID, parent.ID(), false)
	for _, v := range Variants(n) {
		add(Phone, v, true)
	}
	return all
}

// named puts the person into an arrival.
func named(a *desk.Arrival, all []desk.IdentityAlias) {
	if len(all) == 0 {
		return
	}
	a.Sender = all[0].IdentityHint
	if len(all) > 1 {
		a.Aliases = all[1:]
	}
}

// Variants are other ways the same number is written: networks of Brazil,
// Mexico and Argentina add or leave out a digit, and WhatsApp may give either
// form (lessons 3.28). They find a known person and are never kept or called.
func Variants(digits string) []string {
	rest, brazil := strings.CutPrefix(digits, "55")
	switch {
	case brazil && len(rest) == 11 && rest[2] == '9' && rest[3] >= '6':
		return []string{"55" + rest[:2] + rest[3:]}
	case brazil && len(rest) == 10 && rest[2] >= '6': // a mobile one: fixed lines never had nine digits
		return []string{"55" + rest[:2] + "9" + rest[2:]}
	}
	rest, mexico := strings.CutPrefix(digits, "52")
	switch {
	case mexico && len(rest) == 11 && rest[0] == '1':
		return []string{"52" + rest[1:]}
	case mexico && len(rest) == 10:
		return []string{"521" + rest}
	}
	rest, argentina := strings.CutPrefix(digits, "54")
	switch {
	case argentina && len(rest) == 11 && rest[0] == '9':
		return []string{"54" + rest[1:]}
	case argentina && len(rest) == 10:
		return []string{"549" + rest}
	}
	return nil
}

// people finds the contact that a message came with: by id, never by place,
// because some messages come without (3.3).
type people []contact

func (p people) of(user, phone meta.Str) (contact, bool) {
	for _, c := range p {
		if user.ID() != "" && c.User.ID() == user.ID() || phone.ID() != "" && (number(c.WaID) == number(phone) && number(phone) != "" || c.User.ID() == phone.ID()) {
			return c, true
		}
	}
	return contact{}, false
}

// know fills in who sent a message: ids and what they call themselves.
func (p people) know(a *desk.Arrival, user, parent, phone meta.Str) {
	c, ok := p.of(user, phone)
	if ok {
		if user.ID() == "" {
			user = c.User
		}
		if parent.ID() == "" {
			parent = c.Parent
		}
		if phone.ID() == "" {
			phone = c.WaID
		}
		a.Name, a.Username = c.Profile.V.Name.Line(), strings.TrimPrefix(c.Profile.V.Username.Line(), "@")
	}
	named(a, person(user, parent, phone))
}
