// Command serve runs the stand-in for the vendors of language models by itself,
// for browser journeys and for the demo: it prints one line of JSON with the
// addresses to point an install at, and ends with its standard input.
package main

import (
	"encoding/json"
	"flag"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"time"

	"parley/sim/llm"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "address and port, on loopback")
	flag.Parse()
	l, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	sim := llm.New(llm.Options{})
	sim.At("http://" + l.Addr().String())
	server := &http.Server{Handler: sim.Handler(), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // ends with whoever started it
		sim.Close()
		_ = server.Close()
	}()
	_ = json.NewEncoder(os.Stdout).Encode(sim.URLs()) // nobody reads: then nobody comes
	if err := server.Serve(l); err != http.ErrServerClosed {
		log.Fatal(err)
	}
}
