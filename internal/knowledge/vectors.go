package knowledge

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"sync"

	"parley/internal/desk"
	"parley/internal/knowledge/index"
	"parley/internal/store"
)

// Meant is a question as a vector, with who made it: vectors of another model
// are never compared with it.
type Meant struct {
	Vendor     desk.Vendor
	Model      string
	Components []float32
}

// Why a question is searched for by its words alone.
var (
	ErrOtherModel = errors.New("knowledge: the vectors of the passages were made by another model")
	ErrNoVector   = errors.New("knowledge: these numbers are no vector")
)

// maxVectorBytes bounds the vectors in memory, of all workspaces: 10,000 passages
// take 2.6 MB at 256 numbers and 15.4 MB at 1,536. Those not used for longest go
// first, and are read from their rows when they are asked again.
const maxVectorBytes = 512 << 20

// vectors are those of the workspaces that were asked lately.
type vectors struct {
	mu   sync.Mutex
	sets map[desk.ID]*vectorSet
	tick int64
}

// vectorSet is the vectors of one workspace, side by side.
type vectorSet struct {
	used int64
	mu   sync.RWMutex

	stamp  int64 // of store.Making; -1 = nothing was read yet
	newest int64 // stamp of the newest vector read
	vendor desk.Vendor
	model  string
	size   int // numbers of a vector; 0 = there is none
	ids    []desk.ID
	at     map[desk.ID]int
	length []float32 // of each vector
	data   []int8
}

func (v *vectors) of(ws desk.ID) *vectorSet {
	v.mu.Lock()
	defer v.mu.Unlock()
	s := v.sets[ws]
	if s == nil {
		if v.sets == nil {
			v.sets = map[desk.ID]*vectorSet{}
		}
		s = &vectorSet{stamp: -1}
		v.sets[ws] = s
	}
	v.tick++
	s.used = v.tick
	return s
}

// makeRoom drops the sets that were not used for longest, never the one just
// used.
func (v *vectors) makeRoom() {
	v.mu.Lock()
	defer v.mu.Unlock()
	for {
		sum, oldest, first := 0, desk.ID(0), int64(math.MaxInt64)
		for ws, s := range v.sets {
			s.mu.RLock()
			sum += cap(s.data)
			s.mu.RUnlock()
			if s.used < first {
				oldest, first = ws, s.used
			}
		}
		if sum <= maxVectorBytes || len(v.sets) < 2 {
			return
		}
		delete(v.sets, oldest)
	}
}

// near lists the passages whose vectors are nearest to a question's, nearest
// first: Hit.Score is the cosine.
func (k *Knowledge) near(ctx context.Context, ws desk.ID, q Meant, limit int) ([]index.Hit, error) {
	asked, ok := direction(q.Components)
	if !ok {
		return nil, ErrNoVector
	}
	s := k.vectors.of(ws)
	if err := k.catchUpVectors(ctx, ws, s); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	switch {
	case len(s.ids) == 0:
		return nil, nil
	case s.vendor != q.Vendor || s.model != q.Model || s.size != len(asked):
		return nil, ErrOtherModel
	}
	return s.nearest(asked, limit), nil
}

// catchUpVectors reads the vectors that changed since the set was read.
func (k *Knowledge) catchUpVectors(ctx context.Context, ws desk.ID, s *vectorSet) error {
	s.mu.RLock()
	had, since := s.stamp, s.newest
	s.mu.RUnlock()
	var now store.Making
	var there map[desk.ID]int64
	var fresh []store.Vector
	err := k.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) {
		there, fresh = nil, nil
		if now, err = r.Making(); err != nil || now.Stamp == had {
			return err
		}
		if there, err = r.VectorStamps(); err != nil {
			return err
		}
		return r.EachVector(since, func(v store.Vector) { fresh = append(fresh, v) })
	})
	if err != nil || now.Stamp == had {
		return err
	}
	s.mu.Lock()
	if s.stamp == had { // else another search was faster
		s.stamp = now.Stamp
		s.take(there, fresh)
	}
	s.mu.Unlock()
	k.vectors.makeRoom()
	return nil
}

