package recipients

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"log/slog"
	"net/mail"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/secret"
	"parley/internal/kit/text"
	"parley/internal/privacy"
	"parley/internal/store"
)

// Kinds of work: a letter that asks for a yes, a change that is announced, and a
// letter about it.
const (
	AskWork      = "recipient_ask"
	AnnounceWork = "recipient_announce"
	LetterWork   = "recipient_letter"
)

// Where the links of the letters lead; a token follows.
const (
	Page        = "/subprocessors"
	ConfirmPath = Page + "/confirm/"
	StopPath    = Page + "/unsubscribe/"
)

// What one install takes: addresses that did not say yes, letters to one of them
// that ask for it within a day, and bytes of an address.
const (
	maxAsking  = 2_000
	maxLetters = 3
	maxAddress = 254
)

// Row is one line of the published list.
type Row struct {
	Service   string `json:"service"` // its words are the texts policy.recipient.SERVICE
	Company   string `json:"company"`
	Region    string `json:"region"`
	Agreement string `json:"agreement"`
	Days      int    `json:"days"`
}

func (r Row) name() string { return r.Service + "\n" + r.Company }

// Parts is what Recipients is made of.
type Parts struct {
	DB   *store.DB
	Flow *flow.Flow
	Post privacy.Post
	// List is the list as it is published at this moment; ok is false while none is.
	List func(context.Context) (rows []Row, ok bool, err error)
	// Home is the address of the install, without a slash at its end.
	Home string
	Log  *slog.Logger
}

// Recipients tells of changes of the list.
type Recipients struct{ Parts }

// New makes it.
func New(p Parts) *Recipients { return &Recipients{p} }

// On reports whether this install can write to anybody.
func (w *Recipients) On() bool { return w.Post.On() && w.Home != "" }

// Ask has an address asked by mail whether it wants to be told. The answer does not
// say what was known of it. Errors: desk.Invalid email_invalid, desk.Conflict no_mail,
// desk.TooMany.
func (w *Recipients) Ask(ctx context.Context, address, locale string) error {
	if !w.On() {
		return desk.Fail(desk.Conflict, "no_mail", "this install sends no mail")
	}
	email, ok := clean(address)
	if !ok {
		return desk.Fail(desk.Invalid, "email_invalid", "this is not an e-mail address")
	}
	err := w.DB.In(0).Write(ctx, func(tx *store.Tx) error {
		asking, err := tx.ReadersAsking()
		if err != nil {
			return err
		}
		if asking >= maxAsking {
			return &desk.Error{Code: desk.TooMany, Reason: "too_many_requests", Text: "too many addresses wait for a yes; try again tomorrow", Retry: true}
		}
		may, err := tx.Attempt("recipient letter", email, maxLetters)
		if err != nil {
			return err
		}
		x, _, err := tx.AddReader(email, locale)
		if err != nil || !may || !x.Confirmed.IsZero() {
			return err
		}
		return w.Flow.Add(tx, flow.Item{Kind: AskWork, Key: x.ID, Object: x.ID})
	})
	if desk.CodeOf(err) == desk.Conflict { // the same address at the same moment
		return nil
	}
	return err
}

