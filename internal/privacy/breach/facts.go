package breach

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/store"
)

// Names of facts. Those of Editable are written by hand, the others by acts.
const (
	FactTitle        = "title"
	FactNature       = "nature"
	FactWhen         = "when"
	FactConsequences = "consequences"
	FactMeasures     = "measures"
	FactContact      = "contact"
	FactRisk         = "risk"   // why it is judged so
	FactStates       = "states" // of the United States in which people live, as letters
	FactAware        = "aware"
	FactAwareWhy     = "aware_why"
	FactExcuse       = "excuse"
	FactLate         = "late"
	FactLessons      = "lessons"
)

// Editable lists the facts that are written by hand, in the order of forms.
func Editable() []string {
	return []string{FactTitle, FactNature, FactWhen, FactConsequences, FactMeasures, FactContact, FactRisk, FactStates}
}

// required are the facts without which nothing is sent (GDPR article 33 (3)).
func required() []string {
	return []string{FactNature, FactConsequences, FactMeasures, FactContact}
}

// Kinds of words that are written from the facts.
const (
	KindAuthority = "authority"
	KindBusiness  = "business"
	KindPerson    = "person"
)

// newest is what holds of each fact.
func newest(all []store.Fact) map[string]store.Fact {
	now := map[string]store.Fact{}
	for _, f := range all {
		now[f.Name] = f
	}
	return now
}

func readStates(list string) ([]string, error) {
	var all []string
	for _, s := range strings.FieldsFunc(strings.ToUpper(list), func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
		if len(s) != 2 || s[0] < 'A' || s[0] > 'Z' || s[1] < 'A' || s[1] > 'Z' {
			return nil, desk.Fail(desk.Invalid, "states", "name states by two letters, such as CA, NY")
		}
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all, nil
}

// Whole is an incident with all there is to say of it.
type Whole struct {
	Incident desk.ID
	Of       desk.ID // workspace, 0 = the install
	Row      store.Incident
	Stand    desk.IncidentStand
	Facts    []store.Fact // every line, oldest first
	Now      map[string]store.Fact
	Counts   []store.ScopeCount // the newest counting
	Counted  []store.ScopeCount // all of them
	Drafts   []store.IncidentDraft
	People   []store.ToldCount
	Business string // whose incident it is
	Noticed  []Noticed
}

// Noticed is a business and when it was told; zero = not yet.
type Noticed struct {
	Workspace desk.ID
	Name      string
	At        time.Time
}

// Get returns an incident of the workspace.
func (d *Desk) Get(ctx context.Context, ws, id desk.ID) (w Whole, err error) {
	w.Incident, w.Of = id, ws
	if w.Business, _, err = d.runs(ctx, ws); err != nil {
		return w, err
	}
	err = d.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) {
		if w.Row, err = r.Incident(id); err != nil {
			return err
		}
		w.Stand = Standing(w.Row)
		if w.Facts, err = r.Facts(id); err != nil {
			return err
		}
		w.Now = newest(w.Facts)
		if w.Counts, w.Counted, err = r.IncidentCounts(id); err != nil {
			return err
		}
		if w.Drafts, err = r.IncidentDrafts(id); err != nil {
			return err
		}
		w.People, err = r.ToldCounts(id)
		return err
	})
	if err == nil && ws == 0 {
		w.Noticed, err = d.noticed(ctx, w)
	}
	return w, err
}

// runs names whose incident it is, and whom to ask where that is known.
func (d *Desk) runs(ctx context.Context, ws desk.ID) (name, contact string, err error) {
	if ws != 0 {
		err = d.DB.In(ws).Read(ctx, func(r *store.Rx) error {
			set, err := r.Settings()
			name = set.Name
			return err
		})
		return name, "", err
	}
	if d.Operator != nil {
		name, contact, err = d.Operator(ctx)
	}
	if name == "" {
		name = "Parley"
	}
	return name, contact, err
}

// List pages through the incidents of a workspace, newest first, each with its
// facts.
func (d *Desk) List(ctx context.Context, ws, before desk.ID, limit int) ([]Whole, error) {
	var rows []store.Incident
	err := d.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) { rows, err = r.Incidents(before, limit); return err })
	all := []Whole{}
	for _, i := range rows {
		if err != nil {
			break
		}
		var w Whole
		w, err = d.Get(ctx, ws, i.ID)
		all = append(all, w)
	}
	return all, err
}

// Missing names what is still needed before anybody is told.
func (w Whole) Missing() []string {
	missing := []string{}
	for _, name := range required() {
		if w.Now[name].Body == "" {
			missing = append(missing, name)
		}
	}
	if len(w.Counts) == 0 {
		missing = append(missing, "counts")
	}
	return missing
}

// Sum adds up the newest counting.
func (w Whole) Sum() store.ScopeCount {
	var sum store.ScopeCount
	for _, c := range w.Counts {
		sum.Persons, sum.Erased, sum.Records, sum.Acts = sum.Persons+c.Persons, sum.Erased+c.Erased, sum.Records+c.Records, sum.Acts+c.Acts
		for _, table := range c.Tables {
			if !slices.Contains(sum.Tables, table) {
				sum.Tables = append(sum.Tables, table)
			}
		}
		if c.At.After(sum.At) {
			sum.At = c.At
		}
	}
	slices.Sort(sum.Tables)
	return sum
}

