package member_test

import (
	"fmt"
	"testing"

	"parley/internal/desk"
	"parley/internal/member"
	"parley/test/storetest"
)

// An office that begins its day: everybody is let in, nobody is told to come
// back.
func TestFiftySignInsAtOnceAreAllAnswered(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	r := member.Open(member.Config{Store: w.DB, Clock: w.Clock, Cost: 4})
	for i := range 5 {
		add(t, r, "Kumaş", fmt.Sprintf("m%d@example.com", i), desk.RoleAgent)
	}
	next := make(chan int, 50)
	for i := range 50 {
		next <- i
	}
	passed, refused := atOnce(50, func() error {
		_, err := r.SignIn(t.Context(), member.SignIn{Email: fmt.Sprintf("m%d@example.com", <-next%5), Password: good, Address: "192.0.2.1"})
		return err
	})
	if passed != 50 {
		t.Fatalf("%d let in, %d not", passed, refused)
	}
}
