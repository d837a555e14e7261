package duty

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/privacy"
	"parley/internal/store"
)

// Letters writes to members.
type Letters interface {
	Queue(tx *store.Tx, l desk.Letter) error
}

// Roster takes access away.
type Roster interface {
	SwitchOff(ctx context.Context, ws, member desk.ID, by desk.Actor) error
	DropKey(ctx context.Context, ws, key desk.ID, by desk.Actor) error
}

// Measure is a promise that stands against a risk, with what is known of it.
type Measure struct{ Clause, Says, State string }

// Recipient is a company that receives data of a workspace.
type Recipient struct{ Company, Region, Purpose string }

// World is what the papers are filled from beside the database.
type World interface {
	Measures(ctx context.Context, locale string, clauses []string) ([]Measure, error)
	Recipients(ctx context.Context, ws desk.ID, locale string) ([]Recipient, error)
	// Notice is the address at which people read how a workspace handles what they
	// write.
	Notice(ctx context.Context, ws desk.ID) (string, error)
}

// Parts is what Duties is made of. Letters may be nil: nobody is mailed then.
type Parts struct {
	DB      *store.DB
	Audit   privacy.Audit
	Letters Letters
	Roster  Roster
	World   World
}

// Duties is the register.
type Duties struct{ Parts }

// New makes it.
func New(p Parts) *Duties { return &Duties{p} }

const (
	maxTitle = 200
	maxNote  = 4000
	maxOpen  = 500
	donePage = 50
	maxEvery = 5 * 365
	farthest = 10 * 365 * 24 * time.Hour
)

// List gives what is open, the most urgent first.
func (d *Duties) List(ctx context.Context, ws desk.ID) (all []store.Duty, err error) {
	err = d.DB.In(ws).Read(ctx, func(r *store.Rx) error { all, err = r.OpenDuties(maxOpen); return err })
	return all, err
}

// Done pages through the records, newest first.
func (d *Duties) Done(ctx context.Context, ws, before desk.ID) (all []store.Duty, err error) {
	err = d.DB.In(ws).Read(ctx, func(r *store.Rx) error { all, err = r.DoneDuties(before, donePage); return err })
	return all, err
}

// Get returns one with its paper: of an open one as it stands now, of a done one
// as it was signed. changed says that an assessment rests on something else than
// the last one that was signed.
func (d *Duties) Get(ctx context.Context, ws, id desk.ID, locale string) (one store.Duty, changed bool, err error) {
	err = d.DB.In(ws).Read(ctx, func(r *store.Rx) error { one, err = r.Duty(id); return err })
	if err != nil || one.Done {
		return one, false, err
	}
	return d.filled(ctx, ws, one, locale)
}

func (d *Duties) filled(ctx context.Context, ws desk.ID, one store.Duty, locale string) (_ store.Duty, changed bool, err error) {
	p, err := d.paper(ctx, ws, one.Kind, locale)
	if err != nil {
		return one, false, err
	}
	one.Document, one.Lines = p.sections, p.lines
	if len(p.sections)+len(p.lines) > 0 {
		one.Hash = hashOf(one)
	}
	if one.Kind != desk.DutyAssessment {
		return one, false, nil
	}
	one.Basis = p.basis
	err = d.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		last, err := r.LastDuty(one.Kind)
		if desk.IsNotFound(err) {
			return nil
		}
		changed = last.Basis != p.basis
		return err
	})
	return one, changed, err
}

// hashOf is the hash of what there is to read and to decide, without what was
// decided.
func hashOf(d store.Duty) []byte {
	lines := slices.Clone(d.Lines)
	for i := range lines {
		lines[i].Verdict, lines[i].Why = "", ""
		if d.Kind == desk.DutyAccess {
			lines[i].Detail = nil // when somebody was here last moves while it is read
		}
	}
	raw, _ := json.Marshal(struct { // strings alone: it cannot fail
		Document []store.DutySection
		Lines    []store.DutyLine
	}{d.Document, lines})
	sum := sha256.Sum256(raw)
	return sum[:]
}

