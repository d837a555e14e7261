package app

import (
	"context"
	"time"

	"parley/internal/answer"
	"parley/internal/channel"
	"parley/internal/channel/meta"
	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/knowledge"
	"parley/internal/llm"
	"parley/internal/privacy/backup"
	"parley/internal/store"
)

// Features meet here: each declares what it needs of a neighbour, and this page
// hands the neighbour in. No rule lives here.

// finder lets answer ask knowledge.
type finder struct{ k *knowledge.Knowledge }

func (f finder) Answer(ctx context.Context, ws desk.ID, q answer.Question) (answer.Finding, error) {
	var r knowledge.Result
	var err error
	if q.Passage != 0 {
		r, err = f.k.Choose(ctx, ws, q.Passage)
	} else {
		r, err = f.k.AnswerWithout(ctx, ws, knowledge.Without(q.Without), knowledge.Ask{Question: q.Text, Language: q.Language, Others: q.Queries, Meant: (*knowledge.Meant)(q.Meant)})
	}
	found := answer.Finding{Unmeant: r.Unmeant, Decision: r.Decision, Text: r.Text, Language: r.Language, Confidence: r.Confidence, Score: r.Score, Reason: r.Reason,
		Engine: answer.Extractive, Sources: r.Sources, Checks: r.Checks}
	for i, p := range r.Passages {
		ref := p.Ref(i + 1)
		for _, used := range r.Sources {
			if used.PassageID == ref.PassageID {
				ref.Quote = used.Quote
			}
		}
		found.Passages = append(found.Passages, answer.Passage{Ref: ref, Title: ref.Name + " > " + ref.Heading, Text: p.Text, Score: p.Score, Near: p.Near})
	}
	for _, s := range r.Suggestions {
		found.Suggestions = append(found.Suggestions, answer.Suggestion(s))
	}
	return found, err
}

func (f finder) Languages(ctx context.Context, ws desk.ID) ([]string, error) {
	return f.k.Languages(ctx, ws)
}

func (f finder) Stale(ctx context.Context, ws desk.ID) ([]desk.ID, error) { return f.k.Stale(ctx, ws) }

// thinker lets knowledge have a model think of questions. Answer is made after
// knowledge, so it is looked up when it is asked.
type thinker struct{ a *App }

func (t thinker) Questions(ctx context.Context, ws desk.ID, about knowledge.Piece) (knowledge.Thought, error) {
	thought, err := t.a.Answer.Questions(ctx, ws, answer.Piece(about))
	return knowledge.Thought(thought), err
}

// embedder lets knowledge have vectors made. Answer is made after knowledge, so it
// is looked up when it is asked.
type embedder struct{ a *App }

func (e embedder) Embed(ctx context.Context, ws desk.ID, set desk.AISettings, texts []string) ([][]float32, error) {
	return e.a.Answer.Embed(ctx, ws, set, texts)
}

// models lets answer ask what a workspace chose.
type models struct{ *Models }

// Installed reports whether calls to a vendor need no key of the workspace's own.
func (m models) Installed(v desk.Vendor) bool {
	_, err := m.resolve(llm.Settings{Vendor: string(v)})
	return err == nil
}

// ages lets intake look for who is too young. What freezes them is made after
// intake, so it is looked up when a message comes.
type ages struct{ a *App }

func (g ages) Arrived(tx *store.Tx, contact desk.ID, m desk.Message) error {
	return g.a.Ages.Arrived(tx, contact, m)
}

// visits lets intake keep what a visit may leave.
type visits struct{}

func (visits) Note(tx *store.Tx, contact, conversation desk.ID, s desk.Session) error {
	return tx.NoteVisit(contact, conversation, s)
}

func (visits) Forget(tx *store.Tx, contact desk.ID) error { return tx.ForgetVisits(contact) }

// ledger lets intake drop late deliveries of the erased.
type ledger struct{ in *Install }

func (l ledger) Erased(tx *store.Tx, account desk.ID, who desk.IdentityHint, at time.Time) (bool, error) {
	ctx := tx.Context()
	hash, err := l.in.DB.In(tx.Workspace()).LedgerHash(ctx, account, who)
	if err != nil {
		return false, err
	}
	erased, err := l.in.Keys.ErasedAt(ctx, tx.Workspace(), hash)
	return err == nil && !erased.IsZero() && !at.After(erased), err
}

// acts lets connect keep in the privacy ledger that an account was disconnected.
type acts struct{ in *Install }

func (a acts) Begin(ctx context.Context, ws desk.ID, acct desk.Account) (int64, error) {
	hash, err := a.in.DB.In(ws).Hash(ctx, backup.LedgerAccount+acct.Kind, acct.OutsideID)
	if err != nil {
		return 0, err
	}
	return a.in.Keys.AddLedger(ctx, store.LedgerEntry{Workspace: ws, Act: backup.ActDisconnect, Subject: acct.ID, Hashes: [][]byte{hash}, At: a.in.Clock.Now()})
}

func (a acts) End(ctx context.Context, no int64) error {
	return a.in.Keys.FinishLedger(ctx, no, a.in.Clock.Now())
}

// signatures are the secrets that deliveries may be signed with, by channel.
func signatures(all *channel.Registry, app meta.App) map[string][]secret.Text {
	out := map[string][]secret.Text{}
	for _, c := range all.All() {
		if c.Info().Door != "" {
			out[c.Info().Name] = app.Secrets()
		}
	}
	return out
}
