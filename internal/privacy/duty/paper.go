package duty

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/privacy"
	"parley/internal/store"
)

// settings is what of a workspace's settings its papers rest on.
type settings struct {
	ws       desk.Workspace
	ai       desk.AISettings
	channels []string // kinds that are connected
}

func settingsOf(r *store.Rx) (s settings, err error) {
	if s.ws, err = r.Settings(); err != nil {
		return s, err
	}
	if s.ai, err = r.AISettings(); err != nil {
		return s, err
	}
	all, err := r.Accounts()
	for _, a := range all {
		if a.State != desk.AccountOff {
			s.channels = append(s.channels, a.Kind)
		}
	}
	slices.Sort(s.channels)
	s.channels = slices.Compact(s.channels)
	return s, err
}

// basis is what an assessment is signed for: another model's company, use of it,
// mode or channel asks for another assessment.
func (s settings) basis() string {
	var vendors, uses []string
	for _, v := range s.ai.Vendors() {
		vendors = append(vendors, string(v))
	}
	for _, p := range desk.AIPurposes() {
		if s.ai.Allows(p) {
			uses = append(uses, string(p))
		}
	}
	return strings.Join([]string{strings.Join(vendors, "+"), strings.Join(uses, "+"), string(s.ws.Mode), strings.Join(s.channels, "+")}, " | ")
}

// paper is what there is to read and to decide.
type paper struct {
	sections []store.DutySection
	lines    []store.DutyLine
	basis    string
}

// writer writes a paper in one language.
type writer struct {
	set    settings
	locale string
}

func (w writer) say(key string, more ...string) string {
	args := map[string]string{"business": w.set.ws.Name}
	for i := 0; i+1 < len(more); i += 2 {
		args[more[i]] = more[i+1]
	}
	return i18n.T(w.locale, key, args)
}

func (d *Duties) paper(ctx context.Context, ws desk.ID, k desk.DutyKind, locale string) (p paper, err error) {
	w := writer{locale: locale}
	if err := d.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) {
		if w.set, err = settingsOf(r); err == nil && k == desk.DutyAccess {
			p.lines, err = accessLines(r, w, d.DB.Clock().Now())
		}
		return err
	}); err != nil {
		return p, err
	}
	p.basis = w.set.basis()
	switch k {
	case desk.DutyAssessment:
		var what []string
		what, err = d.what(ctx, ws, w)
		if err != nil {
			return p, err
		}
		data, err := w.data()
		if err != nil {
			return p, err
		}
		p.sections = []store.DutySection{{Title: w.say("duty.section.what"), Lines: what}, {Title: w.say("duty.section.data"), Lines: data}, {Title: w.say("duty.section.need"), Lines: w.need()}}
		p.lines, err = d.weighed(ctx, w, "duty.risk.", risks())
		return p, err
	case desk.DutyInterests:
		p.sections = []store.DutySection{{Title: w.say("duty.section.weigh"), Lines: []string{w.say("duty.weigh.how"), w.say("duty.weigh.object")}}}
		p.lines, err = d.weighed(ctx, w, "duty.interest.", interests())
	case desk.DutyNotice:
		if p.sections, err = d.words(ctx, ws, w); err == nil {
			p.lines, err = d.weighed(ctx, w, "duty.advice.", advice())
		}
	case desk.DutyAccess, desk.DutyTraining, desk.DutyAgreement, desk.DutyDrill:
	}
	return p, err
}

// words are texts that a business may put where people write to it, in each
// language: a longer one for a website, a short one for a profile or a greeting.
func (d *Duties) words(ctx context.Context, ws desk.ID, w writer) (all []store.DutySection, err error) {
	link := ""
	if d.World != nil {
		if link, err = d.World.Notice(ctx, ws); err != nil {
			return nil, err
		}
	}
	for _, l := range i18n.Locales() {
		in := writer{set: w.set, locale: l}
		all = append(all, store.DutySection{Title: w.say("duty.section.words", "language", w.say("duty.language."+l)),
			Lines: []string{in.say("duty.words.site", "link", link), in.say("duty.words.profile", "link", link)}})
	}
	return all, nil
}

// what says what is done with data here, for whom and by whom.
func (d *Duties) what(ctx context.Context, ws desk.ID, w writer) ([]string, error) {
	var names []string
	for _, c := range w.set.channels {
		names = append(names, w.say("copy.channel."+c))
	}
	out := []string{w.say("duty.what.nobody")}
	if len(names) > 0 {
		out[0] = w.say("duty.what.channels", "channels", strings.Join(names, ", "))
	}
	mode := string(w.set.ws.Mode)
	if len(w.set.ai.Vendors()) == 0 {
		mode = "none"
	}
	out = append(out, w.say("duty.mode."+mode))
	if d.World == nil {
		return out, nil
	}
	all, err := d.World.Recipients(ctx, ws, w.locale)
	for _, r := range all {
		out = append(out, w.say("duty.what.recipient", "company", r.Company, "region", cmp.Or(r.Region, w.say("duty.what.region")), "purpose", r.Purpose))
	}
	return out, err
}

// data lists which data there is, why, on which ground and until when: the data
// map, as the notice to visitors shows it.
func (w writer) data() ([]string, error) {
	columns, err := store.DataMap()
	if err != nil {
		return nil, err
	}
	var out []string
	people, sealed := 0, 0
	for _, c := range columns {
		if c.Subject != "" {
			people++
			if c.Type == "BYTES" && slices.Contains([]string{"contact", "content", "special"}, c.Class) {
				sealed++
			}
		}
	}
	out = append(out, w.say("duty.data.count", "n", strconv.Itoa(people), "sealed", strconv.Itoa(sealed)))
	for _, h := range privacy.OfVisitors() {
		out = append(out, w.say("duty.data.line", "what", w.say("notice.held."+h.Name), "why", w.say("notice.why."+h.Name),
			"ground", w.say("duty.ground."+string(h.Ground)), "until", w.until(h)))
	}
	return out, nil
}