// take brings a set up to date. The lock is held.
func (s *vectorSet) take(there map[desk.ID]int64, fresh []store.Vector) {
	if len(fresh) > 0 && (s.size != len(fresh[0].Components) || s.vendor != fresh[0].Vendor || s.model != fresh[0].Model) {
		s.size, s.vendor, s.model = len(fresh[0].Components), fresh[0].Vendor, fresh[0].Model
		s.ids, s.length, s.data, s.at = nil, nil, nil, nil
	}
	if s.at == nil {
		s.at = map[desk.ID]int{}
	}
	for i := len(s.ids) - 1; i >= 0; i-- {
		if _, ok := there[s.ids[i]]; !ok {
			s.remove(i)
		}
	}
	s.data = slices.Grow(s.data, s.size*len(fresh))
	for _, v := range fresh {
		s.newest = max(s.newest, v.Stamp)
		if len(v.Components) != s.size {
			continue
		}
		if i, ok := s.at[v.Passage]; ok {
			s.remove(i)
		}
		s.at[v.Passage] = len(s.ids)
		s.ids, s.length, s.data = append(s.ids, v.Passage), append(s.length, length(v.Components)), append(s.data, v.Components...)
	}
}

// remove puts the last vector in the place of another.
func (s *vectorSet) remove(i int) {
	last := len(s.ids) - 1
	delete(s.at, s.ids[i])
	if i != last {
		s.ids[i], s.length[i] = s.ids[last], s.length[last]
		copy(s.data[i*s.size:(i+1)*s.size], s.data[last*s.size:])
		s.at[s.ids[i]] = i
	}
	s.ids, s.length, s.data = s.ids[:last], s.length[:last], s.data[:last*s.size]
}

// nearest compares all of them: exact, and as fast as memory can be read.
func (s *vectorSet) nearest(asked []int8, limit int) []index.Hit {
	own := length(asked)
	best := make([]index.Hit, 0, limit+1)
	for i, id := range s.ids {
		like := float64(dot(asked, s.data[i*s.size:(i+1)*s.size])) / float64(own*s.length[i])
		if len(best) == limit && like <= best[limit-1].Score {
			continue
		}
		at, _ := slices.BinarySearchFunc(best, like, func(h index.Hit, like float64) int { return cmp.Compare(like, h.Score) })
		best = slices.Insert(best, at, index.Hit{ID: int64(id), Score: like})
		best = best[:min(len(best), limit)]
	}
	return best
}

// direction makes a vector of what a vendor gave: each number a part of 127 of
// the largest. The cosine of two moves by less than 0.01 by that. false = there is
// no direction in it, or a number that is none.
func direction(v []float32) ([]int8, bool) {
	top := 0.0
	for _, x := range v {
		a := math.Abs(float64(x))
		if math.IsNaN(a) || math.IsInf(a, 0) {
			return nil, false
		}
		top = max(top, a)
	}
	if top == 0 || len(v) > desk.MaxDimensions {
		return nil, false
	}
	out := make([]int8, len(v))
	for i, x := range v {
		out[i] = int8(math.Round(float64(x) / top * 127))
	}
	return out, true
}

func length(v []int8) float32 { return float32(math.Sqrt(float64(dot(v, v)))) }

// dot stays within an int32 up to desk.MaxDimensions.
func dot(a, b []int8) int32 {
	var s0, s1, s2, s3 int32
	b = b[:len(a)]
	for len(a) >= 4 {
		s0 += int32(a[0]) * int32(b[0])
		s1 += int32(a[1]) * int32(b[1])
		s2 += int32(a[2]) * int32(b[2])
		s3 += int32(a[3]) * int32(b[3])
		a, b = a[4:], b[4:]
	}
	for i, x := range a {
		s0 += int32(x) * int32(b[i])
	}
	return s0 + s1 + s2 + s3
}
