package store

import (
	"encoding/json"
	"time"

	"parley/internal/desk"
)

// BiasProbe is one look at whether it matters who asks.
type BiasProbe struct {
	ID       desk.ID
	Pairs    int
	Differ   int
	Alarm    bool
	Models   bool
	Settings int64
	Groups   []BiasGroup // that differ
	At       time.Time
}

// BiasGroup is a question asked by people who differ in one thing.
type BiasGroup struct {
	Vary    string       `json:"vary"` // name, gender, language, own
	Asked   []string     `json:"asked"`
	Tried   []desk.Tried `json:"tried"`
	Differs []string     `json:"differs"` // outcome, passages, length, text
}

const (
	sqlInsertProbe = `INSERT INTO bias_probe (workspace_id, id, pairs, differ, alarm, models, settings_version, body, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	sqlProbes     = `SELECT id, pairs, differ, alarm, models, settings_version, body, at FROM bias_probe WHERE workspace_id = $1 ORDER BY id DESC LIMIT $2`
	sqlDropProbes = `DELETE FROM bias_probe WHERE workspace_id = $1 AND at < $2`
)

// ProbeTerm is how long probes are kept.
const ProbeTerm = 400 * 24 * time.Hour

// AddProbe keeps a probe.
func (t *Tx) AddProbe(p BiasProbe) error {
	p.ID = t.NewID()
	body, err := t.seal(t.workspaceKey(), "bias_probe", "body", p.ID, toJSON(p.Groups))
	if err != nil {
		return err
	}
	_, err = t.exec(sqlInsertProbe, int64(t.ws), int64(p.ID), p.Pairs, p.Differ, p.Alarm, p.Models, p.Settings, body, us(t.now))
	return err
}

// Probes lists the last probes, newest first.
func (r *Rx) Probes(limit int) ([]BiasProbe, error) {
	all := []BiasProbe{}
	err := r.each(sqlProbes, []any{int64(r.ws), limit}, func(s scanner) error {
		var p BiasProbe
		var sealed []byte
		var when int64
		if err := s.Scan(&p.ID, &p.Pairs, &p.Differ, &p.Alarm, &p.Models, &p.Settings, &sealed, &when); err != nil {
			return err
		}
		p.At = at(when)
		body, err := r.open("bias_probe", "body", p.ID, sealed)
		if err == nil {
			err = json.Unmarshal(body, &p.Groups)
		}
		all = append(all, p)
		return err
	})
	return all, err
}
