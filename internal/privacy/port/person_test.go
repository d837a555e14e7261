package port_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/privacy"
	"parley/internal/privacy/port"
	"parley/internal/store"
	"parley/test/storetest"
)

// copyOf makes the copy that a person is handed.
func (in *install) copyOf(t *testing.T, ws, contact desk.ID) []byte {
	t.Helper()
	var b bytes.Buffer
	c := privacy.NewCopies(privacy.CopyParts{DB: in.DB, Keys: in.Keys, Blobs: in.files})
	if err := c.Write(ctx, &b, ws, store.PersonCopy{Contact: contact, Language: "en"}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (in *install) takes(ws desk.ID, raw []byte) error {
	_, err := in.port.ImportPerson(ctx, ws, bytes.NewReader(raw), int64(len(raw)), member())
	return err
}

// told is what a copy tells of a person: all but when and by whom it was made.
func told(t *testing.T, raw []byte) map[string]string {
	t.Helper()
	all := unpack(t, raw)
	for name := range all {
		if strings.HasSuffix(name, ".html") || name == "manifest.json" || name == "records.json" {
			delete(all, name)
		}
	}
	var doc privacy.PersonDoc
	if err := json.Unmarshal([]byte(all["person.json"]), &doc); err != nil {
		t.Fatal(err)
	}
	doc.Business, doc.MadeAt = "", storetest.Start()
	raw, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	all["person.json"] = string(raw)
	for name := range all { // an account is a shell there, by another address
		all[name] = shells.ReplaceAllString(all[name], `"address":"`)
	}
	return all
}

var shells = regexp.MustCompile(`"address": ?"(from:\d+:)?`)

// someone is a person with all that a copy can tell.
func (in *install) someone(t *testing.T, ws desk.ID) desk.ID {
	t.Helper()
	var found []desk.Contact
	err := in.In(ws).Read(ctx, func(r *store.Rx) (err error) {
		found, err = r.FindContacts([]string{"northwind1"}, 9)
		return err
	})
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	who := found[0].ID
	in.write(t, ws, func(tx *store.Tx) error {
		talks, err := tx.ConversationsWith(who, 9)
		if err != nil {
			return err
		}
		row, err := tx.LockConversation(talks[0].ID)
		if err != nil {
			return err
		}
		for _, m := range []desk.Message{
			{Direction: desk.Out, Author: desk.Author{Kind: desk.FromAI}, Kind: desk.KindText, Body: "Tomorrow.", Status: desk.StatusDelivered, Disclosed: true,
				Sources: []desk.SourceRef{{Quote: "It comes tomorrow."}}, SentAt: tx.Now(), Approver: desk.Author{Kind: desk.FromMember, ID: 7}},
			{Direction: desk.None, Author: desk.Author{Kind: desk.FromSystem}, Kind: desk.KindEvent, Event: "taken_over", EventReason: "asked", Status: desk.StatusDelivered},
			{Direction: desk.In, Author: desk.Author{Kind: desk.FromContact, Name: "Ana"}, Kind: desk.KindText, Body: "<b>Thanks</b> {}", Status: desk.StatusDelivered,
				Reactions: []desk.Reacted{{By: desk.FromMember, Emoji: "👍"}}, Edited: true},
		} {
			if err := tx.AppendMessage(&row, &m); err != nil {
				return err
			}
		}
		row.Labels, row.Language, row.State = []string{"vip"}, "tr", desk.Closed
		_, err = tx.ChangeOptIn(who, row.Account, "orders", func(o *desk.Consented) error { o.Source, o.At, o.Note = "form", tx.Now(), "at the desk"; return nil })
		return errors.Join(err, tx.SaveConversation(row))
	})
	return who
}

// covers A-14.1-05: who is brought is seen at once by whoever has the inbox open, and
// nothing follows as if they had just written; contacts that were one person are so
// since when they were.
func TestWhoIsBroughtIsSeenAtOnce(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]func(*testing.T) string{"sqlite": func(*testing.T) string { return "" }, "postgres": func(t *testing.T) string { return storetest.PostgreSQL(t) }} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seenAtOnce(t, newInstall(t, "here", ""), newInstall(t, "there", url(t)))
		})
	}
}

