// Package backup saves an install to a place apart, and brings it back.
//
// Data and keys are saved in files of their own, each encrypted with age to the
// owner's recovery key, whose secret half is never on the server: data files are
// deleted before they are 90 days old, key files before they are 7. Day and hour
// keys and what they seal are never saved. Beside them lies a copy of the privacy
// ledger, written before an act begins.
//
// It promises that a backup is of one moment and is whole or not there; that one
// which was interrupted is never counted; that a restore compares every row with
// what was saved, does the privacy acts since then again before anybody is let
// in, and stays closed when it cannot tell whether it knows them all. It never
// writes into a folder or database that somebody uses, and never sees SQL.
package backup