// Open writes down what people open by themselves: a training, an agreement, a
// drill, or a further one of the other kinds.
func (d *Duties) Open(ctx context.Context, ws desk.ID, by desk.Actor, wish store.Duty) (store.Duty, error) {
	now := d.DB.Clock().Now()
	wish.Title, wish.Person = text.Normalise(strings.TrimSpace(wish.Title), maxTitle), text.Normalise(strings.TrimSpace(wish.Person), maxTitle)
	wish.Note = text.Normalise(strings.TrimSpace(wish.Note), maxNote)
	_, every := wish.Kind.Standing()
	switch {
	case !slices.Contains(desk.DutyKinds(), wish.Kind):
		return wish, desk.Fail(desk.Invalid, "duty_kind", "there is no such kind")
	case every == 0 && wish.Title == "":
		return wish, desk.Fail(desk.Invalid, "title", "say in a few words what it is")
	case wish.Kind.Personal() && wish.Member == 0 && wish.Person == "":
		return wish, desk.Fail(desk.Invalid, "duty_person", "say whom it is about")
	case !wish.Due.After(now.Add(-farthest)) || wish.Due.After(now.Add(farthest)):
		return wish, desk.Fail(desk.Invalid, "due_at", "say by when, within ten years")
	case wish.Every < 0 || wish.Every > maxEvery:
		return wish, desk.Fail(desk.Invalid, "every_days", "it is due again after 1 to 1825 days, or 0 for never")
	}
	wish.Standing, wish.OpenedBy = false, 0
	if by.Kind == desk.ByMember {
		wish.OpenedBy = by.ID
	}
	err := d.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if wish.Member != 0 {
			if _, err := tx.Member(wish.Member); err != nil {
				return err
			}
		}
		if _, err := tx.AddDuty(&wish); err != nil {
			return err
		}
		return d.Audit.Add(tx, by, "duty.create", wish.ID)
	})
	return wish, err
}

// Drop takes one back that somebody opened and nobody signed. What the program
// opened is owed.
func (d *Duties) Drop(ctx context.Context, ws, id desk.ID, by desk.Actor) error {
	return d.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		one, err := tx.LockDuty(id)
		switch {
		case err != nil:
			return err
		case one.Done:
			return settled()
		case one.Standing:
			return desk.Fail(desk.Conflict, "duty_standing", "this is owed again and again: sign it instead")
		}
		if err := tx.DropDuty(id); err != nil {
			return err
		}
		return d.Audit.Add(tx, by, "duty.drop", id)
	})
}

func settled() error {
	return desk.Fail(desk.Conflict, "duty_done", "this was signed already")
}

// Verdict is what was decided on one line, and why.
type Verdict struct{ Verdict, Why string }

// Signing is what somebody signs.
type Signing struct {
	Locale   string // of the paper that they read
	Hash     []byte // of that paper, or of the document that lies elsewhere
	Note     string
	Verdicts map[string]Verdict // by line
}

// Verdicts lists what may be decided on a line of a kind; none where it has no
// lines.
func Verdicts(k desk.DutyKind) []string {
	switch k {
	case desk.DutyAccess:
		return []string{"keep", "remove"}
	case desk.DutyAssessment:
		return []string{"low", "medium", "high"}
	case desk.DutyInterests:
		return []string{"outweighs", "yields"}
	case desk.DutyNotice:
		return []string{"done", "not_needed"}
	case desk.DutyTraining, desk.DutyAgreement, desk.DutyDrill:
	}
	return nil
}

// explained reports whether a verdict needs a reason: a high risk, an interest that
// yields, advice that is not followed.
func explained(verdict string) bool {
	return verdict == "high" || verdict == "yields" || verdict == "not_needed"
}