func seenAtOnce(t *testing.T, here, there *install) {
	t.Helper()
	from, to := here.business(t, "northwind", 3), there.business(t, "eastwind", 2)
	who, other := here.someone(t, from), desk.ID(0)
	here.write(t, from, func(tx *store.Tx) error {
		found, err := tx.FindContacts([]string{"northwind2"}, 9)
		if err != nil {
			return err
		}
		other = found[0].ID
		return tx.MergeContact(other, who)
	})
	was := here.copyOf(t, from, who)
	there.Fake.Advance(72 * time.Hour)
	var before int64
	read := func(fn func(r *store.Rx) error) {
		t.Helper()
		if err := there.In(to).Read(ctx, fn); err != nil {
			t.Fatal(err)
		}
	}
	read(func(r *store.Rx) (err error) { _, before, err = r.EventNumbers(); return err })
	if err := there.takes(to, was); err != nil {
		t.Fatal(err)
	}
	seen := map[desk.EventKind]int{}
	read(func(r *store.Rx) error {
		all, err := r.EventsAfter(before, 100)
		for _, e := range all {
			seen[e.Kind]++
		}
		return err
	})
	if want := map[desk.EventKind]int{desk.ChannelChanged: 2, desk.ContactChanged: 2, desk.ConversationChanged: 2}; !maps.Equal(seen, want) {
		t.Errorf("whoever looks on is told %v, want %v", seen, want)
	}
	a, b := told(t, was), told(t, there.copyOf(t, to, who))
	if !strings.Contains(a["person.json"], "merged_at") || a["person.json"] != b["person.json"] {
		t.Errorf("one person since when:\n%s\n%s", a["person.json"], b["person.json"])
	}
}

