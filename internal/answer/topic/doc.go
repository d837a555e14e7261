// Package topic reads what a message is about, as far as rules need it: the
// topics that go to a person (refunds, complaints, legal matters, health, and a
// workspace's own), special categories of personal data, and whether somebody
// wants a person, wants no machine, greets or thanks. It knows English,
// Turkish, German, Spanish, French and Arabic.
//
// It works by weighted phrases (book/*.txt) over folded words, sentence by
// sentence, with phrases that speak against a topic: who asks for the return
// policy wants to know something, who wants their money back wants a person.
// It promises to be pure, to take any bytes in bounded time and to name classes
// of phrases, never what was written. No model is asked.
//
// What it finds is a reason to be careful and never proof: recall is measured
// (test/topics) and printed, not promised.
package topic