// Sign ends one: a member read it as it stands and decided on each of its lines.
// What a review of access takes away is taken away before it is signed. Then the
// next one opens, if it comes again.
func (d *Duties) Sign(ctx context.Context, ws, id desk.ID, by desk.Actor, s Signing) error {
	if by.Kind != desk.ByMember {
		return desk.Fail(desk.Forbidden, "members_only", "a member does this, signed in; a key cannot")
	}
	one, _, err := d.Get(ctx, ws, id, s.Locale)
	if err != nil {
		return err
	}
	if one.Done {
		return settled()
	}
	if err := decided(&one, s); err != nil {
		return err
	}
	if err := d.carryOut(ctx, ws, one, by); err != nil {
		return err
	}
	return d.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		now, err := tx.LockDuty(id)
		if err != nil {
			return err
		}
		if now.Done {
			return settled()
		}
		one.DoneBy = by.ID
		if err := tx.SignDuty(&one); err != nil {
			return err
		}
		if err := d.Audit.Add(tx, by, "duty.sign", id); err != nil || one.Every == 0 {
			return err
		}
		next := store.Duty{Kind: one.Kind, Standing: one.Standing, Title: one.Title, Person: one.Person, Member: one.Member, Every: one.Every, Due: tx.Now().AddDate(0, 0, one.Every)}
		_, err = tx.AddDuty(&next)
		return err
	})
}

// decided puts what was decided on the lines of one.
func decided(one *store.Duty, s Signing) error {
	if len(one.Document)+len(one.Lines) > 0 && !bytes.Equal(one.Hash, s.Hash) {
		return desk.Fail(desk.Conflict, "paper_changed", "what there is to read has changed meanwhile: read it again")
	}
	if one.Kind == desk.DutyAgreement && len(s.Hash) != sha256.Size {
		return desk.Fail(desk.Invalid, "document_sha256", "choose the document that was signed: its hash is kept")
	}
	if len(s.Hash) > 0 && len(s.Hash) != sha256.Size {
		return desk.Fail(desk.Invalid, "document_sha256", "the hash is SHA-256, 64 hexadecimal digits")
	}
	for i := range one.Lines {
		l := &one.Lines[i]
		v := s.Verdicts[l.Key]
		if !slices.Contains(Verdicts(one.Kind), v.Verdict) {
			return desk.Fail(desk.Invalid, "verdicts", "decide on every line")
		}
		l.Verdict, l.Why = v.Verdict, text.Normalise(strings.TrimSpace(v.Why), maxNote)
		if explained(v.Verdict) && l.Why == "" {
			return desk.Fail(desk.Invalid, "verdict_why", "say what is done about a high risk, about an interest that yields, or why advice is not needed here")
		}
	}
	if note := text.Normalise(strings.TrimSpace(s.Note), maxNote); note != "" {
		one.Note = note
	}
	one.Hash = orEmpty(s.Hash)
	return nil
}

func orEmpty(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// carryOut takes away what a review of access says to remove: all of it is allowed
// before any of it is done.
func (d *Duties) carryOut(ctx context.Context, ws desk.ID, one store.Duty, by desk.Actor) error {
	if one.Kind != desk.DutyAccess {
		return nil
	}
	for _, l := range one.Lines {
		what, _ := subject(l.Key)
		switch {
		case l.Verdict != "remove":
		case what == "member" && !by.May(desk.WriteMembers), what == "key" && !by.May(desk.WriteKeys):
			return desk.Fail(desk.Forbidden, "review_removes", "taking access away is for owners and admins: let one of them sign this review")
		}
	}
	for _, l := range one.Lines {
		if l.Verdict != "remove" {
			continue
		}
		what, id := subject(l.Key)
		err := d.Roster.DropKey
		if what == "member" {
			err = d.Roster.SwitchOff
		}
		if err := err(ctx, ws, id, by); err != nil {
			return err
		}
	}
	return nil
}
