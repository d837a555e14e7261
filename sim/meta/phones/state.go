package phones

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"parley/sim/meta"
)

// shown is how many messages of a chat the page gets.
const shown = 200

// state is everything the page shows of one customer.
type state struct {
	Now       time.Time                 `json:"now"`
	Shift     float64                   `json:"shift_hours"`
	Movable   bool                      `json:"movable"`
	Parley    string                    `json:"parley"`
	Business  business                  `json:"business"`
	Customers []person                  `json:"customers"`
	Chats     map[meta.Channel]chatView `json:"chats"`
	Forces    map[meta.Knob]forceView   `json:"forces"`
	Kinds     map[meta.Channel][]string `json:"kinds"`
	Remarks   []meta.Remark             `json:"remarks"`
	Wire      []wireLine                `json:"wire"`
}

type business struct {
	Name   string `json:"name"`
	Handle string `json:"handle"`
	Number string `json:"number"`
}

type person struct {
	Name    string `json:"name"`
	Phone   string `json:"phone"`
	Offline bool   `json:"offline"`
	Blocked bool   `json:"blocked"`
}

type chatView struct {
	Connected bool           `json:"connected"`
	Typing    bool           `json:"typing"`
	Seen      time.Time      `json:"seen"`
	FreeTo    time.Time      `json:"free_to"`
	HumanTo   time.Time      `json:"human_to"`
	Messages  []meta.Message `json:"messages"`
}

type forceView struct {
	Times  int     `json:"times"`
	Chance float64 `json:"chance"`
}

// wireLine is one line of the log; its bytes are fetched when it is opened.
type wireLine struct {
	Out    bool      `json:"out"` // from the simulator to Parley
	No     int64     `json:"no"`
	At     time.Time `json:"at"`
	Title  string    `json:"title"`
	Detail string    `json:"detail"`
	Status int       `json:"status"`
	Millis int64     `json:"ms"`
	Repeat int       `json:"attempt,omitempty"`
}

func (c control) state(customer int) (state, error) {
	cust, err := c.customer(customer)
	if err != nil {
		return state{}, err
	}
	st := c.opt.Stage
	s := state{Now: c.opt.Sim.Now(), Movable: c.opt.Move != nil, Parley: c.opt.Parley, Remarks: c.opt.Sim.Remarks(),
		Business: business{st.Page.Name, st.Instagram.Username, st.Number.Display},
		Chats:    map[meta.Channel]chatView{}, Forces: map[meta.Knob]forceView{}, Kinds: map[meta.Channel][]string{}}
	if c.opt.Shift != nil {
		s.Shift = c.opt.Shift().Hours()
	}
	for _, p := range st.Customers {
		offline, blocked := p.Away()
		s.Customers = append(s.Customers, person{p.Name, p.Phone, offline, blocked})
	}
	connected := st.connected()
	for ch, chat := range st.chats(cust) {
		v := chatView{Connected: connected[ch], Typing: chat.Typing(), Seen: chat.Seen(), Messages: chat.Messages()}
		v.FreeTo, v.HumanTo = chat.Window()
		v.Messages = v.Messages[max(0, len(v.Messages)-shown):]
		s.Chats[ch] = v
		s.Kinds[ch] = meta.Kinds(ch)
	}
	for k, f := range c.opt.Sim.Forces() {
		s.Forces[k] = forceView{f.Times, f.Chance}
	}
	s.Wire = c.lines()
	return s, nil
}

// lines are the newest of both directions, in order of time.
func (c control) lines() []wireLine {
	const keep = 80
	calls, sent := c.opt.Sim.Calls(), c.opt.Sim.Deliveries()
	calls, sent = calls[max(0, len(calls)-keep):], sent[max(0, len(sent)-keep):]
	out := make([]wireLine, 0, len(calls)+len(sent))
	for len(calls) > 0 || len(sent) > 0 {
		if len(sent) == 0 || len(calls) > 0 && calls[0].At.Before(sent[0].At) {
			x := calls[0]
			calls = calls[1:]
			out = append(out, wireLine{No: x.No, At: x.At, Title: x.Method + " " + x.Path, Detail: x.Host, Status: x.Status})
			continue
		}
		x := sent[0]
		sent = sent[1:]
		out = append(out, wireLine{Out: true, No: x.No, At: x.At, Title: x.Object, Detail: join(x.Kinds), Status: x.Status, Millis: x.Took.Milliseconds(), Repeat: x.Attempt})
	}
	return out[max(0, len(out)-keep):]
}

func join(kinds []string) string {
	if len(kinds) > 3 {
		return fmt.Sprintf("%s +%d", kinds[0], len(kinds)-1)
	}
	var b bytes.Buffer
	for i, k := range kinds {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(k)
	}
	return b.String()
}

// wireBytes is one line of the log in full.
type wireBytes struct {
	Head   http.Header `json:"head"`
	Body   string      `json:"body"`
	URL    string      `json:"url"`
	Answer string      `json:"answer"`
	Back   http.Header `json:"back,omitempty"`
	Error  string      `json:"error,omitempty"`
}

func (c control) wire(w http.ResponseWriter, r *http.Request) {
	no, err := strconv.ParseInt(r.PathValue("no"), 10, 64)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	var out *wireBytes
	if r.PathValue("kind") == "in" {
		for _, x := range c.opt.Sim.Calls() {
			if x.No == no {
				out = &wireBytes{Head: x.Header, Body: string(x.Body), URL: x.Method + " https://" + x.Host + x.Path + query(x.Query), Answer: string(x.Answer), Back: x.AnswerHeader}
			}
		}
	} else {
		for _, x := range c.opt.Sim.Deliveries() {
			if x.No == no {
				out = &wireBytes{Head: x.Header, Body: string(x.Body), URL: "POST " + x.URL, Answer: string(x.Answer), Error: x.Error}
			}
		}
	}
	if out == nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(out) // the browser went away
}

func query(q string) string {
	if q == "" {
		return ""
	}
	return "?" + q
}

// events sends the state, and again whenever it changes.
func (c control) events(w http.ResponseWriter, r *http.Request) {
	customer, err := strconv.Atoi(r.URL.Query().Get("customer"))
	if err != nil {
		customer = 0
	}
	out := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	var last []byte
	for {
		changed := c.opt.Sim.Changed()
		s, err := c.state(customer)
		if err != nil {
			return
		}
		body, err := json.Marshal(s)
		if err != nil {
			return
		}
		if !bytes.Equal(body, last) {
			if _, err := fmt.Fprintf(w, "event: state\ndata: %s\n\n", body); err != nil || out.Flush() != nil {
				return
			}
			last = body
		}
		select {
		case <-changed:
		case <-c.opt.Sim.After(time.Second): // typing lapses and windows close by time alone
		case <-r.Context().Done():
			return
		}
	}
}
