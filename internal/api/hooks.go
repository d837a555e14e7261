package api

import (
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/intake"
)

// DoorTaker takes in what a provider delivers.
type DoorTaker interface {
	// Accept returns when every part is durable.
	Accept(ctx context.Context, door string, raw channel.Raw) (intake.Accepted, error)
}

// hookRoutes opens the doors that channels listen on: one address for however
// many channels share it.
func hookRoutes(a *API) {
	seen := map[string]bool{}
	for _, ch := range a.Channels.All() {
		door := ch.Info().Door
		if door == "" || seen[door] {
			continue
		}
		seen[door] = true
		name := strings.ReplaceAll(strings.Trim(door, "/"), "/", "-")
		a.open(Route{ID: name + "-check", Method: http.MethodGet, Path: door, Needs: Public, Hidden: true, Tag: "hooks",
			Summary: "The provider asks whether this address is ours"}, a.handshake(door))
		a.open(Route{ID: name, Method: http.MethodPost, Path: door, Needs: Public, Hidden: true, Tag: "hooks", Body: channel.MaxRaw, Raw: true,
			Limit: limitHook, Summary: "The provider delivers"}, a.delivery(door))
		a.requestRoutes(door, name)
	}
}

func (a *API) handshake(door string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, asked := range a.callbacks(door) {
			if challenge, ok := asked.Handshake(r.URL.Query()); ok {
				w.Header().Set("Content-Type", "text/plain; charset=utf-8")
				_, _ = io.WriteString(w, challenge) // nobody is left to tell
				return
			}
		}
		a.fail(w, r, calling(r.Context()), desk.Fail(desk.Forbidden, "verify_token", "the verify token is not the one that was set"))
	}
}

// ackTime is how long a provider waits for an answer before it counts the
// delivery as failed (reference 2.3: 5 s), less the way back.
const ackTime = 4500 * time.Millisecond

// acceptInTime is Accept that is given up when it takes too long. What becomes
// durable after all is there twice when the provider repeats it, and filed once.
func (a *API) acceptInTime(ctx context.Context, door string, raw channel.Raw) (intake.Accepted, error) {
	type outcome struct {
		done intake.Accepted
		err  error
	}
	late := a.Clock.NewTimer(ackTime)
	defer late.Stop()
	took := make(chan outcome, 1)
	go func() {
		done, err := a.Doors.Accept(ctx, door, raw)
		took <- outcome{done, err}
	}()
	select {
	case o := <-took:
		return o.done, o.err
	case <-late.C():
		return intake.Accepted{}, &desk.Error{Code: desk.Unavailable, Reason: "door_slow", Text: "the delivery could not be kept in time; send it again", Retry: true}
	}
}

// delivery answers 200 as soon as every part is durable, also for one that
// concerns nobody here: the provider would repeat it for days.
func (a *API) delivery(door string) http.HandlerFunc {
	var wanted []string
	for _, ch := range a.Channels.Door(door) {
		wanted = append(wanted, ch.Info().Headers...)
	}
	return func(w http.ResponseWriter, r *http.Request) {
		c := calling(r.Context())
		raw := channel.Raw{Header: map[string]string{}}
		for _, h := range wanted {
			raw.Header[h] = r.Header.Get(h)
		}
		var err error
		if raw.Body, err = io.ReadAll(r.Body); err != nil {
			a.fail(w, r, c, err)
			return
		}
		done, err := a.acceptInTime(r.Context(), door, raw)
		if err != nil {
			a.fail(w, r, c, err)
			return
		}
		if done.Unknown > 0 {
			a.meters.foreign.Add(float64(done.Unknown))
			a.Log.Info("deliveries for accounts that nobody connected were dropped", "door", door, "parts", done.Unknown)
		}
		w.WriteHeader(http.StatusOK)
	}
}
