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
// Measured on test/topics, which somebody else wrote and committed before this
// package: the first version, made unseen, brought a person to 0.69 of the
// messages that need one in the held half, in vain to 0.14 of the others. The
// books were then widened by the dev half (0.99 and 0.02 now) and by thinking of
// further ways to say things; nobody read the held half, which stands at 0.84
// and 0.15 at worst. That is short of the goal (0.95, at most 0.10): words alone
// do not know every way to be unhappy. TestHandOverTopicsReachTheirFigures
// prints both halves by language.
//
// What it finds is a reason to be careful and never proof: recall is measured
// (test/topics) and printed, not promised.
package topic
