package api

import (
	"strconv"
	"time"

	"parley/internal/kit/i18n"
	"parley/internal/promise"
)

// line is a sentence with its state in the newest evidence. Without evidence that
// can be believed nothing stands beside it; what people keep has no state.
func (p *published) line(now time.Time, e promise.Evidence, l promise.Line) printedLine {
	line := printedLine{Clauses: l.Clauses, Text: l.Text, Check: l.Check}
	if !e.Believed() || l.Check == "" {
		return line
	}
	state, at := promise.Unproven, e.Record.At
	if proof, ran := e.Proofs[l.Clauses[0]]; ran && proof.State != promise.NotApplicable {
		state, at = proof.State, proof.At
	}
	line.Failed = state == promise.Failed
	line.Proof = i18n.T(p.Lang, "policy.proof."+string(state), map[string]string{"ago": p.ago(now.Sub(at))})
	return line
}

// evidence says at the top, and beside each chapter, how many sentences the newest
// run proved, or why there is nothing to say.
func (p *published) evidence(now time.Time, s promise.Shown) {
	e := s.Evidence
	if !e.Believed() {
		p.Evidence = p.T("evidence." + string(e.Standing))
		return
	}
	sum := map[promise.State]int{}
	for i, section := range p.Sections {
		n, of := 0, 0
		for _, l := range section.Lines {
			if l.Check == "" {
				continue
			}
			state := promise.Unproven
			if proof, ran := e.Proofs[l.Clauses[0]]; ran {
				state = proof.State
			}
			sum[state]++
			of++
			if state == promise.Proven {
				n++
			}
		}
		if of > 0 {
			p.Sections[i].Proof = i18n.T(p.Lang, "policy.evidence.chapter", map[string]string{"n": strconv.Itoa(n), "of": strconv.Itoa(of)})
		}
	}
	p.Evidence = i18n.T(p.Lang, "policy.evidence.summary", map[string]string{
		"proven": strconv.Itoa(sum[promise.Proven]), "failed": strconv.Itoa(sum[promise.Failed]), "unproven": strconv.Itoa(sum[promise.Unproven] + sum[promise.NotApplicable]),
		"ago": p.ago(now.Sub(e.Record.At)), "at": e.Record.At.UTC().Format("2006-01-02 15:04 UTC"), "version": e.Record.Version, "engine": e.Record.Engine,
		"number": strconv.FormatInt(e.Record.Number, 10), "install": e.Record.Install})
	if e.Standing == promise.Gap {
		p.Doubt = p.T("evidence.gap")
	}
}
