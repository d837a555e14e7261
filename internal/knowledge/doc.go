// Package knowledge is what a business knows: sources handed in as text,
// Markdown or pairs of question and answer, cut into passages, found by words
// and quoted word for word.
//
// It promises: what it answers stands in a passage of that workspace, and below
// the bar it says so; a source removed is found by nobody from the commit on;
// two sources never have the same name; a source that cannot be read says why.
// Texts are kept sealed; the index in memory holds hashes and numbers.
//
// It calls no language model and no network.
package knowledge
