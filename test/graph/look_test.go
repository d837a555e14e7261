package graph_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"parley/internal/desk"
	"parley/internal/store"
)

// holds waits until every field is as told.
func (s *story) holds(fields []string, look func() (map[string]string, error)) error {
	var last string
	ok := func() bool {
		have, err := look()
		if err != nil {
			last = err.Error()
			return false
		}
		for _, f := range fields {
			cut := strings.IndexAny(f, "=~")
			if cut < 0 {
				last = "a field has = or ~"
				return false
			}
			got, known := have[f[:cut]]
			if fits := known && (f[cut] == '=' && got == f[cut+1:] || f[cut] == '~' && strings.Contains(got, f[cut+1:])); !fits {
				last = fmt.Sprintf("%s is %q of %v", f[:cut], got, have)
				return false
			}
		}
		return true
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	bell := make(chan struct{}, 1)
	defer s.app.DB.Watch(func(store.Commit) {
		select {
		case bell <- struct{}{}:
		default:
		}
	})()
	for {
		changed := s.sim.Changed()
		if ok() {
			return nil
		}
		select {
		case <-bell:
		case <-changed:
		case <-ctx.Done():
			return errors.New(last)
		}
	}
}

// person is a conversation as the list has it.
type person struct {
	ID      string
	Owner   struct{ Kind string }
	Channel struct{ Kind string }
	State   string
	Contact struct{ ID, Name string }
	Preview *struct{ Text string }
}

func (s *story) find(who string) (person, error) {
	name, kind, _ := strings.Cut(who, "@")
	var list struct{ Items []person }
	s.good("GET", "/api/v1/conversations?view=all&limit=100", nil, &list)
	i := slices.IndexFunc(list.Items, func(c person) bool { return c.Channel.Kind == kind && c.Contact.Name == name })
	if i < 0 {
		return person{}, fmt.Errorf("nobody is called %s on %s", name, kind)
	}
	return list.Items[i], nil
}

func (s *story) talk(who string) (map[string]string, error) {
	c, err := s.find(who)
	if err != nil {
		return nil, err
	}
	all, err := s.said(who)
	preview := ""
	if c.Preview != nil {
		preview = c.Preview.Text
	}
	return map[string]string{"owner": c.Owner.Kind, "state": c.State, "messages": fmt.Sprint(len(all)), "preview": preview}, err
}

// said is the thread, oldest first and without event lines.
func (s *story) said(who string) ([]map[string]string, error) {
	c, err := s.find(who)
	if err != nil {
		return nil, err
	}
	var list struct {
		Items []struct {
			Direction, Kind, Body, Status, Fallback, Echo string
			Deleted, Edited                               bool
			Author                                        struct{ Kind string }
			Error                                         *struct{ Code string }
			Reactions                                     []struct{ By, Emoji string }
			Attachments                                   []struct{ Kind, State, Role string }
			ReplyTo                                       desk.ID `json:"reply_to"`
		}
	}
	s.good("GET", "/api/v1/conversations/"+c.ID+"/messages?limit=100", nil, &list)
	var all []map[string]string
	for _, m := range slices.Backward(list.Items) {
		if m.Kind == desk.KindEvent {
			continue
		}
		one := map[string]string{"way": m.Direction, "kind": m.Kind, "text": m.Body, "status": m.Status, "by": m.Author.Kind, "shown": m.Fallback,
			"echo": m.Echo, "deleted": fmt.Sprint(m.Deleted), "edited": fmt.Sprint(m.Edited), "answers": fmt.Sprint(m.ReplyTo != 0)}
		for _, r := range m.Reactions {
			one["reactions"] += r.By + r.Emoji
		}
		for _, f := range m.Attachments {
			one["files"] += strings.Trim(f.Kind+"/"+f.State+"/"+f.Role, "/") + " "
		}
		if m.Error != nil {
			one["error"] = m.Error.Code
		}
		all = append(all, one)
	}
	return all, nil
}
