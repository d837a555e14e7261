package privacy

import (
	"context"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/store"
)

// Carry carries out what a proved case asks, with the acts that erase and
// restrict, and notes the evidence. It may be repeated. Errors: desk.Conflict
// not_proven, no_contact, agent_unproven, no_act where members do it by hand.
func (w *Casework) Carry(ctx context.Context, ws, id desk.ID, by desk.Actor) (store.Case, error) {
	f, err := w.Get(ctx, ws, id)
	if err != nil {
		return f.Case, err
	}
	c := f.Case
	if err := ready(c); err != nil {
		return c, err
	}
	var no int64
	act := desk.CaseKind(c.Kind).Evidence()
	switch kind := desk.CaseKind(c.Kind); kind {
	case desk.AskErase:
		no, err = w.erase(ctx, ws, c, by)
	case desk.AskRestrict, desk.AskChild, desk.AskNoAutomation, desk.AskLimitSensitive, desk.AskObject:
		_, err = w.Restrict.Set(ctx, ws, c.Contact, by, asked(kind))
	default:
		err = desk.Fail(desk.Conflict, "no_act", "this is not done by one act; do it where the person is shown, then answer")
	}
	if err != nil {
		return c, err
	}
	return w.change(ctx, caseAct{ws, id, by, "case.carry_out"}, func(tx *store.Tx, c *store.Case) error {
		note(c, act, no)
		return begun(tx, c)
	})
}

// freeze has the person of a case about a child frozen, by work of the caller's
// transaction: at once when somebody says so, and before anybody looks at it.
func (w *Casework) freeze(tx *store.Tx, c store.Case) error {
	if desk.CaseKind(c.Kind) != desk.AskChild || c.Contact == 0 {
		return nil
	}
	return w.Flow.Add(tx, flow.Item{Kind: AgeWork, Key: c.Contact, Object: c.Contact})
}

// asked is the restriction that a kind of case asks for.
func asked(kind desk.CaseKind) (want Restrictions) {
	yes := true
	switch kind {
	case desk.AskRestrict:
		want.Restricted = &yes
	case desk.AskChild:
		want.Frozen = &yes
	case desk.AskNoAutomation:
		want.NoAutomation = &yes
	case desk.AskLimitSensitive:
		want.Sensitive = &yes
	case desk.AskObject:
		want.Objected = &yes
	}
	return want
}

func ready(c store.Case) error {
	switch {
	case c.Door == doorProvider:
		return desk.Fail(desk.NotFound, "case_not_found", "there is no such case of a person")
	case c.State != desk.CaseOpen && c.State != desk.CaseWorking:
		if c.State.Waits() {
			return desk.Fail(desk.Conflict, "not_proven", "the person has not shown that it is them")
		}
		return desk.Fail(desk.Conflict, "case_state", "this case is decided")
	case desk.CaseKind(c.Kind).About() && c.Proof == "":
		return desk.Fail(desk.Conflict, "not_proven", "the person has not shown that it is them")
	case c.Agent && !c.AgentChecked:
		return desk.Fail(desk.Conflict, "agent_unproven", "somebody asks for another person: check what allows them to first")
	case c.Contact == 0 && !c.Erased:
		return desk.Fail(desk.Conflict, "no_contact", "say first which contact it is about")
	}
	return nil
}

// erase removes the person; of one who is gone already there is nothing left to do.
func (w *Casework) erase(ctx context.Context, ws desk.ID, c store.Case, by desk.Actor) (int64, error) {
	if c.Erased {
		return int64(c.Outcome[ledgerNo]), nil
	}
	err := w.DB.In(ws).Write(ctx, func(tx *store.Tx) error { return w.Audit.Add(tx, by, "contact.erase", c.Contact) })
	if err != nil {
		return 0, err
	}
	done, err := w.Eraser.Erase(ctx, ws, c.Contact)
	return done.No, err
}
