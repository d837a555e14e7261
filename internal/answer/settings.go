package answer

import (
	"context"
	"errors"
	"math"
	"net/url"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/llm"
	"parley/internal/store"
)

// Models opens the models of vendors; it is the app's.
type Models interface {
	// Open gives a vendor's models. A zero key means the install's own.
	Open(s llm.Settings, care llm.Care) (llm.Adapter, error)
	// Installed reports whether the install has a key of its own for a vendor.
	Installed(v desk.Vendor) bool
}

// Settings returns what a workspace decided about its AI.
func (a *Answer) Settings(ctx context.Context, ws desk.ID) (s desk.AISettings, err error) {
	err = a.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) { s, err = r.AISettings(); return err })
	return s, err
}

// SettingsHistory lists the versions below before, newest first.
func (a *Answer) SettingsHistory(ctx context.Context, ws desk.ID, before int64, limit int) (all []desk.AISettings, err error) {
	if before == 0 {
		before = math.MaxInt64
	}
	err = a.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) { all, err = r.AIHistory(before, limit); return err })
	return all, err
}

// SaveSettings makes settings the newest version. Their Version is the one that
// they were changed from: when another is the newest by now, the answer is
// desk.Conflict "settings_changed". AI messages under way that were written by
// the old ones are not sent.
func (a *Answer) SaveSettings(ctx context.Context, ws desk.ID, by desk.Actor, s desk.AISettings) (desk.AISettings, error) {
	if err := s.Check(); err != nil {
		return s, err
	}
	if err := checkOutside(s); err != nil {
		return s, err
	}
	if err := a.checkMeaning(s.Meant()); err != nil {
		return s, err
	}
	return a.newVersion(ctx, ws, by, "ai.change", func(r *store.Rx) (desk.AISettings, error) {
		now, err := r.AISettings()
		if err == nil && now.Version != s.Version {
			err = desk.Fail(desk.Conflict, "settings_changed", "somebody else changed these settings meanwhile; look at them first")
		}
		return s, err
	})
}

// checkOutside holds settings against what is outside of Parley: domains and time
// zones.
func checkOutside(s desk.AISettings) error {
	for _, d := range s.Domains {
		if u, err := url.Parse("https://" + d); err != nil || u.Host != d || !strings.Contains(d, ".") || u.Port() != "" {
			return desk.Fail(desk.Invalid, "domains", "a domain looks like shop.example.com")
		}
	}
	if _, err := time.LoadLocation(s.Hours.Zone); s.Hours.Set() && (err != nil || s.Hours.Zone == "" || s.Hours.Zone == "Local") {
		return desk.Fail(desk.Invalid, "hours", "a time zone looks like Europe/Istanbul")
	}
	return nil
}

// RestoreSettings makes an old version the newest again.
func (a *Answer) RestoreSettings(ctx context.Context, ws desk.ID, by desk.Actor, version int64) (desk.AISettings, error) {
	return a.newVersion(ctx, ws, by, "ai.restore", func(r *store.Rx) (desk.AISettings, error) { return r.AIVersion(version) })
}

func (a *Answer) newVersion(ctx context.Context, ws desk.ID, by desk.Actor, act string, pick func(*store.Rx) (desk.AISettings, error)) (out desk.AISettings, err error) {
	err = a.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		// The workspace's row is locked first: of two who save at once, one is second.
		if _, err := tx.ChangeSettings(func(w *desk.Workspace) error { w.AIEpoch++; return nil }); err != nil {
			return err
		}
		s, err := pick(&tx.Rx)
		if err != nil {
			return err
		}
		if out, err = tx.AddAISettings(s, by); err != nil {
			return err
		}
		if err := a.Audit.Add(tx, by, act, desk.ID(out.Version)); err != nil {
			return err
		}
		return a.Flow.Emit(tx, desk.Event{Kind: desk.WorkspaceChanged, Object: ws})
	})
	return out, err
}

// maxKey bounds the key of a vendor, in bytes.
const maxKey = 500

