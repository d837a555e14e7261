package store

import (
	"database/sql"
	"encoding/binary"
	"errors"
	"math/bits"

	"parley/internal/desk"
)

const (
	sqlTermParts   = `SELECT part FROM message_term WHERE workspace_id = $1 AND term = $2 AND part <= $3 ORDER BY part DESC`
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
	parts, err := r.commonParts(blind, below/partSize)
	if err != nil {
		return nil, err
	}
	var places []int64
	for step := 4; len(parts) > 0 && len(places) < limit; step *= 2 {
		n := min(step, len(parts))
		found, err := r.placesIn(blind, parts[:n], below)
		if err != nil {
			return nil, err
		}
		places, parts = append(places, found...), parts[n:]
	}
	return r.messagesAt(places[:min(limit, len(places))])
}

// placeBelow is the place that a page ends before.
func (r *Rx) placeBelow(before desk.ID) (int64, error) {
	if before == 0 {
		return int64(maxID), nil
	}
	var place int64
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

// commonParts lists the parts in which every term occurs, newest first.
func (r *Rx) commonParts(terms []int64, newest int64) ([]int64, error) {
	var parts []int64
	for i, term := range terms {
		seen := map[int64]bool{}
		var all []int64
		err := r.each(sqlTermParts, []any{int64(r.ws), term, newest}, func(s scanner) error {
			var part int64
			err := s.Scan(&part)
			seen[part] = true
			all = append(all, part)
			return err
		})
		if err != nil {
			return nil, err
		}
		if i == 0 {
			parts = all
			continue
		}
		kept := parts[:0]
		for _, part := range parts {
			if seen[part] {
				kept = append(kept, part)
			}
		}
		if parts = kept; len(parts) == 0 {
			return nil, nil
		}
	}
	return parts, nil
}

// partSet holds one bit for each place of a part.
type partSet [partSize / 64]uint64

// placesIn returns the places below a bound that every term has in some parts,
// given newest first; the result is newest first, too.
func (r *Rx) placesIn(terms, parts []int64, below int64) ([]int64, error) {
	sets := make(map[int64]*partSet, len(parts))
	for _, part := range parts {
		set := &partSet{}
		for w := range set {
			set[w] = ^uint64(0)
		}
		sets[part] = set
	}
	for _, term := range terms {
		if err := r.narrow(term, parts, sets); err != nil {
			return nil, err
		}
	}
	var places []int64
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

// narrow leaves of some parts, which the term is known to be in, only the term's
// places. It reads them as a range when they lie close together, else one by
// one.
func (r *Rx) narrow(term int64, parts []int64, sets map[int64]*partSet) error {
	scan := func(s scanner) error {
		var part int64
		var places sql.RawBytes
		if err := s.Scan(&part, &places); err != nil {
			return err
		}
		set := sets[part]
		if set == nil {
			return nil
		}
		var mine partSet
		for ; len(places) >= 2; places = places[2:] {
			at := binary.BigEndian.Uint16(places) % partSize
			mine[at/64] |= 1 << (at % 64)
		}
		for w := range set {
			set[w] &= mine[w]
		}
		return nil
	}
	high, low := parts[0], parts[len(parts)-1]
	if high-low < int64(3*len(parts)) {
		return r.each(sqlTermBetween, []any{int64(r.ws), term, low, high}, scan)
	}
	for ; len(parts) > 0; parts = parts[min(among, len(parts)):] {
		if err := r.each(sqlTermAmong, padded([]any{int64(r.ws), term}, parts), scan); err != nil {
			return err
		}
	}
	return nil
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
