// Package index finds passages by words: BM25 over three voices that cover for
// each other, stems (inflection), character 4-grams bounded by words (typing
// errors, compounds) and character 3-grams across words (chat spelling). The
// score of a passage is the weighted sum of its three scores, each divided by
// the best one of that voice.
//
// It promises: the same documents give the same ranking whatever the order they
// came in, on every machine; readers never wait for writers (a change publishes
// a new snapshot of immutable segments); a removed document is gone from the
// memory of the index at once.
//
// It holds hashes of words and numbers, never text. It knows no store, no clock
// and no language model.
package index
