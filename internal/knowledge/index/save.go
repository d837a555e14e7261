package index

import (
	"encoding/binary"
	"errors"
	"hash/fnv"
	"math"
	"sync"

	"parley/internal/kit/text"
)

// ErrUnreadable says that bytes are not what Save wrote, or that a program with
// other words or another form wrote them. Build the index anew.
var ErrUnreadable = errors.New("index: the saved index cannot be read")

// form moves when the bytes of a saved index change their order.
const form = 1

// Save writes the index as bytes that Load reads back. They hold hashes and
// numbers, like the index.
func (x *Index) Save() []byte {
	n := x.now.Load()
	size := 64
	for _, s := range n.segments {
		size += s.size()
	}
	out := make([]byte, 0, size)
	out = binary.LittleEndian.AppendUint64(out, fingerprint())
	out = binary.LittleEndian.AppendUint32(out, uint32(len(n.segments)))
	for _, s := range n.segments {
		out = s.save(out)
	}
	return out
}

func (s *segment) save(out []byte) []byte {
	out = binary.LittleEndian.AppendUint32(out, uint32(len(s.ids)))
	for i := range s.ids {
		out = binary.LittleEndian.AppendUint64(out, uint64(s.ids[i]))
		out = binary.LittleEndian.AppendUint64(out, uint64(s.groups[i]))
		out = append(out, byte(min(len(s.langs[i]), maxLang)))
		out = append(out, s.langs[i][:min(len(s.langs[i]), maxLang)]...)
		for v := range voices {
			for f := range fields {
				out = binary.LittleEndian.AppendUint16(out, s.length[v][f][i])
			}
		}
	}
	for v := range voices {
		p := &s.post[v]
		out = binary.LittleEndian.AppendUint32(out, uint32(len(p.terms)))
		for i := range p.terms {
			out = binary.LittleEndian.AppendUint32(out, p.terms[i])
			out = binary.LittleEndian.AppendUint32(out, p.ends[i])
			out = binary.LittleEndian.AppendUint32(out, p.docs[i])
		}
		out = binary.LittleEndian.AppendUint32(out, uint32(len(p.data)))
		out = append(out, p.data...)
	}
	return out
}

// maxLang is how many bytes of a language's code are kept.
const maxLang = 35

// Load reads an index that Save wrote. Whatever the bytes are, it answers
// ErrUnreadable or an index that can be searched; it keeps parts of raw, which
// must not change any more.
func Load(w Weights, raw []byte) (*Index, error) {
	r := &reader{rest: raw}
	if r.u64() != fingerprint() {
		return nil, ErrUnreadable
	}
	count := r.u32()
	if count > maxSegments {
		return nil, ErrUnreadable
	}
	var segments []*segment
	for range count {
		s := r.segment()
		if r.bad || !s.sound() {
			return nil, ErrUnreadable
		}
		segments = append(segments, s)
	}
	if len(r.rest) > 0 || r.bad {
		return nil, ErrUnreadable
	}
	x := New(w)
	x.now.Store(x.publish(segments))
	return x, nil
}

// reader takes numbers from the head of bytes; bad is set when they run out.
type reader struct {
	rest []byte
	bad  bool
}

func (r *reader) take(n int) []byte {
	if n < 0 || n > len(r.rest) {
		r.bad, r.rest = true, nil
		return nil
	}
	head := r.rest[:n:n]
	r.rest = r.rest[n:]
	return head
}

