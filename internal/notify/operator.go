package notify

import (
	"context"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/i18n"
	"parley/internal/store"
)

// OperatorWork is the kind of work that sends one letter about the install.
const OperatorWork = "operator_letter"

// Operator is whoever runs the install, as its settings name them.
type Operator struct {
	Address string // "" = they are not written to
	Locale  string
}

// TellOperator queues a letter about the install, in a transaction of the
// workspace 0: once for each mark, however often it is called. Without an address
// or a mail server it does nothing.
func (n *Notify) TellOperator(tx *store.Tx, l desk.OperatorLetter) error {
	if !n.TellsOperator() {
		return nil
	}
	fresh, err := tx.InsertOperatorLetter(&l)
	if err != nil || !fresh {
		return err
	}
	return n.Flow.Add(tx, flow.Item{Kind: OperatorWork, Key: l.ID, Object: l.ID})
}

// TellsOperator reports whether such letters leave.
func (n *Notify) TellsOperator() bool { return n.On() && n.Operator.Address != "" }

func (n *Notify) sendOperator(ctx context.Context, j *flow.Job) error {
	id, h := j.Items[0].Object, n.DB.In(0)
	var l desk.OperatorLetter
	err := h.Read(ctx, func(r *store.Rx) (err error) { l, err = r.OperatorLetter(id); return err })
	end := func(state desk.LetterState, fault string) error {
		return h.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
			if err := tx.EndOperatorLetter(id, state, fault); err != nil && !desk.IsNotFound(err) {
				return err
			}
			if state == desk.LetterWaits {
				return j.Later(tx, j.Items[0], tx.Now().Add(min(max(tx.Now().Sub(l.CreatedAt), firstRest), longRest)))
			}
			return j.Finish(tx)
		})
	}
	switch {
	case desk.IsNotFound(err):
		return h.Write(ctx, func(tx *store.Tx) error { return j.Finish(tx) })
	case err != nil:
		return err
	case !n.TellsOperator():
		return end(desk.LetterFailed, "setting")
	case n.Flow.Clock().Now().Sub(l.CreatedAt) >= operatorTerm:
		return end(desk.LetterFailed, "too_late")
	}
	m, err := n.composeOperator(l)
	if err != nil {
		return err
	}
	fault := n.post.send(ctx, m)
	if fault.code != "" {
		n.Log.WarnContext(ctx, "the mail server did not take a letter to the operator", "letter", id, "kind", l.Kind, "code", fault.code, "final", fault.final)
	}
	switch {
	case fault.code == "":
		return end(desk.LetterSent, "")
	case fault.final:
		return end(desk.LetterFailed, fault.code)
	default:
		return end(desk.LetterWaits, fault.code)
	}
}

// operatorTerm is how long such a letter is tried: a weekend.
const operatorTerm = 3 * noticeTerm

func (n *Notify) composeOperator(l desk.OperatorLetter) (mail, error) {
	w := letterWords{locale: n.Operator.Locale, kind: "operator_" + string(l.Kind), business: "Parley", foot: "mail.foot_operator"}
	about := l.About
	if l.Kind == desk.OperatorBackup || l.Kind == desk.OperatorKeys {
		about = i18n.T(w.locale, "mail.operator_about."+about, nil)
	}
	w.args = map[string]string{"about": about, "home": n.Home, "time": l.CreatedAt.UTC().Format("2006-01-02 15:04") + " UTC"}
	m, err := n.words(w)
	m.to, m.id = n.Operator.Address, l.ID.String()
	return m, err
}
