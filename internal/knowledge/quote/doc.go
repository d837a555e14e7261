// Package quote decides without a language model whether found passages answer a
// question, and if so quotes them.
//
// It promises: an answer is cut from a passage, word for word; below the bar it
// stays silent and offers the nearest passages or a person instead. The same
// question over the same passages gives the same verdict.
//
// It never writes a word of its own, knows no store and no clock.
package quote
