// Package notify writes to members by mail: links that set a password or join a
// workspace, notices of what was changed about their sign-in, and to owners and
// admins what a night found wrong with the AI. It is the only sender of mail.
//
// It promises that a letter is a row of the same transaction as its cause and
// leaves at least once; that one sent twice carries the same Message-ID and the
// same link; that words, link and address are made when it leaves and are
// stored nowhere; that a mail server which is slow, away or refuses is asked
// again while the letter still helps, and that what came of it can be read; and
// that no password crosses a connection without TLS except to this machine.
//
// It writes to no customer but to who asked something about their data, must be told
// that something happened to it, or asked a
// question, and left an address for the answer. It sends nothing but what somebody's
// own act or an alarm asked for, and puts neither address nor name nor link into a log.
package notify
