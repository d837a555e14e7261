package storm

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// Kind of account, as the word in a delivery's object.
type Kind string

// Kinds of account.
const (
	Page      Kind = "page"
	Instagram Kind = "instagram"
	WhatsApp  Kind = "whatsapp_business_account"
)

// Account receives messages.
type Account struct {
	Kind   Kind
	ID     string // page id, Instagram id or WABA id
	Number string // WhatsApp: phone number id
	Phone  string // WhatsApp: display number
}

// Event is one text of one person.
type Event struct {
	To   Account
	From string // the person's id at the account
	ID   string // the provider's id of the message
	Text string
	At   time.Time
}

// Talk makes n events of people taking turns, each a second after the other, so
// that the i-th event is of person i % people; every person writes to one
// account. Text is the person's number, a space and the event's number.
func Talk(accounts []Account, people, first, n int, began time.Time) []Event {
	all := make([]Event, n)
	for i := range all {
		k := first + i
		who := k % people
		to := accounts[who%len(accounts)]
		id := fmt.Sprint("m_storm", k)
		from := fmt.Sprint(7_000_000_000_000_000+who, "")
		switch to.Kind {
		case Instagram:
			id = fmt.Sprint("aWdfc3Rvcm0", k)
		case WhatsApp:
			id, from = fmt.Sprint("wamid.STORM", k), fmt.Sprint(905_550_000_000+who, "")
		}
		all[i] = Event{To: to, From: from, ID: id, Text: fmt.Sprint(who, " ", k), At: began.Add(time.Duration(k) * time.Second)}
	}
	return all
}

// Copies mixes each event so many times.
func Copies(events []Event, copies int, dice *rand.Rand) []Event {
	all := make([]Event, 0, copies*len(events))
	for range copies {
		all = append(all, events...)
	}
	dice.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// Bodies puts events of the same kind of account together, at most so many in
// one delivery, keeping their order within a kind.
func Bodies(events []Event, most int, dice *rand.Rand) [][]byte {
	var all [][]byte
	waiting := map[Kind][]Event{}
	size := map[Kind]int{}
	for _, e := range events {
		k := e.To.Kind
		if size[k] == 0 {
			size[k] = 1 + dice.IntN(most)
		}
		if waiting[k] = append(waiting[k], e); len(waiting[k]) == size[k] {
			all = append(all, Body(waiting[k]...))
			waiting[k], size[k] = nil, 0
		}
	}
	for _, rest := range waiting {
		if len(rest) > 0 {
			all = append(all, Body(rest...))
		}
	}
	return all
}

type object map[string]any

// Body is one delivery; the events are of one kind of account.
func Body(events ...Event) []byte {
	entries := make([]object, len(events))
	for i, e := range events {
		if entries[i] = (object{"id": e.To.ID, "time": e.At.UnixMilli()}); e.To.Kind == WhatsApp {
			entries[i] = whatsApp(e)
			continue
		}
		entries[i]["messaging"] = []object{{"sender": object{"id": e.From}, "recipient": object{"id": e.To.ID}, "timestamp": e.At.UnixMilli(),
			"message": object{"mid": e.ID, "text": e.Text}}}
	}
	rest, err := json.Marshal(entries)
	if err != nil {
		return nil // maps of text always marshal
	}
	// Meta writes the object first.
	return []byte(fmt.Sprintf(`{"object":%q,"entry":%s}`, events[0].To.Kind, rest))
}

func whatsApp(e Event) object {
	value := object{"messaging_product": "whatsapp", "metadata": object{"display_phone_number": e.To.Phone, "phone_number_id": e.To.Number},
		"contacts": []object{{"profile": object{"name": "Person " + e.From}, "wa_id": e.From}},
		"messages": []object{{"from": e.From, "id": e.ID, "timestamp": fmt.Sprint(e.At.Unix()), "type": "text", "text": object{"body": e.Text}}}}
	return object{"id": e.To.ID, "changes": []object{{"field": "messages", "value": value}}}
}

// Long makes a text as long as people's questions are, about 900 bytes.
func (e Event) Long() Event {
	e.Text = strings.Repeat("Can I return a coat that is too small for me? ", 20)
	return e
}

// SignatureHeader carries Signature.
const SignatureHeader = "X-Hub-Signature-256"

// Signature is what Meta puts beside a body (2.2).
func Signature(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}
