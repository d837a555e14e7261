// Package knowledge is what a business knows: sources handed in as text,
// Markdown, files, price lists or pairs of question and answer, or read from
// websites, cut into passages, found by words and quoted word for word.
//
// It promises: what it answers stands in a passage of that workspace, and below
// the bar it says so; a source removed is found by nobody from the commit on;
// two sources never have the same name; a source that cannot be read says why.
// Texts are kept sealed; the index in memory holds hashes and numbers.
//
// A website is read by its own rules (see web), page by page: each page is one
// item of work and one commit, and a page that did not change is not touched.
//
// It also gathers what was asked in vain (gap.go), as ids and keyed hashes: the
// words stay in the messages, and those that become ways to ask leave with whose
// they were. It looks the knowledge over for what no longer holds (doctor).
//
// What a model thinks customers may ask (suggest.go, through the Thinker it was
// given) is no knowledge: it is found by nobody before a person approved it. Saved
// replies that the AI may use are mirrored in the commit that changes them
// (replies.go), without what names a person.
//
// It calls no language model itself (vectors are made by the Embedder it was
// given), and no network but the websites that a
// workspace named, through the fetcher it was given.
package knowledge
