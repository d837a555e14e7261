// Package intake is the one door for what arrives: it checks a delivery, keeps
// it, cuts it by channel account and files it under contact and conversation.
//
// It promises that a delivery is durable before Accept returns, that a repeat
// vanishes, that messages of one channel account are filed in the order they
// came, and that one bad item never holds up its neighbours. Parts of accounts
// nobody connected are counted and never stored.
//
// It never answers, never waits for a channel (files and names come later), and
// never logs what a person wrote.
package intake
