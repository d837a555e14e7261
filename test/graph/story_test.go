package graph_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"parley/internal/app"
	"parley/sim/meta"
)

// A story is read line by line against the whole program and the simulated
// Meta; the stories of one file share an install, each with people of its own.
// Everything a line looks for is waited for. Lines:
//
//	connect KIND WAY                 by the simulated dialog
//	disconnect KIND | humans KIND    Meta granted the account the human-agent tag
//	connecting KIND WAY refused CODE
//	account KIND FIELDS              state, fault
//	revoke | deauthorize | delete    what the one who connected does at Meta
//	plan NAME… | after DURATION | weather KNOB TIMES
//	NAME@KIND: TEXT                  the person writes
//	NAME@KIND does ACT [key=value…]  anything else a person can do; target=1 is
//	                                 the chat's first message, target=last its last
//	phone NAME@KIND N FIELDS         the N-th message on the person's phone
//	inbox NAME@KIND N FIELDS         the N-th message in the thread
//	talk NAME@KIND FIELDS            the conversation: owner, messages (how many)
//	member NAME@KIND TEXT [refused CODE]
//	reads NAME@KIND                  the person opens the chat
//	owner NAME@KIND TEXT             typed on the business's own phone
//	program NAME@KIND TEXT           sent by another program
//	take NAME@KIND | back NAME@KIND | erase NAME@KIND
//
// N counts from 1; "last" is the last one. FIELDS are key=value, and ~ instead
// of = for "holds".
type story struct {
	*world
	people map[string]*meta.Customer
	chats  map[string]*meta.Chat
	ids    map[string]string // of connected accounts, by kind
	line   string
}

// covers issue 3 "Scenario stories for each paragraph".
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all := txtar.Parse(raw)
			each(t, func(w *world) {
				s := &story{world: w, people: map[string]*meta.Customer{}, chats: map[string]*meta.Chat{}, ids: map[string]string{}}
				for n, one := range append([]txtar.File{{Name: "before", Data: code(all.Comment)}}, all.Files...) {
					s.tell(fmt.Sprintf("%d %s", n, one.Name), string(one.Data))
				}
			})
		})
	}
}

// code is what of a file's comment is lines of a story: those set in by a tab.
func code(comment []byte) []byte {
	var all []string
	for line := range strings.Lines(string(comment)) {
		if strings.HasPrefix(line, "\t") {
			all = append(all, line)
		}
	}
	return []byte(strings.Join(all, ""))
}

func (s *story) tell(name, lines string) {
	s.Helper()
	for line := range strings.Lines(lines) {
		if s.line = strings.TrimSpace(line); s.line == "" || strings.HasPrefix(s.line, "#") {
			continue
		}
		if err := s.act(words(s.line)); err != nil {
			s.Fatalf("%s: %s: %v", name, s.line, err)
		}
	}
}

// words cuts a line at blanks; a text in quotes is one word, also behind = or ~.
func words(line string) []string {
	var all []string
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		end, quoted := 0, false
		for end < len(line) && (quoted || line[end] != ' ') {
			quoted = quoted != (line[end] == '"')
			end++
		}
		all = append(all, strings.ReplaceAll(line[:end], `"`, ""))
		line = line[end:]
	}
	return all
}

var errLine = errors.New("no line begins so")

func (s *story) act(word []string) error {
	if who, ok := strings.CutSuffix(word[0], ":"); ok {
		_, err := s.chat(who).Does(meta.Act{Kind: "text", Text: strings.Join(word[1:], " ")})
		return err
	}
	if strings.Contains(word[0], "@") && word[1] == "does" {
		return s.does(s.chat(word[0]), word[2], word[3:])
	}
	if strings.Contains(word[len(word)-1], "@") || len(word) > 1 && strings.Contains(word[1], "@") {
		return s.about(word[0], word[1], word[2:])
	}
	switch word[0] {
	case "connect":
		id := s.connect(word[1], word[2], meta.Choice{})[word[1]]
		s.ids[word[1]] = id
	case "connecting":
		body := map[string]any{"kind": word[1], "way": word[2], "acknowledged": true}
		if got := fmt.Sprint(s.call("POST", "/api/v1/channels/connect", body, nil)); got != word[4] {
			return fmt.Errorf("answered %s", got)
		}
	case "account":
		return s.holds(word[2:], func() (map[string]string, error) {
			var ch struct{ State, Fault string }
			status := s.call("GET", "/api/v1/channels/"+s.ids[word[1]], nil, &ch)
			return map[string]string{"state": ch.State, "fault": ch.Fault, "status": fmt.Sprint(status)}, nil
		})
	case "revoke":
		s.owner.Revoke(460)
	case "deauthorize":
		s.done(s.passes(deauthorize, s.sim.SignedRequest(s.owner, false)))
	case "delete":
		s.done(s.passes(deletion, s.sim.SignedRequest(s.owner, false)))
	case "humans":
		return s.humans(word[1])
	case "disconnect":
		s.good("POST", "/api/v1/channels/"+s.ids[word[1]]+"/disconnect", map[string]any{}, nil)
	case "plan":
		_, err := s.app.SetWorkspace(context.Background(), app.SetWorkspace{Workspace: "Northwind", Entitlement: word[1:]})
		return err
	case "after":
		by, err := time.ParseDuration(word[1])
		s.clock.Move(by)
		return err
	case "weather":
		times, err := strconv.Atoi(word[2])
		// Where a call is meant, its path says which: a profile asked late must not
		// meet the weather made for a reply.
		s.sim.Weather(meta.Knob(word[1]), meta.Force{Times: times, Path: strings.Join(word[3:], ""), For: 100 * time.Millisecond})
		return err
	default:
		return errLine
	}
	return nil
}