// Classes are the kinds of data in tables, as the data map says of them.
func Classes(tables []string) ([]string, error) {
	all, err := store.DataMap()
	found := []string{}
	for _, c := range all {
		if c.Subject == "contact" && slices.Contains(tables, c.Table) && !slices.Contains(found, c.Class) {
			found = append(found, c.Class)
		}
	}
	slices.Sort(found)
	return found, err
}

// Kinds lists for whom words are written from the facts of an incident.
func (w Whole) Kinds() []string {
	if w.Of == 0 {
		return []string{KindAuthority, KindBusiness}
	}
	return []string{KindAuthority, KindPerson}
}

// Draft gives the words for somebody: those that were written by hand, or those
// of the template with the facts of now.
func (w Whole) Draft(kind, locale string) store.IncidentDraft {
	if locale = known(locale); locale == "" {
		locale = i18n.Fallback
	}
	for _, have := range w.Drafts {
		if have.Kind == kind && have.Locale == locale && have.Body != "" {
			return have
		}
	}
	return store.IncidentDraft{Kind: kind, Locale: locale, Body: w.compose(kind, locale)}
}

// compose fills the one template: a head and an end for whom it is, and between
// them a line for each fact.
func (w Whole) compose(kind, locale string) string {
	sum := w.Sum()
	last := w.Row.OpenedAt
	for _, f := range w.Facts {
		if f.At.After(last) {
			last = f.At
		}
	}
	if sum.At.After(last) {
		last = sum.At
	}
	args := map[string]string{"business": w.Business, "number": w.Incident.String(), "date": minute(last), "aware": minute(w.Row.AwareAt),
		"persons": strconv.Itoa(sum.Persons), "erased": strconv.Itoa(sum.Erased), "records": strconv.FormatInt(sum.Records, 10), "law": i18n.T(locale, "breach.law."+w.Row.Law, nil)}
	say := func(key string) string { return i18n.T(locale, "breach."+key, args) }
	parts := []string{}
	if w.Row.Drill {
		parts = append(parts, say("drill"))
	}
	parts = append(parts, say("head."+kind))
	for _, name := range w.lines(kind) {
		value := w.Now[name].Body
		switch name {
		case "counts":
			value = say("counts")
		case "categories":
			value = w.categories(locale, sum.Tables)
		case FactAware:
			value = args["aware"]
		case FactLate:
			value = newest(w.Facts)[FactLate].Body
			if value == "" {
				continue
			}
		}
		if value == "" || name == "counts" && len(w.Counts) == 0 {
			value = say("missing")
		}
		parts = append(parts, say("line."+name)+"\n"+value)
	}
	return strings.Join(append(parts, say("end."+kind)), "\n\n")
}

// lines are the facts that somebody is told, in order.
func (w Whole) lines(kind string) []string {
	if kind == KindPerson {
		return []string{FactNature, FactWhen, "categories", FactConsequences, FactMeasures, FactContact}
	}
	return []string{FactNature, FactWhen, FactAware, "categories", "counts", FactConsequences, FactMeasures, FactLate, FactContact}
}

func (w Whole) categories(locale string, tables []string) string {
	classes, err := Classes(tables)
	if err != nil || len(classes) == 0 {
		return ""
	}
	words := make([]string, len(classes))
	for i, c := range classes {
		words[i] = i18n.T(locale, "breach.class."+c, nil)
	}
	return strings.Join(words, "; ")
}

// minute is a time as these words say it.
func minute(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04") + " UTC"
}

// SetDraft keeps words that were written by hand; empty ones give the template's
// back.
func (d *Desk) SetDraft(ctx context.Context, a Act, x store.IncidentDraft) error {
	w, err := d.Get(ctx, a.Workspace, a.Incident)
	if err != nil {
		return err
	}
	if !slices.Contains(w.Kinds(), x.Kind) || known(x.Locale) != x.Locale || x.Locale == "" {
		return desk.Fail(desk.Invalid, "kind", "there are no such words of this incident")
	}
	if len(x.Body) > maxDraft {
		return desk.Fail(desk.Invalid, "text", "write at most 8000 bytes")
	}
	return d.change(ctx, a, "incident.draft", func(tx *store.Tx, i *store.Incident, _ *desk.IncidentStand) error {
		all, err := tx.IncidentDrafts(i.ID)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(all, func(o store.IncidentDraft) bool { return o.Kind == x.Kind && !o.Sent.IsZero() }) || i.State == desk.IncidentClosed {
			return desk.Fail(desk.Conflict, "sent", "these words were sent: they stay as they are")
		}
		x.By = a.By.ID
		return tx.PutIncidentDraft(i.ID, x)
	})
}

// maxDraft is how long such words may be, in bytes.
const maxDraft = 8000

// keepSent keeps the words that were sent, and when.
func keepSent(tx *store.Tx, a Act, x store.IncidentDraft, when time.Time) error {
	if x.By == 0 {
		x.By = a.By.ID
	}
	return errorsOf(tx.PutIncidentDraft(a.Incident, x), tx.IncidentDraftSent(a.Incident, x.Kind, x.Locale, when))
}

// known is the language of a locale as words are kept in it, "" for none of ours.
func known(locale string) string {
	short, _, _ := strings.Cut(strings.ToLower(locale), "-")
	if !slices.Contains(i18n.Locales(), short) {
		return ""
	}
	return short
}

// StateList names the states of the United States in which people live.
func (w Whole) StateList() []string {
	all, err := readStates(w.Now[FactStates].Body)
	if err != nil {
		return nil
	}
	return all
}
