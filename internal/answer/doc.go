// Package answer decides whether the AI speaks, asks the workspace's knowledge,
// and writes what follows: an answer, a question back, a draft, or a call for a
// person.
//
// It promises that three quick lines get one answer; that nothing it writes
// enters a conversation that moved since it looked (a newer message, a person, a
// pause, a rule); that a contact who wrote to the AI is never left in silence: no
// answer, a failure and a slow search all call a person and say so; and that
// every turn leaves a record without text.
//
// It never sends (deliver does), never says what no source supports, and never
// holds a transaction while it searches.
package answer
