// Package prompt assembles what is sent to a language model, and reads what it
// answers.
//
// It promises that nothing goes along but the four parts the policy names
// (A-7.1-05): the message, the lines said before it, the passages found, and the
// instructions; that texts of people and sources stand between fences as JSON,
// never among the instructions; and that the same input gives the same bytes, so
// that a preview shows what is sent.
//
// It calls nobody, masks nothing and trusts no answer: mask and check do.
package prompt
