package store

import (
	"encoding/json"
	"time"

	"parley/internal/desk"
)

// Synonyms are words that mean the same to a workspace, in one language.
type Synonyms struct {
	Language string
	Groups   [][]string
	At       time.Time
}

const (
	sqlPutSynonyms = `INSERT INTO synonym (workspace_id, language, words, updated_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (workspace_id, language) DO UPDATE SET words = excluded.words, updated_at = excluded.updated_at`
	sqlDropSynonyms = `DELETE FROM synonym WHERE workspace_id = $1 AND language = $2`
	sqlSynonyms     = `SELECT language, words, updated_at FROM synonym WHERE workspace_id = $1 ORDER BY language`
)

// PutSynonyms keeps the groups of a language in place of those before; none
// removes them. The knowledge's version moves, so that every index learns it.
func (t *Tx) PutSynonyms(language string, groups [][]string) error {
	if _, err := t.moveKnowledge(); err != nil {
		return err
	}
	if len(groups) == 0 {
		_, err := t.exec(sqlDropSynonyms, int64(t.ws), language)
		return err
	}
	sealed, err := t.seal(t.workspaceKey(), "synonym", "words:"+language, t.ws, toJSON(groups))
	if err != nil {
		return err
	}
	_, err = t.exec(sqlPutSynonyms, int64(t.ws), language, sealed, us(t.now))
	return err
}

// Synonyms lists them by language.
func (r *Rx) Synonyms() ([]Synonyms, error) {
	all := []Synonyms{}
	err := r.each(sqlSynonyms, []any{int64(r.ws)}, func(s scanner) error {
		var one Synonyms
		var sealed []byte
		var when int64
		if err := s.Scan(&one.Language, &sealed, &when); err != nil {
			return err
		}
		one.At = at(when)
		words, err := r.open("synonym", "words:"+one.Language, desk.ID(r.ws), sealed)
		if err == nil {
			err = json.Unmarshal(words, &one.Groups)
		}
		all = append(all, one)
		return err
	})
	return all, err
}
