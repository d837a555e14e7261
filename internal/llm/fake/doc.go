// Package fake is a scripted model for tests of those who use one: it gives the
// answers it was told to, in their order, and keeps what it was asked.
//
// It promises that the same script and the same questions give the same answers,
// and that a question beyond the script fails instead of waiting.
//
// It never speaks to anybody; what a vendor's wire looks like is sim/llm's.
package fake
