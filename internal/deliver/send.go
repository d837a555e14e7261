package deliver

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/clock"
	"parley/internal/store"
)

// Work is the kind of work that sends one message, in the lane of its
// conversation.
const Work = "deliver"

const (
	// patience is how long a channel may take for one send.
	patience = 30 * time.Second
	// tries is how often a message is handed over before it counts as failed;
	// the lane rests longer each time.
	tries = 10
	// slowly is how long a message waits for a channel that asks to go slower.
	slowly = 6 * time.Hour
)

// Parts is what deliver is made of.
type Parts struct {
	DB       *store.DB
	Flow     *flow.Flow
	Channels *channel.Registry
	Accounts Accounts // optional
	Files    Files    // optional
	Log      *slog.Logger
	// Told, where it is set, hears how each hand-over to a channel went: one of
	// sent, again (it is handed over once more), unknown, failed.
	Told func(channel, outcome string, took time.Duration)
}

// Accounts learns why a channel refused a message: some reasons are the whole
// account's, and a person must connect it again or look at it.
type Accounts interface {
	Refused(ctx context.Context, ws, account desk.ID, code desk.Code, why string) error
}

// Files opens what leaves with a message.
type Files interface {
	// Check says before the send whether the channel takes the message's files.
	Check(r *store.Rx, m desk.Message, skills desk.Skills) error
	// Files opens them for one hand-over, until ctx ends.
	Files(ctx context.Context, m desk.Message, skills desk.Skills) ([]desk.File, error)
}

// Deliver hands messages to their channels.
type Deliver struct {
	Parts
	signals chan struct{} // one place for each under way
	pace    *pacer
}

// New makes the exit.
func New(p Parts) *Deliver {
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	return &Deliver{Parts: p, signals: make(chan struct{}, signalsAtOnce), pace: newPacer(p.DB.Clock())}
}

// Handlers lists the work deliver does.
func (d *Deliver) Handlers() []flow.Handler {
	return []flow.Handler{{Kind: Work, Batch: 8, Workers: 32, Run: d.Send}, {Kind: TemplateWork, Workers: 2, Run: d.templates}}
}

// outgoing is a message that entered sending, with what its channel needs.
type outgoing struct {
	item    flow.Item
	message desk.Message
	conv    desk.Conversation
	acct    channel.Account
	channel channel.Channel
	to      desk.Identity
	also    []desk.Identity
	text    string
	replyTo string
	locale  string
	tagged  bool     // leaves with the human-agent tag
	pieces  int      // calls that the channel took
	ids     []string // the channel's ids of those it took now, but the last
	took    time.Duration
}

// Send hands the lane's next message to its channel. The commit that marks it
// sending is the point of no return; everything after it is told by the
// channel's answer, its echo or its receipts. What has to wait for its turn
// gives the lane back until then.
func (d *Deliver) Send(ctx context.Context, job *flow.Job) error {
	d.countProcesses(ctx)
	for _, item := range job.Items {
		out, waits, err := d.enter(ctx, job, item)
		if err != nil || waits {
			return err
		}
		if out == nil { // cancelled, refused, or sent before
			continue
		}
		began := d.DB.Clock().Now()
		sent, err := d.hand(ctx, out)
		out.took = d.DB.Clock().Since(began)
		if waits, err = d.leave(ctx, job, out, sent, err); err != nil || waits {
			return err
		}
	}
	return nil
}

// countProcesses keeps this process's share of the paces right.
func (d *Deliver) countProcesses(ctx context.Context) {
	if !d.pace.stale() {
		return
	}
	n, err := d.DB.CountNodes(ctx)
	if err != nil {
		d.Log.Warn("the processes of the install could not be counted", "code", desk.CodeOf(err))
		return
	}
	d.pace.shared(n)
}

