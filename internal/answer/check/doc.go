// Package check holds the answer of a model against what it was given, without
// asking anybody: every passage it names was supplied, every quote stands in
// it, every number, price, date, percentage, link, address and phone number
// stands in the passage or the catalogue, nothing is promised, nothing is asked
// that must not be asked, the language is the customer's, and nothing of the
// prompt comes out.
//
// It fails closed. A part whose facts do not hold is dropped; a whole answer
// fails where its writer cannot be trusted (a promise, a leak, the wrong
// language, an invented placeholder) or where nothing is left. It promises to be
// pure and bounded, and names classes of findings, never words of the text.
//
// It cannot tell whether a sentence follows from its quote.
package check
