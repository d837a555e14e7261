package index

import (
	"encoding/binary"
	"slices"
	"sort"
)

// segment is an immutable set of documents with their postings.
type segment struct {
	ids    []int64
	groups []int64
	langs  []string
	length [voices][fields][]uint16 // terms per document
	post   [voices]postings
}

// postings list, for every term, the documents that have it: a run of varints
// (document gap, shifted left once; low bit set when counts follow), then the
// counts by field.
type postings struct {
	terms []uint32 // ascending
	ends  []uint32 // end of each term's run in data
	data  []byte
}

// entry is one term of one document before packing.
type entry struct {
	term  uint32
	doc   uint32
	count [fields]uint8
}

func (p *postings) run(term uint32) []byte {
	i := sort.Search(len(p.terms), func(i int) bool { return p.terms[i] >= term })
	if i == len(p.terms) || p.terms[i] != term {
		return nil
	}
	return p.at(i)
}

func (p *postings) at(i int) []byte {
	from := uint32(0)
	if i > 0 {
		from = p.ends[i-1]
	}
	return p.data[from:p.ends[i]]
}

// each calls f for every document of a run in ascending order.
func each(run []byte, f func(doc uint32, title, body uint8)) {
	doc := uint32(0)
	for len(run) > 0 {
		v, n := uvarint(run)
		run = run[n:]
		doc += v >> 1
		title, body := uint8(0), uint8(1)
		if v&1 == 1 {
			title, body = run[0], run[1]
			run = run[2:]
		}
		f(doc, title, body)
	}
}

// uvarint reads a varint that pack wrote; the first byte decides nearly always.
func uvarint(b []byte) (uint32, int) {
	if b[0] < 0x80 {
		return uint32(b[0]), 1
	}
	v, n := binary.Uvarint(b)
	return uint32(v), n
}

// pack builds postings from entries; it sorts them.
func pack(entries []entry) postings {
	slices.SortFunc(entries, func(a, b entry) int {
		if a.term != b.term {
			if a.term < b.term {
				return -1
			}
			return 1
		}
		return int(a.doc) - int(b.doc)
	})
	var p postings
	last := uint32(0)
	for i, e := range entries {
		if i == 0 || e.term != p.terms[len(p.terms)-1] {
			p.terms = append(p.terms, e.term)
			p.ends = append(p.ends, 0)
			last = 0
		}
		gap := (e.doc - last) << 1
		last = e.doc
		if e.count == [fields]uint8{0, 1} {
			p.data = binary.AppendUvarint(p.data, uint64(gap))
		} else {
			p.data = binary.AppendUvarint(p.data, uint64(gap|1))
			p.data = append(p.data, e.count[fieldTitle], e.count[fieldBody])
		}
		p.ends[len(p.ends)-1] = uint32(len(p.data))
	}
	p.terms, p.ends, p.data = slices.Clip(p.terms), slices.Clip(p.ends), slices.Clip(p.data)
	return p
}

func newSegment(docs []Document) *segment {
	s := &segment{}
	var entries [voices][]entry
	var a analyser
	for i, d := range docs {
		s.ids = append(s.ids, d.ID)
		s.groups = append(s.groups, d.Group)
		s.langs = append(s.langs, d.Language)
		parts := [fields]terms{a.terms(d.Language, d.Title), a.terms(d.Language, d.Body)}
		for v := range voices {
			count := make(map[uint32][fields]uint8)
			for f := range fields {
				list := parts[f][v]
				s.length[v][f] = append(s.length[v][f], uint16(min(len(list), 1<<16-1)))
				for _, t := range list {
					c := count[t]
					if c[f] < 255 {
						c[f]++
					}
					count[t] = c
				}
			}
			for t, c := range count {
				entries[v] = append(entries[v], entry{t, uint32(i), c})
			}
		}
	}
	for v := range voices {
		s.post[v] = pack(entries[v])
	}
	return s
}

// combine makes one segment of the documents of several for which keep holds.
func combine(segments []*segment, keep func(id, group int64) bool) *segment {
	out := &segment{}
	var entries [voices][]entry
	for _, s := range segments {
		renumber := make([]int32, len(s.ids))
		for i := range s.ids {
			renumber[i] = -1
			if !keep(s.ids[i], s.groups[i]) {
				continue
			}
			renumber[i] = int32(len(out.ids))
			out.ids = append(out.ids, s.ids[i])
			out.groups = append(out.groups, s.groups[i])
			out.langs = append(out.langs, s.langs[i])
			for v := range voices {
				for f := range fields {
					out.length[v][f] = append(out.length[v][f], s.length[v][f][i])
				}
			}
		}
		for v := range voices {
			for i, term := range s.post[v].terms {
				each(s.post[v].at(i), func(doc uint32, title, body uint8) {
					if n := renumber[doc]; n >= 0 {
						entries[v] = append(entries[v], entry{term, uint32(n), [fields]uint8{title, body}})
					}
				})
			}
		}
	}
	for v := range voices {
		out.post[v] = pack(entries[v])
	}
	return out
}

// size is the memory of the postings and tables in bytes.
func (s *segment) size() int {
	n := len(s.ids) * (8 + 8 + 16 + voices*fields*2)
	for v := range voices {
		n += 8*len(s.post[v].terms) + len(s.post[v].data)
	}
	return n
}
