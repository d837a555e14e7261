package index

import (
	"cmp"
	"encoding/binary"
	"slices"
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
	docs  []uint32 // documents of each term
	data  []byte
}

// find gives the run of a term and the number of its documents.
func (p *postings) find(term uint32) (run []byte, docs int) {
	i, ok := slices.BinarySearch(p.terms, term)
	if !ok {
		return nil, 0
	}
	return p.at(i), int(p.docs[i])
}

func (p *postings) at(i int) []byte {
	from := uint32(0)
	if i > 0 {
		from = p.ends[i-1]
	}
	return p.data[from:p.ends[i]]
}

// posting is one document of a run.
type posting struct {
	doc   uint32
	count [fields]uint8
}

// next reads the posting at the head of a run; last is the document before it.
func next(run []byte, last uint32) (posting, []byte) {
	v, n := uvarint(run)
	p := posting{last + v>>1, [fields]uint8{0, 1}}
	if v&1 == 0 {
		return p, run[n:]
	}
	p.count = [fields]uint8{run[n], run[n+1]}
	return p, run[n+2:]
}

// uvarint reads a varint that pack wrote; the first byte decides nearly always.
func uvarint(b []byte) (uint32, int) {
	if b[0] < 0x80 {
		return uint32(b[0]), 1
	}
	v, n := binary.Uvarint(b)
	return uint32(v), n
}

// begin starts the run of a term that is higher than all before it.
func (p *postings) begin(term uint32) {
	p.terms = append(p.terms, term)
	p.ends = append(p.ends, uint32(len(p.data)))
	p.docs = append(p.docs, 0)
}

// put appends a document, higher than last, to a run.
func put(run []byte, e posting, last uint32) []byte {
	gap := uint64(e.doc-last) << 1
	if e.count == [fields]uint8{0, 1} {
		return binary.AppendUvarint(run, gap)
	}
	return append(binary.AppendUvarint(run, gap|1), e.count[:]...)
}

// add puts a document into the run that was begun last.
func (p *postings) add(e posting, last uint32) {
	p.data = put(p.data, e, last)
	i := len(p.terms) - 1
	p.ends[i] = uint32(len(p.data))
	p.docs[i]++
}

// drop takes back the run that was begun last when it stayed empty.
func (p *postings) drop() {
	if i := len(p.terms) - 1; p.docs[i] == 0 {
		p.terms, p.ends, p.docs = p.terms[:i], p.ends[:i], p.docs[:i]
	}
}

func (p *postings) clip() {
	p.terms, p.ends, p.docs, p.data = slices.Clip(p.terms), slices.Clip(p.ends), slices.Clip(p.docs), slices.Clip(p.data)
}

// batch is how many documents are taken in at a time; it bounds memory.
const batch = 1024

// build makes one segment of any number of documents.
func build(docs []Document) *segment {
	if len(docs) <= batch {
		return newSegment(docs)
	}
	var parts []*segment
	for part := range slices.Chunk(docs, batch) {
		parts = append(parts, newSegment(part))
	}
	for len(parts) > 1 { // a few at a time: each look for the next term is at all of them
		var fewer []*segment
		for some := range slices.Chunk(parts, together) {
			fewer = append(fewer, combine(some, func(int64, int64) bool { return true }))
		}
		parts = fewer
	}
	return parts[0]
}

// together is how many segments are combined at a time.
const together = 8

// run is the postings of one term while a segment is built.
type run struct {
	term, last, docs uint32
	data             []byte
}

