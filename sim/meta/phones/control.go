package phones

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"parley/sim/meta"
)

// control is the page's API: JSON in, JSON out, the state by server-sent
// events.
type control struct{ opt Options }

const (
	maxPost  = 12 << 20 // bytes: a picture in base64
	maxMoves = 400 * 24 * time.Hour
)

// mistake is an error the person at the page can mend.
type mistake struct{ error }

// order is everything a button can ask for.
type order struct {
	Customer int          `json:"customer"`
	Channel  meta.Channel `json:"channel"`
	Act      meta.Act     `json:"act"`
	Text     string       `json:"text"`
	On       bool         `json:"on"`
	Hours    float64      `json:"hours"`
	Knob     meta.Knob    `json:"knob"`
	Times    int          `json:"times"`
	Chance   float64      `json:"chance"`
	Seconds  float64      `json:"seconds"`
	Sub      int          `json:"sub"`
	Object   string       `json:"object"`
}

// posts are the orders by name.
func (c control) posts() map[string]func(context.Context, order) (any, error) {
	return map[string]func(context.Context, order) (any, error){
		"act":     c.act,
		"read":    c.read,
		"owner":   c.owner,
		"offline": c.offline,
		"block":   c.block,
		"move":    c.move,
		"weather": c.weather,
		"calm":    c.calm,
		"revoke":  c.revoke,
		"test":    c.test,
		"connect": c.connect,
		"paste":   c.paste,
	}
}

// write reads an order and answers with what came of it.
func (c control) write(fn func(context.Context, order) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in order
		d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxPost))
		d.DisallowUnknownFields()
		err := d.Decode(&in)
		if err == nil {
			if _, more := d.Token(); !errors.Is(more, io.EOF) {
				err = errors.New("there is something after the object")
			}
		}
		var out any
		if err != nil {
			err = mistake{err}
		} else {
			out, err = fn(r.Context(), in)
		}
		w.Header().Set("Content-Type", "application/json")
		if err != nil {
			status := http.StatusBadGateway
			if errors.As(err, new(mistake)) {
				status = http.StatusBadRequest
			}
			w.WriteHeader(status)
			out = map[string]string{"error": err.Error()}
		}
		_ = json.NewEncoder(w).Encode(out) // the browser went away
	}
}

var done = map[string]bool{"ok": true}

func (c control) customer(n int) (*meta.Customer, error) {
	if n < 0 || n >= len(c.opt.Stage.Customers) {
		return nil, mistake{fmt.Errorf("there is no customer %d", n)}
	}
	return c.opt.Stage.Customers[n], nil
}

func (c control) chat(in order) (*meta.Chat, error) {
	cust, err := c.customer(in.Customer)
	if err != nil {
		return nil, err
	}
	chat := c.opt.Stage.chats(cust)[in.Channel]
	if chat == nil {
		return nil, mistake{fmt.Errorf("there is no channel %q", in.Channel)}
	}
	return chat, nil
}

// act is what the customer does on a phone.
func (c control) act(_ context.Context, in order) (any, error) {
	chat, err := c.chat(in)
	if err != nil {
		return nil, err
	}
	if in.Act.Kind == "voice_sample" { // a sound the browser can play
		in.Act.Kind = "audio"
		if in.Channel == meta.OnWhatsApp {
			in.Act.Kind = "voice"
		}
		in.Act.Files = []meta.Upload{{Mime: "audio/wav", Name: "voice.wav", Data: meta.SampleSound()}}
	}
	id, err := chat.Does(in.Act)
	if err != nil {
		return nil, mistake{err}
	}
	return map[string]string{"id": id}, nil
}

func (c control) read(_ context.Context, in order) (any, error) {
	chat, err := c.chat(in)
	if err != nil {
		return nil, err
	}
	chat.Reads()
	return done, nil
}

// owner is the business typing by hand outside Parley.
func (c control) owner(_ context.Context, in order) (any, error) {
	chat, err := c.chat(in)
	if err != nil {
		return nil, err
	}
	if in.Text == "" || len(in.Text) > 4000 {
		return nil, mistake{errors.New("the text is empty or too long")}
	}
	return map[string]string{"id": chat.OwnerTypes(in.Text)}, nil
}