// hand calls the channel with a time limit, outside any transaction: once for
// each piece of the message that it did not take yet.
func (d *Deliver) hand(ctx context.Context, out *outgoing) (sent desk.Sent, err error) {
	m := out.message
	whole := desk.Outgoing{Message: m, To: out.to, Also: out.also, Text: out.text, Buttons: m.Buttons, ReplyTo: out.replyTo,
		HumanAgent: out.tagged, Ref: m.ID.String(), Locale: out.locale}
	if m.Kind == desk.KindTemplate && m.More != nil {
		whole.Template, whole.Buttons = m.More.Template, nil
	}
	skills := channel.SkillsOf(out.channel, out.acct.Account)
	if whole.Files, err = d.files(ctx, m, skills); err != nil {
		return sent, err
	}
	pieces := channel.Pieces(whole, skills)
	out.ids = nil
	first := min(m.Pieces, len(pieces))
	for out.pieces = first; out.pieces < len(pieces); out.pieces++ {
		if out.pieces > first {
			films := slices.ContainsFunc(pieces[out.pieces].Files, func(f desk.File) bool { return heavy(f.Kind) })
			if at := d.pace.more(out.ask(films)); !at.IsZero() {
				return sent, paced(at.Sub(d.DB.Clock().Now()))
			}
		}
		one, err := d.call(ctx, out, pieces[out.pieces])
		if err != nil {
			return sent, err
		}
		one.Learned = append(sent.Learned, one.Learned...)
		if sent.ExternalID != "" {
			out.ids = append(out.ids, sent.ExternalID)
		}
		sent = one
	}
	return sent, nil
}

func (d *Deliver) call(ctx context.Context, out *outgoing, piece desk.Outgoing) (desk.Sent, error) {
	limit := patience
	if len(piece.Files) > 0 {
		limit = carry
	}
	ctx, cancel := clock.WithTimeout(ctx, d.DB.Clock(), limit)
	defer cancel()
	sent, err := out.channel.Send(ctx, out.acct, piece)
	if err != nil && ctx.Err() != nil {
		return sent, channel.ErrUnknown
	}
	return sent, err
}

// leave is the transaction after the send; waits says that the lane was given
// back, because the message is handed over again later. A worker that lost its
// lane while the channel was slow still notes what it knows: only the finish is
// not its own any more.
func (d *Deliver) leave(ctx context.Context, job *flow.Job, out *outgoing, sent desk.Sent, sendErr error) (waits bool, err error) {
	again := d.again(sendErr, out)
	d.tell(out, sendErr, again)
	note := func(tx *store.Tx) error { return d.note(tx, out, sent, sendErr, again.yes) }
	// The outcome is known now and must be kept even when the program is
	// asked to stop.
	ctx = context.WithoutCancel(ctx)
	err = d.DB.In(out.item.Workspace).Write(ctx, func(tx *store.Tx) error {
		if err := note(tx); err != nil {
			return err
		}
		if again.yes {
			return d.putOff(tx, job, out, again)
		}
		return job.Finish(tx, out.item)
	})
	if err != nil && !again.yes {
		if late := d.DB.In(out.item.Workspace).Write(ctx, note); late != nil {
			err = errors.Join(err, late)
		}
	}
	if err == nil && sendErr != nil && d.Accounts != nil {
		why, _ := plainly(sendErr)
		err = d.Accounts.Refused(ctx, out.item.Workspace, out.acct.ID, desk.CodeOf(sendErr), why)
	}
	return again.yes, err
}

// tell counts a hand-over. One that was never made, because its turn is later, is
// none.
func (d *Deliver) tell(out *outgoing, err error, again again) {
	var e *desk.Error
	if d.Told == nil || errors.As(err, &e) && e.Reason == waitsForTurn {
		return
	}
	outcome := "failed"
	switch {
	case err == nil:
		outcome = "sent"
	case again.yes:
		outcome = "again"
	case isUnknown(err):
		outcome = "unknown"
	}
	d.Told(out.acct.Kind, outcome, out.took)
}

// isUnknown: whatever a channel does not say in desk's own words may have
// arrived.
func isUnknown(err error) bool {
	var e *desk.Error
	return !errors.As(err, &e) || e.Reason == channel.ErrUnknown.Reason || e.Code == desk.Internal
}

