package store_test

import (
	"sync"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/store"
	"parley/test/storetest"
)

func TestNodesNeverShareANumber(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, storetest.Options{URL: storetest.PostgreSQL(t)})
	var mu sync.Mutex
	seen := map[int]bool{}
	var all sync.WaitGroup
	for range 24 {
		all.Go(func() {
			n, err := db.ClaimNode(ctx, time.Hour)
			mu.Lock()
			defer mu.Unlock()
			if err != nil || n.No < 1 || seen[n.No] {
				t.Errorf("number %d again, %v", n.No, err)
			}
			seen[n.No] = true
		})
	}
	all.Wait()
}

func TestACrashedNodesNumberComesFree(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, storetest.Options{URL: storetest.PostgreSQL(t)})
	held, e2 := db.ClaimNode(ctx, time.Hour)
	crashed, e1 := db.ClaimNode(ctx, 50*time.Millisecond) // last: it may be over at once
	if e1 != nil || e2 != nil || crashed.No == held.No {
		t.Fatal(crashed, held, e1, e2)
	}
	tick := clock.Real{}.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for tries := 0; ; tries++ {
		n, err := db.ClaimNode(ctx, time.Hour)
		if err != nil || n.No == held.No || tries > 1000 {
			t.Fatalf("number %d, %v", n.No, err)
		}
		if n.No == crashed.No {
			break
		}
		if err := db.ReleaseNode(ctx, n); err != nil {
			t.Fatal(err)
		}
		<-tick.C()
	}
	if err := db.RenewNode(ctx, crashed, time.Hour); !desk.IsNotFound(err) {
		t.Errorf("a lost number is renewed: %v", err)
	}
	if err := db.ReleaseNode(ctx, crashed); err != nil {
		t.Error(err)
	}
	if n, err := db.ClaimNode(ctx, time.Hour); err != nil || n.No == crashed.No {
		t.Errorf("who lost number %d gave away another's: %v", n.No, err)
	}
	if err := db.RenewNode(ctx, held, time.Hour); err != nil {
		t.Error(err)
	}
}

func TestTheOneProcessOnSQLiteIsNodeZero(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, storetest.Options{})
	n, err := db.ClaimNode(ctx, store.NodeLease)
	if err != nil || n.No != 0 || db.RenewNode(ctx, n, time.Hour) != nil || db.ReleaseNode(ctx, n) != nil {
		t.Error(n, err)
	}
}