// clean reads one plain address. What could be more than that, such as a second
// line, is none.
func clean(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > maxAddress || text.Normalise(s, 0) != s || strings.ContainsAny(s, " \t\r\n<>\"(),:;\\") {
		return "", false
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s {
		return "", false
	}
	_, domain, _ := strings.Cut(s, "@")
	return strings.ToLower(s), strings.Contains(domain, ".")
}

// Confirm keeps the yes of an address, once.
func (w *Recipients) Confirm(ctx context.Context, token string) error {
	waits := func(tx *store.Tx, x store.RecipientReader) error {
		if !x.Confirmed.IsZero() || !tx.Now().Before(x.Asked.Add(store.ReaderTerm)) {
			return gone()
		}
		return nil
	}
	if err := w.use(ctx, "confirm", token, waits); err != nil {
		return err
	}
	// Whoever says yes is told of what comes after the list of this moment.
	if err := w.Look(ctx); err != nil {
		return err
	}
	return w.use(ctx, "confirm", token, func(tx *store.Tx, x store.RecipientReader) error {
		if err := waits(tx, x); err != nil {
			return err
		}
		return tx.ConfirmReader(x.ID)
	})
}

// Stop ends it, and removes the address with its key.
func (w *Recipients) Stop(ctx context.Context, token string) error {
	return w.use(ctx, "stop", token, func(tx *store.Tx, x store.RecipientReader) error { return tx.DropReader(x.ID) })
}

func gone() error {
	return desk.Fail(desk.NotFound, "link_not_found", "this link does nothing any more")
}

func (w *Recipients) use(ctx context.Context, what, token string, fn func(*store.Tx, store.RecipientReader) error) error {
	id, ok := idOf(token)
	if !ok {
		return gone()
	}
	return w.DB.In(0).Write(ctx, func(tx *store.Tx) error {
		want, err := tokenOf(&tx.Rx, what, id)
		if err != nil {
			return err
		}
		if !secret.Equal(want, token) {
			return gone()
		}
		x, err := tx.LockReader(id)
		if err != nil {
			return err
		}
		return fn(tx, x)
	})
}

const proofBytes = 24

// tokenOf is the last part of a link: whose it is, and a proof that letters to them
// alone hold.
func tokenOf(r *store.Rx, what string, id desk.ID) (string, error) {
	hash, err := r.ReaderHash(what, id)
	if err != nil {
		return "", err
	}
	b := binary.BigEndian.AppendUint64(nil, uint64(id))
	return base64.RawURLEncoding.EncodeToString(append(b, hash[:proofBytes]...)), nil
}

func idOf(token string) (desk.ID, bool) {
	if len(token) > 64 {
		return 0, false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) != 8+proofBytes {
		return 0, false
	}
	id := desk.ID(binary.BigEndian.Uint64(b))
	return id, id > 0
}

// Since says since when each line is on the list, by service and company.
func (w *Recipients) Since(ctx context.Context) (func(service, company string) time.Time, error) {
	since := map[string]time.Time{}
	err := w.DB.In(0).Read(ctx, func(r *store.Rx) error {
		all, err := r.ListedRecipients()
		for _, x := range all {
			since[x.Name] = x.Since
		}
		return err
	})
	return func(service, company string) time.Time { return since[Row{Service: service, Company: company}.name()] }, err
}

// Look compares the list with what it was and has what differs announced. The
// first list of an install is no change.
func (w *Recipients) Look(ctx context.Context) error {
	rows, ok, err := w.List(ctx)
	if err != nil || !ok {
		return err
	}
	now := map[string]string{}
	for _, r := range rows {
		raw, err := json.Marshal(r)
		if err != nil {
			return err
		}
		now[r.name()] = string(raw)
	}
	return w.DB.In(0).Write(ctx, func(tx *store.Tx) error {
		was, err := tx.ListedRecipients()
		if err != nil {
			return err
		}
		lines, err := keep(tx, was, rows, now)
		if err != nil || len(lines) == 0 || len(was) == 0 {
			return err
		}
		id, err := tx.AddRecipientChange(lines)
		if err != nil {
			return err
		}
		return w.Flow.Add(tx, flow.Item{Kind: AnnounceWork, Key: id, Object: id})
	})
}

// keep writes the list down as it is now and says what differs from what it was.
func keep(tx *store.Tx, was []store.ListedRecipient, rows []Row, now map[string]string) (lines []store.RecipientLine, err error) {
	known := map[string]string{}
	for _, x := range was {
		known[x.Name] = x.Facts
	}
	for _, r := range rows {
		name := r.name()
		facts, there := known[name]
		if there && facts == now[name] {
			continue
		}
		line := store.RecipientLine{What: "added", Facts: now[name]}
		if there {
			line.What, line.Previous = "changed", facts
		}
		if err := tx.KeepRecipient(name, now[name]); err != nil {
			return nil, err
		}
		lines = append(lines, line)
		known[name] = now[name]
	}
	for _, x := range was {
		if _, still := now[x.Name]; still {
			continue
		}
		if err := tx.DropRecipient(x.Name); err != nil {
			return nil, err
		}
		lines = append(lines, store.RecipientLine{What: "ended", Facts: x.Facts})
	}
	return lines, nil
}

// Tick looks at the list and forgets addresses that never said yes.
func (w *Recipients) Tick(ctx context.Context) error {
	if err := w.Look(ctx); err != nil {
		return err
	}
	for {
		var n int64
		err := w.DB.In(0).Write(ctx, func(tx *store.Tx) (err error) { n, err = tx.DropUnconfirmedReaders(); return err })
		if err != nil || n == 0 {
			return err
		}
	}
}
