package checks

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// savedChecks make backups and play them back. They run late: from the first of
// them on the world has a recovery key.
func savedChecks() []entry {
	return []entry{
		{"backups-tested", backupsTested},
		{"erased-stays-erased", erasedStays},
		{"backups-end", backupsEnd},
	}
}

// recovery is the secret half of the recovery key, which is made when there is none.
const recovery = "{apart}/recovery.key"

// command runs a verb, which must succeed.
func (t *trial) command(args ...string) (said string) {
	if t.err != nil {
		return ""
	}
	out, err := t.w.Command(t.ctx, nil, args...)
	t.must(err)
	t.want(out.Status == 0, "parley %s does its work %s", strings.Join(args[:min(2, len(args))], " "), firstLine(out.Stderr))
	return string(out.Stdout)
}

func firstLine(said []byte) string {
	line, _, _ := strings.Cut(string(said), "\n")
	return line
}

// savable sees to it that there is a recovery key.
func (t *trial) savable() {
	if t.err != nil {
		return
	}
	out, err := t.w.Command(t.ctx, nil, "backup", "key", recovery)
	t.must(err)
	if out.Status == 0 { // else there was one
		t.restart()
	}
}

type saved struct {
	Name, Kind, State string
	At                time.Time
}

func (t *trial) backups(kind string) (all []saved) {
	for line := range strings.Lines(t.command("backup", "list", "--json")) {
		var one saved
		t.must(json.Unmarshal([]byte(line), &one))
		if one.Kind == kind && one.State == "done" {
			all = append(all, one)
		}
	}
	return all
}

func backupsTested(t *trial) {
	t.savable()
	before := len(t.backups("data"))
	t.advance(2 * day)
	t.want(len(t.backups("data")) > before, "a backup is made by itself within two days")
	word := canary()
	t.says("messenger", "Saved "+word, word)
	t.command("backup", "now")
	var so struct {
		Rows, Opened int64
		Tables       int
		Chains       int
	}
	said := strings.TrimSpace(t.command("restore", "--check", "--json", "--recovery-key", recovery, "--scratch", "{apart}"))
	t.must(json.Unmarshal([]byte(said[strings.LastIndex(said, "\n")+1:]), &so))
	t.want(so.Tables > 50 && so.Rows > 100 && so.Opened > 0 && so.Chains > 0, "the newest is played back into a place of its own: every table is read, people's data opens, the records are whole")
	_, hits := t.atRest(word)
	t.want(hits == 0, "what somebody wrote is readable in none of the files")
}

func erasedStays(t *trial) {
	t.savable()
	word := canary()
	t.says("messenger", "Erased "+word, word)
	t.says("messenger", "Stays "+word, "another "+word)
	gone, stays := t.talkOf(word).Contact, t.talkOf("another "+word).Contact
	if gone.ID == stays.ID {
		gone = t.talkNot(word, stays.ID)
	}
	t.command("backup", "now")
	var look struct{ Confirm string }
	at := "/api/v1/contacts/" + gone.ID + "/erase"
	t.owner(http.MethodPost, at, map[string]any{}, &look)
	t.owner(http.MethodPost, at, map[string]any{"confirm": look.Confirm}, nil)
	t.settle()
	place := "--data={apart}/" + word
	t.command("restore", place, "--from={data}/backups", "--root-key={data}/root.key", "--recovery-key", recovery, "--confirm-ledger")
	holds := func(contact string) bool {
		out, err := t.w.Command(t.ctx, nil, "erase", "--workspace", "Canary Goods", "--contact", contact, place)
		t.must(err)
		return out.Status == 0
	}
	t.want(holds(stays.ID), "an install that was brought back from an older backup holds who was not erased")
	t.want(!holds(gone.ID), "and does not hold who was erased after it was made")
}

// talkNot finds the contact of a word that is not the one given.
func (t *trial) talkNot(word, not string) (who struct{ ID, Name string }) {
	var list struct{ Items []talk }
	t.owner(http.MethodGet, "/api/v1/conversations?limit=50", nil, &list)
	for _, c := range list.Items {
		if c.Contact.ID != not && strings.Contains(c.Contact.Name, word) {
			return c.Contact
		}
	}
	t.want(false, "the second person is there")
	return who
}

func backupsEnd(t *trial) {
	t.savable()
	t.command("backup", "now")
	all := t.backups("data")
	t.want(len(all) > 0, "there is a backup")
	if t.err != nil {
		return
	}
	oldest := all[0]
	for _, one := range all {
		if one.At.Before(oldest.At) {
			oldest = one
		}
	}
	there := func() bool {
		for _, one := range t.backups("data") {
			if one.Name == oldest.Name {
				return true
			}
		}
		return false
	}
	t.want(there(), "it is in the catalogue")
	t.advance(91 * day)
	t.want(!there(), "after 91 days it is not, whatever was made since")
	files := 0
	t.must(t.w.Bytes(t.ctx, func(place string, _ []byte) error {
		if strings.Contains(place, oldest.Name) {
			files++
		}
		return nil
	}))
	t.want(files == 0, "nor is its file at rest")
}
