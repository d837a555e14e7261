// Package promise holds what the install promises to people: the register of
// every clause of the policies, the texts that are published from it, their
// versions, and the shape of the checks that prove it.
//
// It promises that a clause is printed only when the program does it, that the
// figures and names in a sentence are those in force when it is read, that a
// published text is kept word for word with its hash, and that one which matters
// takes effect no sooner than its notice says. It never publishes for an
// operator who has not said who they are, and never calls a clause proven by
// itself: a state comes from a check that ran.
package promise
