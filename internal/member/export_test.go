package member

// Work counts the slow hashes computed so far.
func (r *Roster) Work() int64 { return r.hash.work.Load() }

// Busy fills the queue of hashes until release is called.
func (r *Roster) Busy() (release func()) {
	for range cap(r.hash.queue) {
		r.hash.queue <- struct{}{}
	}
	return func() {
		for range cap(r.hash.queue) {
			<-r.hash.queue
		}
	}
}

// CheckPassword is the rule for new passwords.
func CheckPassword(password string, names ...string) error { return checkPassword(password, names...) }

// What CheckPassword measures with.
const (
	FirstGuesses = firstGuesses
	MinPassword  = minPassword
)

// LeakedPasswords is how many the list of stolen ones knows.
func LeakedPasswords() int { return len(leakedSums) / leakedSize }
