package notify

import "time"

// Limit lets a test see the end of a server's silence.
func (n *Notify) Limit(d time.Duration) { n.post.limit = d }

// Elsewhere makes the server one of another machine, with a certificate that
// nobody vouches for unless it has none at all.
func (n *Notify) Elsewhere(bare bool) {
	n.post.server.Here = false
	if !bare {
		n.post.roots = nil
	}
}
