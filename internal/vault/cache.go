package vault

import (
	"sync"
	"time"
)

// CacheFor is how long an opened key may be used without asking the key store
// again. Together with Destroy's own forgetting it bounds how long another
// process can still open what was erased here.
const CacheFor = 60 * time.Second

// cacheKeys bounds the memory of opened keys (about 1 KB each).
const cacheKeys = 8192

// cache keeps opened keys for a short time. Entries age from the moment their
// row was asked for, so the order of arrival is the order of leaving.
type cache struct {
	mu    sync.RWMutex
	byRef map[Ref]*opened
	byID  map[int64]*opened
	queue []*opened
	gen   uint64
	size  int
}

func newCache(size int) *cache {
	return &cache{byRef: map[Ref]*opened{}, byID: map[int64]*opened{}, size: size}
}

// generation is read before the key store is asked; put refuses a row that was
// read before a forget.
func (c *cache) generation() uint64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.gen
}

func (c *cache) ref(r Ref, now time.Time) *opened {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return fresh(c.byRef[r], now)
}

func (c *cache) id(id int64, now time.Time) *opened {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return fresh(c.byID[id], now)
}

// fresh returns o unless it is too old, or from the future because the clock
// was set back.
func fresh(o *opened, now time.Time) *opened {
	if o == nil {
		return nil
	}
	if age := now.Sub(o.loaded); age < 0 || age >= CacheFor {
		return nil
	}
	return o
}

func (c *cache) put(o *opened, gen uint64, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if gen != c.gen {
		return
	}
	if old := c.byRef[o.ref]; old != nil {
		c.drop(old) // so that forget finds all there is of a ref by its ref
	}
	c.byRef[o.ref], c.byID[o.id] = o, o
	c.queue = append(c.queue, o)
	for len(c.queue) > c.size || fresh(c.queue[0], now) == nil {
		c.drop(c.queue[0])
		c.queue[0] = nil
		c.queue = c.queue[1:]
		if len(c.queue) == 0 {
			return
		}
	}
}

// drop removes exactly this entry: a newer one of the same name stays.
func (c *cache) drop(o *opened) {
	if c.byRef[o.ref] == o {
		delete(c.byRef, o.ref)
	}
	if c.byID[o.id] == o {
		delete(c.byID, o.id)
	}
}

// forget drops these keys and keeps every row read before now from coming in.
func (c *cache) forget(refs []Ref) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.gen++
	for _, r := range refs {
		if o := c.byRef[r]; o != nil {
			c.drop(o)
		}
	}
}