func (r *reader) u32() uint32 {
	if b := r.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (r *reader) u64() uint64 {
	if b := r.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

// many is a count of things that take at least size bytes each: one that cannot
// be true asks for no memory.
func (r *reader) many(size int) int {
	n := int64(r.u32())
	if n*int64(size) > int64(len(r.rest)) {
		r.bad, r.rest = true, nil
		return 0
	}
	return int(n)
}

func (r *reader) segment() *segment {
	const head = 8 + 8 + 1 + voices*fields*2
	s := &segment{}
	n := r.many(head)
	s.ids, s.groups, s.langs = make([]int64, n), make([]int64, n), make([]string, n)
	for v := range voices {
		for f := range fields {
			s.length[v][f] = make([]uint16, n)
		}
	}
	langs := map[string]string{} // one string for all documents of a language
	for i := range n {
		s.ids[i], s.groups[i] = int64(r.u64()), int64(r.u64())
		size := r.take(1)
		if size == nil || size[0] > maxLang {
			r.bad = true
			return s
		}
		code := r.take(int(size[0]))
		if _, ok := langs[string(code)]; !ok {
			langs[string(code)] = string(code)
		}
		s.langs[i] = langs[string(code)]
		lengths := r.take(voices * fields * 2)
		if lengths == nil {
			return s
		}
		for v := range voices {
			for f := range fields {
				s.length[v][f][i] = binary.LittleEndian.Uint16(lengths[2*(v*fields+f):])
			}
		}
	}
	for v := range voices {
		s.post[v] = r.postings()
	}
	return s
}

func (r *reader) postings() postings {
	n := r.many(12)
	p := postings{terms: make([]uint32, n), ends: make([]uint32, n), docs: make([]uint32, n)}
	table := r.take(12 * n)
	for i := range n {
		if r.bad {
			return p
		}
		p.terms[i] = binary.LittleEndian.Uint32(table[12*i:])
		p.ends[i] = binary.LittleEndian.Uint32(table[12*i+4:])
		p.docs[i] = binary.LittleEndian.Uint32(table[12*i+8:])
	}
	p.data = r.take(r.many(1))
	return p
}

// sound reports whether a segment can be searched and combined without leaving
// its bounds.
func (s *segment) sound() bool {
	if len(s.ids) == 0 {
		return false
	}
	for v := range voices {
		if !s.post[v].sound(uint32(len(s.ids))) {
			return false
		}
	}
	return true
}

func (p *postings) sound(docs uint32) bool {
	from := uint32(0)
	for i := range p.terms {
		if i > 0 && p.terms[i] <= p.terms[i-1] || p.ends[i] < from || int64(p.ends[i]) > int64(len(p.data)) {
			return false
		}
		if !soundRun(p.data[from:p.ends[i]], p.docs[i], docs) {
			return false
		}
		from = p.ends[i]
	}
	return int(from) == len(p.data)
}

// soundRun reads one run as next does, but trusts nothing of it.
func soundRun(run []byte, want, docs uint32) bool {
	last, n := uint64(0), uint32(0)
	for len(run) > 0 {
		v, size := uint64(run[0]), 1
		if run[0] >= 0x80 {
			v, size = binary.Uvarint(run)
		}
		if size <= 0 || v > math.MaxUint32 || n > 0 && v>>1 == 0 {
			return false
		}
		run = run[size:]
		if v&1 == 1 {
			if len(run) < fields {
				return false
			}
			run = run[fields:]
		}
		if last += v >> 1; last >= uint64(docs) {
			return false
		}
		n++
	}
	return n == want && n > 0
}

// probe is text that the rules of words treat in many ways: endings, letters
// with marks, two scripts, numbers, compounds.
const probe = "Returning the children's coats costs 4.90 EUR; customers' questions were answered daily. " +
	"İadelerinizi mağazalarımızdan kargoyla gönderebilirsiniz, ığdır’da açığız. Größenänderungen der Wollmäntel, " +
	"devoluciones rápidas de los pedidos, les remboursements des commandes, gli ordini spediti, de bestellingen, " +
	"as devoluções, возврат заказов покупателями, استرجاع الطلبات خلال ثلاثين يوما."

// fingerprint tells indexes apart that other rules of words made: it is a hash
// of what the rules make of the probe in every language.
var fingerprint = sync.OnceValue(func() uint64 {
	h := fnv.New64a()
	write := func(n uint32) { _, _ = h.Write(binary.LittleEndian.AppendUint32(nil, n)) }
	write(form)
	for _, lang := range append(text.Known(), "") {
		var a analyser
		for _, list := range a.terms(lang, probe) {
			write(uint32(len(list)))
			for _, term := range list {
				write(term)
			}
		}
	}
	return h.Sum64()
})
