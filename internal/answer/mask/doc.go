// Package mask takes personal data out of texts before they go to a model and
// puts it back into what comes from it: e-mail addresses, phone numbers, bank
// accounts, cards, identity numbers, postal addresses, links that carry secrets,
// and names that the caller knows. Each becomes a placeholder such as [EMAIL_1];
// the same value is the same placeholder in every text of one Table.
//
// It promises: Restore(Mask(s)) is s for a new Table; masking twice changes
// nothing; no value that was found stands in a masked text; any bytes are taken
// in bounded time. Prices, order numbers, dates and opening hours stay. A number
// that may be personal is masked where in doubt: a check digit that fits counts
// as proof.
//
// It never keeps, logs or writes a value: a Table lives as long as one turn.
package mask