func (s *story) humans(kind string) error {
	s.good("PATCH", "/api/v1/channels/"+s.ids[kind], map[string]any{"settings": map[string]any{"human_agent": true}}, nil)
	return nil
}

// chat is the chat of NAME@KIND.
func (s *story) chat(who string) *meta.Chat {
	if c := s.chats[who]; c != nil {
		return c
	}
	name, kind, _ := strings.Cut(who, "@")
	p := s.people[name]
	if p == nil {
		n := len(s.people)
		p = s.sim.Customer(meta.Profile{Name: name, Username: strings.ToLower(name), Phone: fmt.Sprint(905_320_000_000 + n), Country: "TR", Locale: "tr_TR"})
		s.people[name] = p
	}
	switch kind {
	case "messenger":
		s.chats[who] = p.Writes(s.page)
	case "instagram":
		s.chats[who] = p.WritesInstagram(s.ig)
	default:
		s.chats[who] = p.WritesWhatsApp(s.number)
	}
	return s.chats[who]
}

func (s *story) does(c *meta.Chat, kind string, fields []string) error {
	a := meta.Act{Kind: kind}
	for _, f := range fields {
		key, value, _ := strings.Cut(f, "=")
		switch key {
		case "text":
			a.Text = value
		case "emoji":
			a.Emoji = value
		case "payload":
			a.Payload = value
		case "title":
			a.Title = value
		case "target":
			m, err := nth(c.Messages(), value)
			if err != nil {
				return err
			}
			a.Target = m.ID
		case "ago":
			by, err := time.ParseDuration(value)
			if err != nil {
				return err
			}
			a.At = s.clock.Now().Add(-by)
		default:
			return fmt.Errorf("an act has no %q", key)
		}
	}
	_, err := c.Does(a)
	return err
}

func nth[T any](all []T, n string) (one T, err error) {
	i := len(all) - 1
	if n != "last" {
		if i, err = strconv.Atoi(n); err != nil {
			return one, err
		}
		i--
	}
	if i < 0 || i >= len(all) {
		return one, fmt.Errorf("there are %d, not %s", len(all), n)
	}
	return all[i], nil
}

// about carries out a line about one conversation.
func (s *story) about(verb, who string, rest []string) error {
	c := s.chat(who)
	switch verb {
	case "phone":
		return s.holds(rest[1:], func() (map[string]string, error) {
			m, err := nth(c.Messages(), rest[0])
			return map[string]string{"from": string(m.From), "kind": m.Kind, "text": m.Text, "status": m.Status, "reply": m.ReplyTo,
				"files": fmt.Sprint(len(m.Files)), "template": m.Template, "tag": m.Tag, "messages": fmt.Sprint(len(c.Messages()))}, err
		})
	case "inbox":
		return s.holds(rest[1:], func() (map[string]string, error) {
			all, err := s.said(who)
			if err != nil {
				return nil, err
			}
			return nth(all, rest[0])
		})
	case "talk":
		return s.holds(rest, func() (map[string]string, error) { return s.talk(who) })
	case "reads":
		c.Reads()
		return nil
	case "owner":
		c.OwnerTypes(strings.Join(rest, " "))
		return nil
	case "program":
		c.OtherAppSends("9999", strings.Join(rest, " "))
		return nil
	case "member", "take", "back", "erase":
		return s.member(verb, who, rest)
	}
	return errLine
}

func (s *story) member(verb, who string, rest []string) error {
	var id string
	s.until(who+" has a conversation", func() bool { c, err := s.find(who); id = c.ID; return err == nil })
	path := "/api/v1/conversations/" + id
	switch verb {
	case "take":
		s.good("POST", path+"/take-over", nil, nil)
	case "back":
		s.good("POST", path+"/hand-back", nil, nil)
	case "erase":
		c, err := s.find(who)
		if err != nil {
			return err
		}
		var seen struct{ Confirm string }
		s.good("POST", "/api/v1/contacts/"+c.Contact.ID+"/erase", nil, &seen)
		s.good("POST", "/api/v1/contacts/"+c.Contact.ID+"/erase", map[string]any{"confirm": seen.Confirm}, nil)
	case "member":
		want := http.StatusCreated
		if len(rest) == 3 && rest[1] == "refused" {
			n, err := strconv.Atoi(rest[2])
			if err != nil {
				return err
			}
			want = n
		}
		if status := s.call("POST", path+"/messages", map[string]any{"body": rest[0]}, nil); status != want {
			return fmt.Errorf("answered %d", status)
		}
	}
	return nil
}
