// Package doctor looks at what a business wrote for what no longer holds: two
// sources that give different numbers for one thing, and dates that have passed.
//
// It promises: what it names stands in the passages, with the sentences that
// disagree, and figures are held against their like: a hire against a hire, one
// size against the same. It works by words and numbers in the languages of
// kit/text; what it finds is a question to a person, never a verdict.
//
// It reads no row and changes nothing.
package doctor