// covers A-14.1-05, H-84: what a person took along is, in another business's
// Parley, the same person again, and nobody else is touched.
func TestAPersonIsTheSameElsewhere(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]func(*testing.T) string{"sqlite": func(*testing.T) string { return "" }, "postgres": func(t *testing.T) string { return storetest.PostgreSQL(t) }} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			here, there := newInstall(t, "here", url(t)), newInstall(t, "there", "")
			from, to := here.business(t, "northwind", 3), there.business(t, "eastwind", 2)
			who := here.someone(t, from)
			was, before := here.copyOf(t, from, who), len(unpack(t, there.export(t, to))["tables/contact.jsonl"])
			if err := there.takes(to, was); err != nil {
				t.Fatal(err)
			}
			a, b := told(t, was), told(t, there.copyOf(t, to, who))
			if len(a) < 3 || !slices.Equal(slices.Sorted(maps.Keys(a)), slices.Sorted(maps.Keys(b))) {
				t.Errorf("%v became %v", slices.Sorted(maps.Keys(a)), slices.Sorted(maps.Keys(b)))
			}
			for file := range a {
				if a[file] != b[file] {
					t.Errorf("%s is not what it was:\n%s\n%s", file, a[file], b[file])
				}
			}
			err := there.In(to).Read(ctx, func(r *store.Rx) error {
				found, err := r.FindContacts([]string{"northwind1"}, 9)
				if len(found) != 1 || found[0].ID != who {
					t.Errorf("by a word is found %v", found)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			var known *desk.Error
			if err := there.takes(to, was); !errors.As(err, &known) || known.Reason != "person_there" {
				t.Errorf("a second time: %v", err)
			}
			if now := unpack(t, there.export(t, to))["tables/contact.jsonl"]; len(now) <= before || strings.Count(now, "\n") != 3 {
				t.Errorf("the contacts are %s", now)
			}
			err = there.In(to).Read(ctx, func(r *store.Rx) error {
				accounts, err := r.Accounts()
				for _, a := range accounts {
					if strings.Contains(a.OutsideID, "northwind") && (a.State != desk.AccountGone || !strings.HasPrefix(a.OutsideID, port.ShellAddress)) {
						t.Errorf("a file has connected %+v", a)
					}
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if gone, err := privacy.NewEraser(there.DB, there.Keys, nil).Preview(ctx, to, who); err != nil || gone.Messages != 4 {
				t.Errorf("an erasure would take %+v: %v", gone, err)
			}
		})
	}
}

// What is wrong with a copy is said, and nothing of it stays.
func TestACopyThatIsNotWholeBringsNobody(t *testing.T) {
	t.Parallel()
	here, there := newInstall(t, "here", ""), newInstall(t, "there", "")
	from, to := here.business(t, "northwind", 2), there.business(t, "eastwind", 0)
	who := here.someone(t, from)
	was := here.copyOf(t, from, who)
	files := unpack(t, was)
	thread := ""
	for name := range files {
		if strings.HasPrefix(name, "conversations/") && strings.HasSuffix(name, ".json") {
			thread = name
		}
	}
	with := func(name, old, fresh string) []byte {
		all := maps.Clone(files)
		if all[name] = strings.Replace(all[name], old, fresh, 1); all[name] == files[name] {
			t.Fatalf("%s has no %s", name, old)
		}
		return pack(t, all, nil)
	}
	for name, try := range map[string]struct {
		raw    []byte
		reason string
	}{
		"a workspace":              {here.export(t, from), "bad_export"},
		"cut":                      {was[:len(was)-99], "bad_export"},
		"nobody":                   {with("person.json", `"id": "`+who.String(), `"id": "0`), "bad_export"},
		"a message less":           {with("person.json", `"messages": 4`, `"messages": 5`), "bad_export"},
		"no number":                {with(thread, `"seq": 2`, `"seq": 0`), "bad_export"},
		"a sign no database holds": {with(thread, `Tomorrow.`, `\u0000`), "bad_export"},
		"of another conversation":  {with(thread, `"id": "`, `"id": "9`), "bad_export"},
		"one number twice":         {with(thread, `"seq": 2`, `"seq": 1`), "exists"},
		"somebody else's":          {with("person.json", `"contact_id": "`+who.String(), `"contact_id": "77`), "bad_export"},
	} {
		var known *desk.Error
		if err := there.takes(to, try.raw); !errors.As(err, &known) || known.Reason != try.reason {
			t.Errorf("%s: %v, want %s", name, err, try.reason)
		}
	}
	there.keepsItsMembers(t, to, files, who)
	all := unpack(t, there.export(t, to))
	for _, table := range []string{"contact", "message", "media", "conversation"} {
		if all["tables/"+table+".jsonl"] != "" {
			t.Errorf("of table %s is there %s", table, all["tables/"+table+".jsonl"])
		}
	}
	if err := there.takes(to, was); err != nil {
		t.Error(err)
	}
}

// keepsItsMembers hands over a copy whose contact bears the number of a member, and
// fails later on: the member's key, which it would share, must not go with it.
func (in *install) keepsItsMembers(t *testing.T, ws desk.ID, files map[string]string, who desk.ID) {
	t.Helper()
	seats, err := in.Seats(ctx, "ada@eastwind.example")
	if err != nil || len(seats) != 1 {
		t.Fatal(seats, err)
	}
	member := seats[0].Member.ID
	all := map[string]string{}
	for name, body := range files {
		all[name] = strings.ReplaceAll(body, who.String(), member.String())
	}
	var known *desk.Error
	if err := in.takes(ws, pack(t, all, nil)); !errors.As(err, &known) || known.Reason != "person_there" {
		t.Errorf("a member's number: %v", err)
	}
	if seats, err = in.Seats(ctx, "ada@eastwind.example"); err != nil || len(seats) != 1 || seats[0].Member.Name != "Ada" {
		t.Errorf("the member is %+v: %v", seats, err)
	}
}
