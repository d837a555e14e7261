package privacy

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/store"
)

const (
	// AgeWork is the kind of work that freezes who said that they are too young.
	AgeWork = "stated_age"
	// AgeLimit is from what age on a contact may be served (decision 8).
	AgeLimit = 16

	leastAge = 3 // below nobody writes themselves
	maxAged  = 600
)

// Ages freezes contacts who say of themselves that they are too young. What only
// looks like it freezes nobody.
type Ages struct {
	DB       *store.DB
	Flow     *flow.Flow
	Restrict *Restrict
}

// Arrived looks at what a contact wrote; when it states an own age under the
// limit the contact is frozen in the transaction that files the message, so that
// no answer comes between. The ledger, and whoever is the same person, follow by
// work of that transaction.
func (a *Ages) Arrived(tx *store.Tx, contact desk.ID, m desk.Message) error {
	if m.Direction != desk.In || m.Author.Kind != desk.FromContact || !TooYoung(string(m.Body)) {
		return nil
	}
	was := false
	_, err := tx.ChangeContact(contact, func(c *desk.Contact) error {
		was, c.Frozen = c.Frozen, true
		return nil
	})
	if err != nil || was {
		return err
	}
	return a.Flow.Add(tx, flow.Item{Kind: AgeWork, Key: contact, Object: contact, Conversation: m.Conversation, Message: m.ID})
}

// Handlers freezes.
func (a *Ages) Handlers() []flow.Handler {
	return []flow.Handler{{Kind: AgeWork, Workers: 1, Run: a.run}}
}

func (a *Ages) run(ctx context.Context, j *flow.Job) error {
	it := j.Items[0]
	no, err := a.record(ctx, it)
	if err == nil {
		yes := true
		_, err = a.Restrict.Set(ctx, it.Workspace, it.Object, desk.Actor{Kind: desk.BySystem, Name: "Parley"}, Restrictions{Frozen: &yes})
	}
	gone := desk.IsNotFound(err)
	if err != nil && !gone {
		return err
	}
	err = a.DB.In(it.Workspace).Write(ctx, func(tx *store.Tx) error {
		if !gone {
			// Who was frozen by the filing of their message still has what was under way.
			if err := a.Restrict.Inbox.Quiet(tx, it.Object); err != nil {
				return err
			}
		}
		return j.Finish(tx)
	})
	if err == nil && no > 0 {
		err = a.Restrict.Keys.FinishLedger(ctx, no, a.DB.Clock().Now())
	}
	return err
}

// record enters in the privacy ledger that the filing of a message froze somebody;
// 0 where nobody is frozen yet, which Restrict.Set records.
func (a *Ages) record(ctx context.Context, it flow.Item) (int64, error) {
	var who desk.Contact
	err := a.DB.In(it.Workspace).Read(ctx, func(r *store.Rx) (err error) { who, err = r.Contact(it.Object); return err })
	if err != nil || !who.Frozen {
		return 0, err
	}
	hash, err := a.DB.In(it.Workspace).Hash(ctx, LedgerContact, it.Object.String())
	if err != nil {
		return 0, err
	}
	return a.Restrict.Keys.AddLedger(ctx, store.LedgerEntry{Workspace: it.Workspace, Act: "freeze", Subject: it.Object, Hashes: [][]byte{hash}, At: a.DB.Clock().Now()})
}

// The ways in which somebody says how old they are; the age is the first group.
// A word before that makes it no statement of now stands in notNow.
const (
	ageEnglish  = `\bi(?:'m|’m| am|m)\s+(?:only |just |still )?(\d{1,2})\s*(?:years?[ -]olds?|yrs? old|y\.?/?o\b|years? of age)`
	ageBare     = `\bi(?:'m|’m| am)\s+(?:only |just |still )?(\d{1,2})(?:\s*[.,!?]|\s+(?:and|but|so)\b|\s*$)`
	ageMy       = `\bmy age is (\d{1,2})\b`
	ageTurkish  = `(?:^|[^\d])(\d{1,2})\s*ya[sş][ıi][nm]day[ıi]m`
	ageTurkish2 = `\bya[sş][ıi]m\s*[:=]?\s*(\d{1,2})\b`
	notNow      = `(?:\b(?:when|if|until|till|before|once|since|like|as if|imagine|said|says|eğer|eger)\b|["“«])[^.!?\n]*$`
)

// TooYoung reports whether somebody says of themselves that they are younger than
// AgeLimit. It is made to be sure and not to be complete: of others, of another
// time and of anything but years it says no.
func TooYoung(said string) bool {
	if len(said) > maxAged || !strings.ContainsAny(said, "0123456789") {
		return false
	}
	said = strings.ToLower(strings.ReplaceAll(said, "İ", "i"))
	for _, form := range []string{ageEnglish, ageBare, ageMy, ageTurkish, ageTurkish2} {
		for _, at := range regexp.MustCompile(form).FindAllStringSubmatchIndex(said, -1) {
			age, err := strconv.Atoi(said[at[2]:at[3]])
			if err == nil && age >= leastAge && age < AgeLimit && !regexp.MustCompile(notNow).MatchString(said[:at[0]]) {
				return true
			}
		}
	}
	return false
}
