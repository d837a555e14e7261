// Package report counts what became of what the AI said: which people were
// helped, which never wrote again, who was left without an answer, what people
// changed, and what it cost.
//
// It promises that every figure has a definition in words that stands beside it,
// that good and bad figures are counted from the same engagements, that a figure
// nobody asked to be flattering is the only kind there is (there is no single
// rate), and that what may not be counted (restricted contacts, limited data
// use) is not. Counts are kept per day and hold no id and no text; reading them
// costs the same however much was said.
//
// It never reads a message to count it, with one exception: the last line of an
// engagement that a contact left without an answer, to tell thanks from a
// question.
package report
