package deliver

import (
	"context"
	"time"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/store"
)

const (
	signalsAtOnce = 8
	signalTime    = 5 * time.Second
)

// Signal shows typing or seen on the channel. Nobody waits for it: it is lost
// when too many are under way, when the channel does not answer, or when the
// program stops.
func (d *Deliver) Signal(ws, conversation desk.ID, kind desk.SignalKind) {
	select {
	case d.signals <- struct{}{}:
	default:
		return
	}
	go func() {
		defer func() { <-d.signals }()
		ctx, cancel := clock.WithTimeout(context.Background(), d.DB.Clock(), signalTime)
		defer cancel()
		if err := d.signal(ctx, ws, conversation, kind); err != nil {
			d.Log.Debug("a signal was not shown", "workspace", ws, "conversation", conversation, "code", desk.CodeOf(err))
		}
	}()
}

func (d *Deliver) signal(ctx context.Context, ws, conversation desk.ID, kind desk.SignalKind) error {
	var s channel.Signaller
	out := &outgoing{}
	signal := desk.Signal{Kind: kind}
	err := d.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		c, err := r.Conversation(conversation)
		if err != nil {
			return err
		}
		out.conv = c.Conversation
		if out.acct.Account, err = r.Account(c.Account); err != nil {
			return err
		}
		if out.channel, err = d.Channels.Find(out.acct.Kind); err != nil {
			return err
		}
		var ok bool
		if s, ok = out.channel.(channel.Signaller); !ok || out.acct.State != desk.AccountActive {
			s = nil
			return nil
		}
		if err := out.open(r); err != nil {
			return err
		}
		if err := out.address(r, desk.Message{}); err != nil {
			return err
		}
		signal.To = out.to
		signal.Message, err = newestIn(r, conversation)
		return err
	})
	if err != nil || s == nil || signal.Message == "" {
		return err
	}
	return s.Signal(ctx, out.acct, signal)
}

// newestIn is the channel's id of what the contact said last.
func newestIn(r *store.Rx, conversation desk.ID) (string, error) {
	const look = 20
	last, err := r.MessagesBefore(conversation, 0, look)
	for _, m := range last {
		if m.Direction == desk.In && m.ExternalID != "" && !m.Deleted {
			return m.ExternalID, err
		}
	}
	return "", err
}
