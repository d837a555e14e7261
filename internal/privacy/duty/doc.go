// Package duty is the register of what a business does again and again to protect
// data: it weighs its interests, assesses what its work does to people, goes
// through who has access, trains, binds to confidentiality and rehearses.
//
// It promises that what each workspace owes is open from its first hour with a day
// on it, that owners and who answers for privacy are written to before that day and
// after it until it is signed, and that the next one opens when one is signed; that
// what there is to read is made of the data map, the settings and the evidence of
// this moment, is signed only as it stands then, and is kept as it was signed; that
// another language model, use or channel brings the next assessment forward; and
// that a review of access decides on every member and key there is, and carries out
// what it decides.
//
// It never signs anything by itself, and keeps no file: of a document that lies
// elsewhere it keeps the hash.
package duty