func (c control) offline(_ context.Context, in order) (any, error) {
	cust, err := c.customer(in.Customer)
	if err != nil {
		return nil, err
	}
	cust.Offline(in.On)
	return done, nil
}

func (c control) block(_ context.Context, in order) (any, error) {
	cust, err := c.customer(in.Customer)
	if err != nil {
		return nil, err
	}
	cust.Blocks(in.On)
	return done, nil
}

func (c control) move(_ context.Context, in order) (any, error) {
	by := time.Duration(in.Hours * float64(time.Hour))
	if c.opt.Move == nil {
		return nil, mistake{errors.New("the clock cannot be moved here")}
	}
	if by <= 0 || by > maxMoves {
		return nil, mistake{errors.New("the clock moves forward, by at most 400 days at a time")}
	}
	c.opt.Move(by)
	c.opt.Sim.Touch()
	return done, nil
}

func (c control) weather(_ context.Context, in order) (any, error) {
	if !in.Knob.Known() {
		return nil, mistake{fmt.Errorf("there is no knob %q", in.Knob)}
	}
	if in.Chance < 0 || in.Chance > 1 || in.Seconds < 0 || in.Seconds > 600 || in.Times > 1000 {
		return nil, mistake{errors.New("chance is 0 to 1, seconds 0 to 600, times at most 1000")}
	}
	f := meta.Force{Times: in.Times, Chance: in.Chance, For: time.Duration(in.Seconds * float64(time.Second))}
	if slices.Contains([]meta.Knob{meta.DropAfterAccept, meta.ErrorAfterAccept, meta.ServerError, meta.TooMany, meta.TokenExpired, meta.TokenRevoked, meta.HTMLError, meta.SlowAnswer}, in.Knob) {
		f.Path = "/messages" // sends are what a person at the page sees
	}
	c.opt.Sim.Weather(in.Knob, f)
	return done, nil
}

func (c control) calm(context.Context, order) (any, error) {
	c.opt.Sim.Calm()
	return done, nil
}

func (c control) revoke(_ context.Context, in order) (any, error) {
	return map[string]int{"tokens": c.opt.Stage.Owner.Revoke(in.Sub)}, nil
}

func (c control) test(_ context.Context, in order) (any, error) {
	if !slices.Contains([]string{"page", "instagram", "whatsapp_business_account"}, in.Object) {
		return nil, mistake{fmt.Errorf("there is no object %q", in.Object)}
	}
	c.opt.Sim.TestEvent(in.Object)
	return done, nil
}

// connect asks the callback the verification question again.
func (c control) connect(ctx context.Context, _ order) (any, error) {
	app := c.opt.Sim.App()
	if err := c.opt.Sim.Handshake(ctx, c.opt.Sim.Hook(), app.VerifyToken); err != nil {
		return nil, err
	}
	return done, nil
}

// paste gives what a person pastes into Parley instead of signing in.
func (c control) paste(_ context.Context, in order) (any, error) {
	st, app := c.opt.Stage, c.opt.Sim.App()
	switch in.Channel {
	case meta.OnInstagram:
		return [][2]string{{"token", st.Instagram.Token()}, {"appSecret", app.InstagramSecret}}, nil
	case meta.OnMessenger:
		return [][2]string{{"pageID", st.Page.ID}, {"token", st.Page.Token()}, {"appSecret", app.Secret}}, nil
	case meta.OnWhatsApp:
		return [][2]string{{"numberID", st.Number.ID}, {"wabaID", st.Number.WABA.ID}, {"token", st.Owner.SystemToken()}, {"appSecret", app.Secret}}, nil
	}
	return nil, mistake{fmt.Errorf("there is no channel %q", in.Channel)}
}

// media shows a file of a message.
func (c control) media(w http.ResponseWriter, r *http.Request) {
	data, kind, ok := c.opt.Sim.Picture(r.PathValue("id"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	// Whatever a customer sent is shown as the kind it claims to be, and is
	// never run: a page among the files becomes a download.
	if !slices.Contains([]string{"image/png", "image/jpeg", "image/gif", "image/webp", "audio/wav", "audio/ogg", "audio/mpeg", "audio/mp4", "audio/webm", "video/mp4", "video/webm"}, kind) {
		kind = "application/octet-stream"
		w.Header().Set("Content-Disposition", "attachment")
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	_, _ = w.Write(data)
}
