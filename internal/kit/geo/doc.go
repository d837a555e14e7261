// Package geo tells the city and country of a network address from a file of the
// operator's (MaxMind DB: GeoLite2 City, DB-IP City Lite and others).
//
// It promises that nothing leaves the machine, that a file which is none is
// refused with what to do, and that an address the file does not know, or knows
// wrongly, has no place instead of an error. A place is a city and a country and
// nothing narrower.
//
// It keeps no address and reads the file once, when it is opened.
package geo
