package meta

import (
	"bytes"
	"encoding/json"
	"slices"

	"parley/internal/channel"
	"parley/internal/desk"
)

// Envelope is a delivery (2.4), or the part of one that belongs to one account.
type Envelope struct {
	Object Str     `json:"object"`
	Entry  []Entry `json:"entry"`
}

// Entry is what happened at one account.
type Entry struct {
	ID        Str   `json:"id"`
	Time      Stamp `json:"time,omitzero"`
	Messaging List  `json:"messaging,omitempty"`
	Standby   List  `json:"standby,omitempty"`
	Changes   List  `json:"changes,omitempty"`
}

// Change is one item of Entry.Changes.
type Change struct {
	Field Str             `json:"field"`
	Value json.RawMessage `json:"value"`
}

var errNotEnvelope = desk.Fail(desk.Invalid, "not_json", "the delivery is not the JSON that Meta sends")

// Open reads a delivery. What is JSON and no envelope reads as an empty one
// (2.3: unknown shapes are answered 200 and counted); only what is no JSON at
// all is an error.
func Open(body []byte) (Envelope, error) {
	body = bytes.TrimSpace(body)
	if len(body) > 0 && body[0] == '[' { // an examples page wraps the body in an array (2.4)
		var all List
		if json.Unmarshal(body, &all) != nil {
			return Envelope{}, errNotEnvelope
		}
		var whole Envelope
		for _, raw := range all {
			e, err := Open(unwrapped(raw))
			if err != nil {
				return Envelope{}, err
			}
			if whole.Object == "" {
				whole.Object = e.Object
			}
			if e.Object == whole.Object {
				whole.Entry = append(whole.Entry, e.Entry...)
			}
		}
		return whole, nil
	}
	var shape struct {
		Object Str  `json:"object"`
		Entry  List `json:"entry"`
	}
	if err := json.Unmarshal(body, &shape); err != nil {
		if json.Valid(body) {
			return Envelope{}, nil
		}
		return Envelope{}, errNotEnvelope
	}
	return Envelope{Object: shape.Object, Entry: All[Entry](shape.Entry)}, nil
}

// unwrapped keeps a nested array from being opened again and again.
func unwrapped(raw json.RawMessage) []byte {
	if b := bytes.TrimSpace(raw); len(b) > 0 && b[0] == '{' {
		return b
	}
	return []byte("{}")
}

// Is reports whether a body's object is the named one, looking no further than
// that where it can: three channels share a door, and each delivery is one's.
func Is(body []byte, object string) bool {
	// Meta writes the object first and compactly; anything else is read in full.
	if rest, ok := bytes.CutPrefix(body, []byte(`{"object":"`)); ok && bytes.Count(body, []byte(`"object"`)) == 1 {
		name, _, closed := bytes.Cut(rest, []byte(`"`))
		if closed && bytes.IndexByte(name, '\\') < 0 {
			return string(name) == object
		}
	}
	e, err := Open(body)
	return err == nil && string(e.Object) == object
}

// parcels collects what belongs to each account, in order.
type parcels struct {
	object Str
	order  []string
	by     map[string]*Envelope
}

func (p *parcels) entry(account string, from Entry) *Entry {
	e := p.by[account]
	if e == nil {
		e = &Envelope{Object: p.object}
		p.by[account] = e
		p.order = append(p.order, account)
	}
	if n := len(e.Entry); n > 0 && e.Entry[n-1].ID == from.ID && e.Entry[n-1].Time == from.Time {
		return &e.Entry[n-1]
	}
	e.Entry = append(e.Entry, Entry{ID: from.ID, Time: from.Time})
	return &e.Entry[len(e.Entry)-1]
}

