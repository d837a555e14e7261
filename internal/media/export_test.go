package media

import "time"

// Rest is how long a file rests after its n-th failure.
func Rest(why error, n int64) time.Duration { return rest(why, n) }

// ReasonOf is why a file did not come.
func ReasonOf(err error) string { return reasonOf(err) }
