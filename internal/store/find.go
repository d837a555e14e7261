package store

import (
	"database/sql"
	"encoding/binary"
	"errors"
	"math/bits"
	"slices"

	"parley/internal/desk"
)

const (
	sqlTermBetween = `SELECT part, places FROM message_term WHERE workspace_id = $1 AND term = $2 AND part BETWEEN $3 AND $4`
	sqlTermAmong   = `SELECT part, places FROM message_term WHERE workspace_id = $1 AND term = $2
		AND part IN ($3, $4, $5, $6, $7, $8, $9, $10)`
	sqlPlaceBelow = `SELECT place FROM message_place WHERE workspace_id = $1 AND message_id < $2 ORDER BY message_id DESC LIMIT 1`
	sqlAtPlaces   = `SELECT message_id FROM message_place WHERE workspace_id = $1
		AND place IN ($2, $3, $4, $5, $6, $7, $8, $9) ORDER BY place DESC`
	among = 8 // arguments of the two lists
)

// MaxSearchTerms is how many words of a search count; the first are kept.
const MaxSearchTerms = 8

// SearchMessages returns the messages that hold every term, those indexed last
// first, from the one before `before` on (0 = from the top).
func (r *Rx) SearchMessages(terms []string, before desk.ID, limit int) ([]desk.ID, error) {
	blind, err := r.blindTerms(terms[:min(len(terms), MaxSearchTerms)])
	if err != nil || len(blind) == 0 {
		return nil, err
	}
	below, err := r.placeBelow(before)
	if err != nil {
		return nil, err
	}
	var places []int64
	words := make([]sought, len(blind))
	for i, term := range blind {
		words[i].term = term
	}
	// Newest parts first, in steps that grow: few for common words, which soon
	// fill a page, and few questions for rare ones.
	for high, step := (below-1)/partSize, int64(firstStep); high >= 0 && below > 0 && len(places) < limit; step *= 3 {
		low := max(0, high-step+1)
		if places, err = r.placesIn(places, words, low, high, below); err != nil {
			return nil, err
		}
		high = low - 1
	}
	return r.messagesAt(places[:min(limit, len(places))])
}

// firstStep is how many parts a search looks at first.
const firstStep = 6

// sought is a term of a search and how many parts it was seen in so far.
type sought struct {
	term int64
	seen int
}

// placeBelow is the place that a page ends before.
func (r *Rx) placeBelow(before desk.ID) (int64, error) {
	var place int64
	if before == 0 {
		err := r.row(sqlLastPlace, int64(r.ws)).Scan(&place)
		if errors.Is(err, sql.ErrNoRows) {
			return 0, nil
		}
		return place + 1, err
	}
	err := r.row(sqlPlaceOf, int64(r.ws), int64(before)).Scan(&place)
	if !errors.Is(err, sql.ErrNoRows) {
		return place, err
	}
	// The message is gone: its older neighbour stands in, and is included.
	err = r.row(sqlPlaceBelow, int64(r.ws), int64(before)).Scan(&place)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return place + 1, err
}

// partSet holds one bit for each place of a part.
type partSet [partSize / 64]uint64

// placesIn adds the places below a bound that every word has between two parts,
// newest first. The rarest word goes first: where it is not, nobody looks.
func (r *Rx) placesIn(places []int64, words []sought, low, high, below int64) ([]int64, error) {
	slices.SortStableFunc(words, func(a, b sought) int { return a.seen - b.seen })
	parts := make([]int64, 0, high-low+1)
	for part := high; part >= low; part-- {
		parts = append(parts, part)
	}
	var sets map[int64]*partSet
	for i := range words {
		found, err := r.narrow(words[i].term, parts, sets)
		if err != nil {
			return nil, err
		}
		words[i].seen += len(found)
		sets = found
		kept := parts[:0]
		for _, part := range parts {
			if sets[part] != nil {
				kept = append(kept, part)
			}
		}
		if parts = kept; len(parts) == 0 {
			return places, nil
		}
	}
	for _, part := range parts {
		places = sets[part].list(places, part*partSize, below)
	}
	return places, nil
}

func (s *partSet) list(places []int64, base, below int64) []int64 {
	for w := len(s) - 1; w >= 0; w-- {
		for word := s[w]; word != 0; {
			bit := 63 - bits.LeadingZeros64(word)
			word &^= 1 << bit
			if place := base + int64(64*w+bit); place < below {
				places = append(places, place)
			}
		}
	}
	return places
}

// narrow gives the places that a term has in some parts, newest first, and that
// the sets before have, too (nil = all). It reads the parts as a range when they
// lie close together, else one by one.
func (r *Rx) narrow(term int64, parts []int64, before map[int64]*partSet) (map[int64]*partSet, error) {
	found := make(map[int64]*partSet, len(parts))
	scan := func(s scanner) error {
		var part int64
		var places sql.RawBytes
		if err := s.Scan(&part, &places); err != nil {
			return err
		}
		set := &partSet{}
		for ; len(places) >= 2; places = places[2:] {
			at := binary.BigEndian.Uint16(places) % partSize
			set[at/64] |= 1 << (at % 64)
		}
		if before != nil && !set.and(before[part]) {
			return nil
		}
		found[part] = set
		return nil
	}
	high, low := parts[0], parts[len(parts)-1]
	if high-low < int64(3*len(parts)) {
		return found, r.each(sqlTermBetween, []any{int64(r.ws), term, low, high}, scan)
	}
	for ; len(parts) > 0; parts = parts[min(among, len(parts)):] {
		if err := r.each(sqlTermAmong, padded([]any{int64(r.ws), term}, parts), scan); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// and keeps what the other set has, too, and reports whether anything is left.
func (s *partSet) and(other *partSet) bool {
	if other == nil {
		return false
	}
	var any uint64
	for w := range s {
		s[w] &= other[w]
		any |= s[w]
	}
	return any != 0
}

// padded fills up a list of arguments with its last value.
func padded(args []any, list []int64) []any {
	for i := range among {
		args = append(args, list[min(i, len(list)-1)])
	}
	return args
}

// messagesAt names the messages at places, in the order given.
func (r *Rx) messagesAt(places []int64) ([]desk.ID, error) {
	ids := make([]desk.ID, 0, len(places))
	for ; len(places) > 0; places = places[min(among, len(places)):] {
		err := r.each(sqlAtPlaces, padded([]any{int64(r.ws)}, places), func(s scanner) error {
			var id desk.ID
			err := s.Scan(&id)
			ids = append(ids, id)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return ids, nil
}
