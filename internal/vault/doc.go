// Package vault holds the keys that everything personal is sealed with.
//
// Three layers. The root key wraps epoch keys, which live in key custody and
// never in a database. The current epoch key wraps one key per thing that can
// be forgotten on its own: a workspace, a subject (contact or member), a day, an
// hour. Those wrapped keys are rows of a key store, which package store keeps on
// a handle of its own. Data keys seal bytes with AES-256-GCM.
//
// It promises:
//   - Sealed bytes open only for the workspace, table, column and row they were
//     sealed for; any other place and any changed byte is ErrTampered.
//   - A key is durable in the key store before anything is sealed under it.
//   - Destroy makes Open fail at once in this process and within CacheFor in
//     any other that shares the key store.
//   - A key past its term opens nothing, even if the sweep that should have
//     removed it is broken.
//   - After TurnEpoch an old copy of a destroyed key's row (a database page, a
//     log, a backup) opens nothing, and every surviving key still opens.
//   - Keys and the root key print as •••.
//
// It never stores a data key in clear, never logs, never decides which key a
// column uses (store does) and never sees SQL. It cannot reach bytes that an
// operating system swapped out or a disk remapped: the custody folder belongs
// on an encrypted disk, or behind a KMS that destroys keys.
package vault