// SplitMessaging cuts a delivery of an object whose entries hold messaging
// events by account: the one an event was sent to, or from where it is an echo;
// entry.id stands in where an event names none (2.4, 3.2).
func SplitMessaging(body []byte, object string) ([]channel.Part, error) {
	if !Is(body, object) {
		return nil, nil // of another channel, or of nobody: answered and counted (2.3)
	}
	if account := only(body); account != "" {
		return []channel.Part{{OutsideID: account, Body: body}}, nil
	}
	env, err := Open(body)
	if err != nil {
		return nil, err
	}
	p := parcels{object: env.Object, by: map[string]*Envelope{}}
	for _, e := range env.Entry {
		for _, raw := range e.Messaging {
			to := p.entry(accountOf(raw, e), e)
			to.Messaging = append(to.Messaging, raw)
		}
		for _, raw := range e.Standby {
			to := p.entry(accountOf(raw, e), e)
			to.Standby = append(to.Standby, raw)
		}
		for _, raw := range e.Changes {
			to := p.entry(e.ID.ID(), e)
			to.Changes = append(to.Changes, raw)
		}
	}
	return p.parts(func(part *channel.Part, account string) { part.OutsideID = account })
}

func accountOf(raw json.RawMessage, e Entry) string {
	var ev Opt[struct {
		Sender    Opt[Person] `json:"sender"`
		Recipient Opt[Person] `json:"recipient"`
		Message   Opt[struct {
			Echo Flag `json:"is_echo"`
		}] `json:"message"`
	}]
	id := e.ID.ID()
	if ev.UnmarshalJSON(bytes.TrimSpace(raw)) != nil {
		return id
	}
	at := ev.V.Recipient.V.ID.ID()
	if ev.V.Message.V.Echo {
		at = ev.V.Sender.V.ID.ID()
	}
	if at == "" || id == "0" { // "0" is the dashboard's test delivery (2.4)
		return id
	}
	return at
}

// SplitChanges cuts a WhatsApp delivery by phone number id; what concerns a
// whole WhatsApp business account goes to its group.
func SplitChanges(body []byte, object string) ([]channel.Part, error) {
	if !Is(body, object) {
		return nil, nil // of another channel, or of nobody: answered and counted (2.3)
	}
	if number := onlyNumber(body); number != "" {
		return []channel.Part{{OutsideID: number, Body: body}}, nil
	}
	env, err := Open(body)
	if err != nil {
		return nil, err
	}
	numbers := parcels{object: env.Object, by: map[string]*Envelope{}}
	groups := parcels{object: env.Object, by: map[string]*Envelope{}}
	for _, e := range env.Entry {
		for _, raw := range e.Changes {
			var ch Opt[struct {
				Value Opt[struct {
					Metadata Opt[struct {
						PhoneNumberID Str `json:"phone_number_id"`
					}] `json:"metadata"`
				}] `json:"value"`
			}]
			if ch.UnmarshalJSON(bytes.TrimSpace(raw)) != nil || !ch.OK {
				continue
			}
			to := &groups
			at := e.ID.ID()
			if n := ch.V.Value.V.Metadata.V.PhoneNumberID.ID(); n != "" {
				to, at = &numbers, n
			}
			entry := to.entry(at, e)
			entry.Changes = append(entry.Changes, raw)
		}
	}
	parts, err := numbers.parts(func(p *channel.Part, id string) { p.OutsideID = id })
	if err != nil {
		return nil, err
	}
	more, err := groups.parts(func(p *channel.Part, id string) { p.Group = id })
	if err == nil && len(parts)+len(more) > channel.MaxParts {
		return nil, errTooMany
	}
	return slices.Concat(parts, more), err
}

var errTooMany = desk.Fail(desk.Invalid, "too_many_parts", "a delivery has at most 1000 parts")

func (p *parcels) parts(name func(*channel.Part, string)) ([]channel.Part, error) {
	var all []channel.Part
	for _, account := range p.order {
		if account == "" {
			continue
		}
		if len(all) == channel.MaxParts {
			return nil, errTooMany
		}
		body, err := encode(p.by[account])
		if err != nil {
			return nil, errNotEnvelope
		}
		part := channel.Part{Body: body}
		name(&part, account)
		all = append(all, part)
	}
	return all, nil
}

// encode writes a part without touching what is in the events.
func encode(e *Envelope) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(e)
	return b.Bytes(), err
}