// PutKey keeps a vendor's key, which is never shown again.
func (a *Answer) PutKey(ctx context.Context, ws desk.ID, by desk.Actor, v desk.Vendor, key secret.Text) error {
	raw := strings.TrimSpace(key.Reveal())
	if len(raw) < 8 || len(raw) > maxKey || strings.ContainsFunc(raw, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return desk.Fail(desk.Invalid, "key_malformed", "this is no key: it has 8 to 500 letters, digits and signs, and no blanks")
	}
	return a.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if err := tx.PutAIKey(v, []byte(raw), raw[len(raw)-4:]); err != nil {
			return err
		}
		return a.Audit.Add(tx, by, "ai.key", ws)
	})
}

// DropKey deletes a vendor's key.
func (a *Answer) DropKey(ctx context.Context, ws desk.ID, by desk.Actor, v desk.Vendor) error {
	return a.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if err := tx.DropAIKey(v); err != nil {
			return err
		}
		return a.Audit.Add(tx, by, "ai.key_dropped", ws)
	})
}

// callDeadline is how long one vendor may take for an answer, tries included.
const callDeadline = 12 * time.Second

// Keys lists which vendors the workspace has a key of its own for.
func (a *Answer) Keys(ctx context.Context, ws desk.ID) (all []store.AIKey, err error) {
	err = a.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) { all, err = r.AIKeys(); return err })
	return all, err
}

// open gives the models of a vendor with the workspace's key or, where it has
// none, the install's.
func (a *Answer) open(ctx context.Context, ws desk.ID, v desk.Vendor) (llm.Adapter, error) {
	return a.openAt(ctx, ws, llm.Settings{Vendor: string(v)}, llm.Care{Deadline: callDeadline})
}

// openAt is open with an address, which the operator must have named.
func (a *Answer) openAt(ctx context.Context, ws desk.ID, set llm.Settings, care llm.Care) (llm.Adapter, error) {
	v := desk.Vendor(set.Vendor)
	err := a.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		raw, err := r.OpenAIKey(v)
		if desk.IsNotFound(err) {
			return nil
		}
		set.Key = secret.New(string(raw))
		return err
	})
	if err != nil {
		return nil, err
	}
	if set.Key.IsZero() && !set.Vectors && !a.Models.Installed(v) {
		return nil, desk.Fail(desk.Conflict, "no_key", "there is no key for this vendor yet")
	}
	return a.Models.Open(set, care)
}

// Tested is what became of a call that was made to try a vendor.
type Tested struct {
	OK    bool
	Kind  llm.Kind // of the failure
	Words string   // the vendor's own
	Model string
	Took  time.Duration
}

// TestVendor asks a vendor's model to say one word, also while calls to it rest:
// who put money in or another key looks whether it works. Nothing of anybody goes
// along.
func (a *Answer) TestVendor(ctx context.Context, ws desk.ID, v desk.Vendor, model string) (Tested, error) {
	s, err := a.Settings(ctx, ws)
	if err != nil {
		return Tested{}, err
	}
	m, err := a.openAt(ctx, ws, llm.Settings{Vendor: string(v)}, llm.Care{Deadline: callDeadline, Anyway: true})
	if err != nil {
		return Tested{}, err
	}
	if model == "" {
		model = s.Models[v]
	}
	if model == "" {
		return Tested{}, desk.Fail(desk.Invalid, "model_missing", "choose a model first")
	}
	begin := a.DB.Clock().Now()
	reply, err := m.Generate(ctx, llm.Request{Model: model, System: []string{"You are being tried out."}, MaxTokens: 50,
		Messages: []llm.Turn{{Role: llm.User, Text: "Answer with the single word: ready"}}})
	out := Tested{OK: err == nil, Model: reply.Model, Took: a.DB.Clock().Since(begin)}
	var failed *llm.Error
	if errors.As(err, &failed) {
		out.Kind, out.Words = failed.Kind, failed.Words
		err = nil
	}
	return out, err
}
