package meta

import (
	"cmp"
	"fmt"
	"slices"
)

// Channel is one of the three ways to write.
type Channel string

// The channels.
const (
	OnMessenger Channel = "messenger"
	OnInstagram Channel = "instagram"
	OnWhatsApp  Channel = "whatsapp"
)

// Profile is what a customer shows of themselves.
type Profile struct {
	Name     string
	Username string // on Instagram and, where taken, on WhatsApp
	Phone    string // digits with country code; "" = never shown (a username user)
	Country  string // two letters, begins the business-scoped id; default "US"
	Locale   string
	Picture  []byte // JPEG or PNG; nil = none
	Private  bool   // no profile is given out (consent is missing)
}

// Customer is one human, with other ids on every page, account and portfolio.
type Customer struct {
	Profile
	sim     *Sim
	no      int               // place in the order of customers
	renewed int               // how often the BSUID changed
	scoped  map[string]string // page or account id → PSID or IGSID
	bsuid   map[string]string // portfolio → business-scoped user id
	waID    string            // canonical, may differ from what is dialled
	offline bool
	blocked bool // blocked the business: nothing arrives
	noReads bool // read receipts are off
}

// Customer adds a human.
func (s *Sim) Customer(p Profile) *Customer {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.Country = cmp.Or(p.Country, "US")
	c := &Customer{Profile: p, sim: s, no: len(s.customers) + 1, scoped: map[string]string{}, bsuid: map[string]string{}, waID: p.Phone}
	s.customers = append(s.customers, c)
	s.dials(c)
	return c
}

// Portray gives the customer another profile picture.
func (c *Customer) Portray(picture []byte) { c.sim.locked(func() { c.Picture = picture }) }

// Offline keeps the customer's phone from receiving (and so from receipts)
// until it is on again.
func (c *Customer) Offline(off bool) {
	c.sim.locked(func() {
		c.offline = off
		if off {
			return
		}
		for _, chat := range c.sim.chatsOf(c) {
			for _, m := range chat.messages {
				if m.outgoing() && m.status == "sent" {
					chat.arrived(m)
				}
			}
		}
	})
}

// Blocks makes the customer block every business.
func (c *Customer) Blocks(on bool) { c.sim.locked(func() { c.blocked = on }) }

// Away tells whether the customer's phone is off, and whether they blocked the
// business.
func (c *Customer) Away() (offline, blocked bool) {
	c.sim.mu.Lock()
	defer c.sim.mu.Unlock()
	return c.offline, c.blocked
}

// ReadReceipts switches the customer's read receipts.
func (c *Customer) ReadReceipts(on bool) { c.sim.locked(func() { c.noReads = !on }) }

// Canonical sets the wa_id Meta knows the customer by where it differs from the
// number people dial (Brazil, Mexico, Argentina).
func (c *Customer) Canonical(waID string) {
	c.sim.locked(func() {
		c.waID = waID
		c.sim.dials(c)
	})
}

// dials makes a customer reachable by their numbers. The lock is held.
func (s *Sim) dials(c *Customer) {
	for _, n := range []string{c.Phone, c.waID} {
		if n != "" {
			s.phones[n] = c
		}
	}
}

// id gives the customer's id on a page or Instagram account.
func (c *Customer) id(prefix, asset string) string {
	if c.scoped[asset] == "" {
		c.scoped[asset] = fmt.Sprintf("%s%s%06d", prefix, tail(asset, 9), c.no)
	}
	return c.scoped[asset]
}

// businessID gives the BSUID in a portfolio.
func (c *Customer) businessID(portfolio string) string {
	if c.bsuid[portfolio] == "" {
		c.bsuid[portfolio] = fmt.Sprintf("%s.1349%s%02d%04d", c.Country, tail(portfolio, 8), c.renewed, c.no)
		c.sim.bsuids[c.bsuid[portfolio]] = c
	}
	return c.bsuid[portfolio]
}

func (s *Sim) chatsOf(c *Customer) []*Chat {
	var out []*Chat
	for _, chat := range s.chats {
		if chat.Customer == c {
			out = append(out, chat)
		}
	}
	slices.SortFunc(out, func(a, b *Chat) int { return cmp.Compare(a.serial, b.serial) })
	return out
}