// note writes how the send went.
func (d *Deliver) note(tx *store.Tx, out *outgoing, sent desk.Sent, sendErr error, again bool) error {
	c, err := tx.LockConversation(out.conv.ID)
	if err != nil {
		return err
	}
	m, err := tx.LockMessage(out.message.ID)
	if err != nil {
		return err
	}
	ids := out.ids
	if sendErr != nil && sent.ExternalID != "" {
		ids = append(slices.Clone(ids), sent.ExternalID)
	}
	for _, id := range ids {
		if err := tx.AddPiece(c.Account, m, id); err != nil {
			return err
		}
	}
	switch {
	case sendErr == nil:
		return d.took(tx, c, m, sent)
	case again:
		if m.Pieces != out.pieces {
			m.Pieces = out.pieces
			if err := tx.Rewrite(c.Contact, m); err != nil {
				return err
			}
		}
		return d.put(tx, &c, m, desk.StatusQueued, nil)
	case isUnknown(sendErr) && !out.channel.Info().Skills.Idempotent:
		return d.put(tx, &c, m, desk.StatusUnknown, nil)
	}
	if why, _ := plainly(sendErr); strings.HasPrefix(why, "template_") { // what is known of it is out of date
		if err := d.Flow.Add(tx, flow.Item{Kind: TemplateWork, Key: c.Account, Object: c.Account}, flow.Coalesce(0)); err != nil {
			return err
		}
	}
	return d.put(tx, &c, m, desk.StatusFailed, sendErr)
}

// took notes a send that the channel took. A receipt may have come first.
func (d *Deliver) took(tx *store.Tx, c store.Row, m desk.Message, sent desk.Sent) error {
	status := sent.Status
	if status == "" {
		status = desk.StatusSent
	}
	if next, moved := m.Status.Advance(status); moved {
		m.Status = next
	}
	m.ErrorCode, m.ErrorText = "", ""
	if m.SentAt.IsZero() {
		m.SentAt = tx.Now()
	}
	if err := tx.MarkMessage(c.Contact, m); err != nil {
		return err
	}
	if sent.ExternalID != "" && m.ExternalID == "" {
		if err := tx.SetExternalID(c.Contact, m, sent.ExternalID); err != nil {
			return err
		}
	}
	for _, hint := range sent.Learned {
		if err := learn(tx, c, hint); err != nil {
			return err
		}
	}
	return d.emit(tx, desk.MessageChanged, m)
}

// learn keeps an id of the contact that the channel's answer told.
func learn(tx *store.Tx, c store.Row, hint desk.IdentityHint) error {
	_, err := tx.Identity(c.Account, hint)
	if desk.IsNotFound(err) {
		err = tx.InsertIdentity(desk.Identity{ID: tx.NewID(), Contact: c.Contact, Account: c.Account, Kind: hint.Kind, Value: hint.Value})
	}
	return err
}

// put writes a status that is not forward by itself; a message that a receipt
// moved on meanwhile stays where it is.
func (d *Deliver) put(tx *store.Tx, c *store.Row, m desk.Message, status desk.Status, cause error) error {
	if m.Status != desk.StatusSending && m.Status != desk.StatusQueued && m.Status != desk.StatusUnknown {
		return nil
	}
	m.Status, m.ErrorCode, m.ErrorText = status, "", ""
	if status != desk.StatusUnknown {
		m.SentAt = time.Time{}
	}
	if cause != nil {
		m.ErrorCode, m.ErrorText = plainly(cause)
	}
	if err := tx.MarkMessage(c.Contact, m); err != nil {
		return err
	}
	if err := d.emit(tx, desk.MessageChanged, m); err != nil {
		return err
	}
	gone := status == desk.StatusFailed || status == desk.StatusCancelled
	if !gone {
		return nil
	}
	c.Undisclosed(m)
	if status == desk.StatusFailed {
		c.SendFailed = true
		c.Version++
	}
	if err := tx.SaveConversation(*c); err != nil {
		return err
	}
	return d.Flow.Emit(tx, desk.Event{Kind: desk.ConversationChanged, Conversation: c.ID})
}

func (d *Deliver) emit(tx *store.Tx, kind desk.EventKind, m desk.Message) error {
	return d.Flow.Emit(tx, desk.Event{Kind: kind, Conversation: m.Conversation, Message: m.ID, Seq: m.Seq})
}

// plainly gives the code and the words of a failure; what a channel says beyond
// desk's own errors stays out, because it may repeat the message.
func plainly(err error) (code, words string) {
	var e *desk.Error
	if !errors.As(err, &e) {
		return "outcome_unknown", channel.ErrUnknown.Text
	}
	if e.Reason == "" {
		return string(e.Code), e.Text
	}
	return e.Reason, e.Text
}
