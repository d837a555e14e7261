// Package lab holds what can be said of answers without asking for any: whether a
// test's expectation holds, in what two answers differ, and which questions ask
// the same as somebody else would.
//
// It promises that the same answers get the same verdict. Its built-in questions
// are about a made-up business and about nobody.
//
// It never asks anything: package answer does.
package lab
