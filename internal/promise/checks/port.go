package checks

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"

	"parley/internal/promise"
)

// portChecks bring a workspace into a second install.
func portChecks() []entry {
	return []entry{{"returned-at-the-end", returnedAtTheEnd}, {"portable", portable}}
}

type portedTable struct {
	Name, SHA256 string
	Rows         int
}

// exported has a workspace written to a file by a command, and gives its tables.
func (t *trial) exported(workspace, file string, more ...string) (all []portedTable) {
	var out struct{ Tables []portedTable }
	said := t.command(append([]string{"export", "--json", "--workspace", workspace, "--out", "{apart}/" + file}, more...)...)
	if t.err == nil {
		t.must(json.Unmarshal([]byte(said), &out))
	}
	return out.Tables
}

// fileOf downloads what a signed-in owner may take along, and reads one file of it.
func (b *browser) fileOf(name string) (body string, files int) {
	if b.t.err != nil {
		return "", 0
	}
	a, err := b.t.w.HTTP(b.t.ctx, promise.Ask{Method: http.MethodGet, Path: "/api/v1/workspace/export",
		Header: http.Header{"Cookie": {b.cookie}, "User-Agent": {b.agent}, "Sec-Fetch-Site": {"same-origin"}}})
	b.t.must(err)
	b.t.want(a.Status == http.StatusOK, "an owner who is signed in downloads everything (%d)", a.Status)
	z, err := zip.NewReader(bytes.NewReader(a.Body), int64(len(a.Body)))
	if b.t.must(err); b.t.err != nil {
		return "", 0
	}
	f, err := z.Open(name)
	b.t.must(err)
	if err == nil {
		raw, err := io.ReadAll(f)
		b.t.must(err)
		body = string(raw)
	}
	return body, len(z.File)
}

// returnedAtTheEnd: a business that leaves takes everything along, another install
// brings it to the same state, and what stays here is deleted with a certificate.
func returnedAtTheEnd(t *trial) {
	l := t.leaver()
	if t.err != nil {
		return
	}
	said, files := l.owner.fileOf("tables/message.jsonl")
	t.want(strings.Contains(said, l.word) && files > 50, "every word is in the file, in a form that any program reads")
	where := "--data={apart}/" + l.word
	was := t.exported(l.name, l.word+"-1.zip")
	t.command("workspace", "import", "{apart}/"+l.word+"-1.zip", where)
	is := t.exported(l.name, l.word+"-2.zip", where)
	rows := 0
	for _, table := range was {
		rows += table.Rows
	}
	t.want(rows > 5 && len(was) > 50 && slices.Equal(was, is), "in another install each of its tables is the same, row by row")
	again, err := t.w.Command(t.ctx, nil, "workspace", "import", "{apart}/"+l.word+"-1.zip")
	t.must(err)
	t.want(again.Status != 0, "where it is, it does not come a second time")
	l.closes()
	t.advance(30 * day)
	t.want(strings.Contains(l.page(), "Gone since"), "what stayed here is deleted, and a certificate says so")
	again, err = t.w.Command(t.ctx, nil, "workspace", "import", "{apart}/"+l.word+"-1.zip")
	t.must(err)
	t.want(again.Status != 0 && strings.Contains(string(again.Stderr), "workspace_deleted"), "and it does not come back here")
}

// portable: what one business hands a person, another one's program reads: they are
// the same there, word by word.
func portable(t *trial) {
	l := t.leaver()
	word := canary()
	t.visits("granted").says(word)
	c := t.talkOf(word)
	t.owner(http.MethodPost, "/api/v1/conversations/"+c.ID+"/messages", map[string]any{"body": "It comes tomorrow, " + word}, nil)
	t.owner(http.MethodPatch, "/api/v1/contacts/"+c.Contact.ID, map[string]any{"name": "Moving " + word}, nil)
	t.settle()
	raw := t.copied(promise.Ask{As: promise.As{Role: "owner"}}, c.Contact.ID, map[string]any{})
	if t.err != nil {
		return
	}
	out, err := t.w.Command(t.ctx, raw, "privacy", "import-person", "-", "--workspace", l.name)
	t.must(err)
	t.want(out.Status == 0, "another business's program brings it %s", firstLine(out.Stderr))
	again := t.copied(promise.Ask{Header: http.Header{"Cookie": {l.owner.cookie}, "User-Agent": {l.owner.agent}, "Origin": {t.w.Place().URL}, "Sec-Fetch-Site": {"same-origin"},
		"Content-Type": {"application/json"}}}, c.Contact.ID, map[string]any{})
	was, is := t.wordsOf(raw, c.ID), t.wordsOf(again, c.ID)
	t.want(strings.Contains(was, `"text": "`+word) && strings.Contains(was, "It comes tomorrow, "+word), "the copy holds both sides, in a documented form")
	t.want(strings.Contains(t.unzipped(again), "Moving "+word), "there the person bears their name")
	t.want(was == is, "and each message is as it was: words, times, order, state")
	out, err = t.w.Command(t.ctx, raw[:len(raw)/2], "privacy", "import-person", "-", "--workspace", l.name)
	t.must(err)
	t.want(out.Status != 0, "half a copy brings nobody")
}

// wordsOf reads the messages of a conversation out of a copy.
func (t *trial) wordsOf(raw []byte, conversation string) string {
	if t.err != nil {
		return ""
	}
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if t.must(err); err != nil {
		return ""
	}
	f, err := z.Open("conversations/" + conversation + "-1.json")
	if t.must(err); err != nil {
		return ""
	}
	var part struct{ Messages json.RawMessage }
	t.must(json.NewDecoder(f).Decode(&part))
	return string(part.Messages)
}
