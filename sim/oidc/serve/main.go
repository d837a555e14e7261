// Command serve runs the stand-in for an account provider by itself, for browser
// journeys: it prints one line of JSON with its address and client, and ends with
// its standard input.
package main

import (
	"encoding/json"
	"flag"
	"io"
	"log"
	"os"

	"parley/sim/oidc"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "address and port, on loopback")
	email := flag.String("email", "ada@northwind.example", "address of the person with a verified account")
	flag.Parse()
	s, err := oidc.Start(oidc.Options{Listen: *listen, People: []oidc.Person{
		{Subject: "1001", Email: *email, Verified: true, Name: "Ada Yılmaz"},
		{Subject: "1002", Email: "nobody@elsewhere.example", Verified: true, Name: "Nobody Known"},
		{Subject: "1003", Email: *email, Verified: false, Name: "Somebody Else"}}})
	if err != nil {
		log.Fatal(err)
	}
	_ = json.NewEncoder(os.Stdout).Encode(map[string]string{"issuer": s.Issuer(), "client_id": oidc.ClientID, "client_secret": oidc.ClientSecret}) // nobody reads: then nobody comes
	_, _ = io.Copy(io.Discard, os.Stdin)                                                                                                           // ends with whoever started it
	if err := s.Close(); err != nil {
		log.Fatal(err)
	}
}