func (w writer) until(h privacy.Held) string {
	n, unit := h.Months, "months"
	switch {
	case h.With != "":
		return w.say("duty.until.with")
	case h.After > 0 && h.After%(24*time.Hour) == 0:
		n, unit = int(h.After/(24*time.Hour)), "days"
	case h.After > 0:
		n, unit = int(h.After/time.Hour), "hours"
	case h.Months == 0:
		return w.say("notice.until.never")
	}
	if n == 1 && unit == "hours" {
		unit = "hour"
	}
	return w.say("notice.until.most", "span", w.say("notice.span."+unit, "n", strconv.Itoa(n)))
}

// need says why it cannot be done with less.
func (w writer) need() []string {
	out := []string{w.say("duty.need.answer"), w.say("duty.need.kept")}
	if len(w.set.ai.Vendors()) > 0 {
		out = append(out, w.say("duty.need.model", "n", strconv.Itoa(w.set.ai.History)))
	}
	var people []string
	for _, t := range w.set.ai.Topics {
		if t.Mode == desk.ModeOff && slices.Contains(desk.BuiltInTopics(), t.Name) {
			people = append(people, w.say("duty.topic."+t.Name))
		}
	}
	if len(people) > 0 {
		out = append(out, w.say("duty.need.people", "topics", strings.Join(people, ", ")))
	}
	return append(out, w.say("duty.need.less"))
}

// point is something to weigh, with the promises that stand against it.
type point struct {
	name    string
	clauses []string
}

func risks() []point {
	return []point{
		{"wrong", []string{"A-7.4-02", "A-7.5-01", "A-7.7-03"}},
		{"machine", []string{"A-7.4-06", "A-7.4-07", "H-86"}},
		{"unfair", []string{"A-7.6-01", "A-7.6-02"}},
		{"special", []string{"A-6-01", "A-6-02", "A-14.2-06"}},
		{"abroad", []string{"A-7.1-05", "A-7.2-03", "A-8.1-01"}},
		{"insider", []string{"A-12.2-01", "A-12.2-02"}},
		{"stolen", []string{"A-12.1-02", "A-12.1-01", "A-12.3-02"}},
		{"lost", []string{"A-12.4-04"}},
		{"forever", []string{"A-14.1-03", "A-11-15"}},
		{"child", []string{"A-18-02", "H-93"}},
	}
}

func interests() []point {
	return []point{
		{"answer", []string{"A-4.5-02", "A-14.1-06", "H-86"}},
		{"improve", []string{"A-4.3-02"}},
		{"security", []string{"A-4.5-05", "A-12.3-02"}},
		{"abuse", []string{"A-4.3-04"}},
		{"reports", []string{"A-14.3-02", "H-55"}},
		{"terms", []string{"A-4.3-06"}},
	}
}

// advice is what a business is advised to do so that people know who answers them.
func advice() []point {
	return []point{
		{"machine", []string{"A-7.7-03"}},
		{"linked", []string{"A-19-03"}},
		{"narrow", []string{"A-6-01", "A-6-02"}},
		{"named", []string{"A-24-01"}},
		{"colleagues", []string{"A-7.4-06"}},
	}
}

// weighed makes a line of each point: what it is, and what of it is known to be
// kept.
func (d *Duties) weighed(ctx context.Context, w writer, words string, all []point) ([]store.DutyLine, error) {
	var out []store.DutyLine
	for _, p := range all {
		line := store.DutyLine{Key: p.name, Words: w.say(words + p.name), Detail: []string{w.say(words + p.name + ".text")}}
		if d.World != nil {
			kept, err := d.World.Measures(ctx, w.locale, p.clauses)
			if err != nil {
				return nil, err
			}
			for _, m := range kept {
				line.Detail = append(line.Detail, w.say("duty.measure", "says", m.Says, "clause", m.Clause, "state", w.say("duty.state."+m.State)))
			}
		}
		out = append(out, line)
	}
	return out, nil
}

const maxAccess = 1000

// accessLines lists everybody who signs in here and every key that opens
// something. A member's line bears no name: the register outlives them.
func accessLines(r *store.Rx, w writer, now time.Time) ([]store.DutyLine, error) {
	seen := func(t time.Time) []string {
		if t.IsZero() {
			return []string{w.say("duty.access.never")}
		}
		return []string{w.say("duty.access.last", "day", day(t))}
	}
	members, err := r.Members(0, maxAccess)
	if err != nil {
		return nil, err
	}
	var out []store.DutyLine
	for _, m := range members {
		if m.Active {
			out = append(out, store.DutyLine{Key: "member:" + m.ID.String(), Words: w.say("role." + string(m.Role)), Detail: seen(m.LastSeenAt)})
		}
	}
	keys, err := r.AccessKeys(0, maxAccess)
	for _, k := range keys {
		if now.Before(k.ExpiresAt) {
			out = append(out, store.DutyLine{Key: "key:" + k.ID.String(), Words: w.say("duty.access.key", "name", k.Name, "role", w.say("role."+string(k.Role))),
				Detail: append(seen(k.UsedAt), w.say("duty.access.ends", "day", day(k.ExpiresAt)))})
		}
	}
	return out, err
}

// subject takes the key of a line of access apart.
func subject(key string) (what string, id desk.ID) {
	what, n, _ := strings.Cut(key, ":")
	number, err := strconv.ParseInt(n, 10, 64)
	if err != nil {
		return "", 0
	}
	return what, desk.ID(number)
}