func newSegment(docs []Document) *segment {
	s := &segment{}
	var a analyser
	var places [voices]map[uint32]int
	var runs [voices][]run
	for v := range voices {
		places[v] = make(map[uint32]int)
	}
	for i, d := range docs {
		s.ids = append(s.ids, d.ID)
		s.groups = append(s.groups, d.Group)
		s.langs = append(s.langs, d.Language)
		title, body := a.terms(d.Language, d.Title), a.terms(d.Language, d.Body)
		for v := range voices {
			s.length[v][fieldTitle] = append(s.length[v][fieldTitle], uint16(min(len(title[v]), 1<<16-1)))
			s.length[v][fieldBody] = append(s.length[v][fieldBody], uint16(min(len(body[v]), 1<<16-1)))
			count(title[v], body[v], func(term uint32, counts [fields]uint8) {
				at, ok := places[v][term]
				if !ok {
					at = len(runs[v])
					places[v][term] = at
					runs[v] = append(runs[v], run{term: term})
				}
				r := &runs[v][at]
				r.data = put(r.data, posting{uint32(i), counts}, r.last)
				r.last = uint32(i)
				r.docs++
			})
		}
	}
	for v := range voices {
		slices.SortFunc(runs[v], func(a, b run) int { return cmp.Compare(a.term, b.term) })
		for _, r := range runs[v] {
			s.post[v].data = append(s.post[v].data, r.data...)
			s.post[v].terms = append(s.post[v].terms, r.term)
			s.post[v].ends = append(s.post[v].ends, uint32(len(s.post[v].data)))
			s.post[v].docs = append(s.post[v].docs, r.docs)
		}
		s.post[v].clip()
	}
	return s
}

// count calls f for every distinct term of a document in ascending order; it
// sorts the lists.
func count(title, body []uint32, f func(term uint32, counts [fields]uint8)) {
	slices.Sort(title)
	slices.Sort(body)
	for len(title) > 0 || len(body) > 0 {
		var term uint32
		if len(body) == 0 || len(title) > 0 && title[0] < body[0] {
			term = title[0]
		} else {
			term = body[0]
		}
		var counts [fields]uint8
		for len(title) > 0 && title[0] == term {
			counts[fieldTitle] += more(counts[fieldTitle])
			title = title[1:]
		}
		for len(body) > 0 && body[0] == term {
			counts[fieldBody] += more(counts[fieldBody])
			body = body[1:]
		}
		f(term, counts)
	}
}

// more is one, or zero when a count is at its end.
func more(count uint8) uint8 {
	if count == 255 {
		return 0
	}
	return 1
}

// combine makes one segment of the documents of several for which keep holds.
func combine(segments []*segment, keep func(id, group int64) bool) *segment {
	out := &segment{}
	numbers := make([][]int32, len(segments)) // new number of each document, -1 = dropped
	for k, s := range segments {
		numbers[k] = make([]int32, len(s.ids))
		for i := range s.ids {
			numbers[k][i] = -1
			if !keep(s.ids[i], s.groups[i]) {
				continue
			}
			numbers[k][i] = int32(len(out.ids))
			out.ids = append(out.ids, s.ids[i])
			out.groups = append(out.groups, s.groups[i])
			out.langs = append(out.langs, s.langs[i])
			for v := range voices {
				for f := range fields {
					out.length[v][f] = append(out.length[v][f], s.length[v][f][i])
				}
			}
		}
	}
	for v := range voices {
		out.post[v] = merge(segments, numbers, v)
	}
	return out
}

// merge walks the terms of all segments in step.
func merge(segments []*segment, numbers [][]int32, v int) postings {
	var p postings
	at := make([]int, len(segments))
	for {
		term, some := uint32(0), false
		for k, s := range segments {
			if at[k] < len(s.post[v].terms) && (!some || s.post[v].terms[at[k]] < term) {
				term, some = s.post[v].terms[at[k]], true
			}
		}
		if !some {
			p.clip()
			return p
		}
		p.begin(term)
		last := uint32(0)
		for k, s := range segments {
			if at[k] == len(s.post[v].terms) || s.post[v].terms[at[k]] != term {
				continue
			}
			run, e := s.post[v].at(at[k]), posting{}
			at[k]++
			for len(run) > 0 {
				e, run = next(run, e.doc)
				if n := numbers[k][e.doc]; n >= 0 {
					p.add(posting{uint32(n), e.count}, last)
					last = uint32(n)
				}
			}
		}
		p.drop()
	}
}

// size is the memory of the postings and tables in bytes.
func (s *segment) size() int {
	n := len(s.ids) * (8 + 8 + 16 + voices*fields*2 + voices*4)
	for v := range voices {
		n += 12*len(s.post[v].terms) + len(s.post[v].data)
	}
	return n
}
