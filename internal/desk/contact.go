package desk

import (
	"encoding/json"
	"time"
)

// Account is one connected page, number or widget of a workspace.
type Account struct {
	ID          ID
	Workspace   ID
	Kind        string // the channel's name: "widget", "instagram", …
	OutsideID   string // the id the channel delivers to: page id, phone number id, widget key
	Name        string
	State       AccountState
	Mode        Mode // ModeInherit = the workspace's
	Paused      bool
	Settings    json.RawMessage // the channel's own settings, checked by the channel
	ConnectedAt time.Time       // messages older than this are history: never answered
	LastEventAt time.Time
	RestUntil   time.Time // nothing leaves through it before: its provider asked for a rest
}

// AccountState says whether a channel account works.
type AccountState string

// States of a channel account.
const (
	AccountActive    AccountState = "active"
	AccountOff       AccountState = "off"
	AccountReconnect AccountState = "reconnect_needed"
	AccountGone      AccountState = "gone" // disconnected: a shell that keeps its history together
)

// Contact is a person who writes to a business. Name, e-mail and phone may all
// be absent.
type Contact struct {
	ID           ID
	Workspace    ID
	Name         string
	Email        string
	Phone        string
	Language     string // of their last messages: "en", "tr", …; "" unknown
	Restricted   bool   // processing is restricted: nothing but storage
	NoAutomation bool   // the person objected to automatic replies
	Limited      bool   // limited data use: see MayUse
	Objected     bool   // the person objected: people answer them, and nothing else is done
	Sensitive    bool   // what is special of them serves the conversation only
	Frozen       bool   // too young: stored, until a person decides
	MergedInto   ID     // contact of the same person that stands for this one, by a member's word; 0 = itself
	MergedAt     time.Time
	CreatedAt    time.Time
}

// Stored reports whether what is held of the contact is stored and used for
// nothing else: no answer, no search, nothing sent.
func (c Contact) Stored() bool { return c.Restricted || c.Frozen }

// Silent reports whether no program may speak to the contact.
func (c Contact) Silent() bool { return c.Stored() || c.NoAutomation || c.Objected }

// Anonymous reports whether the contact gave no name, e-mail or phone.
func (c Contact) Anonymous() bool { return c.Name == "" && c.Email == "" && c.Phone == "" }

// Identity is a contact's id on one channel account.
type Identity struct {
	ID      ID
	Contact ID
	Account ID
	Kind    string // "visitor", "psid", "igsid", "phone", "bsuid"
	Value   string // as the channel gives it, never repaired
}
