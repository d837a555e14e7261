package app

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
)

// componentList is what the program is built of, with licences: the Go modules
// and, since they are inside the program as well, the packages of its screens.
// TestTheListOfComponentsIsWholeAndLicensed makes it.
//
//go:embed components.json
var componentList []byte

// component is one line of the list.
type component struct {
	Kind      string `json:"kind"` // golang or npm
	Name      string `json:"name"`
	Version   string `json:"version"`
	Licence   string `json:"licence"`             // SPDX
	Published string `json:"published,omitempty"` // day, where the registry says it
	Integrity string `json:"integrity,omitempty"` // as package-lock.json has it
}

func (c component) purl() string {
	name := strings.ReplaceAll(c.Name, "@", "%40")
	return "pkg:" + c.Kind + "/" + name + "@" + c.Version
}

// bomHash and the types after it are the parts of CycloneDX 1.6 that are used.
type bomHash struct {
	Alg     string `json:"alg"`
	Content string `json:"content"`
}

type bomLicence struct {
	Licence struct {
		ID string `json:"id"`
	} `json:"license"`
}

type bomPart struct {
	Type     string       `json:"type"`
	Ref      string       `json:"bom-ref,omitempty"`
	Name     string       `json:"name"`
	Version  string       `json:"version,omitempty"`
	PURL     string       `json:"purl,omitempty"`
	Licences []bomLicence `json:"licenses,omitempty"`
	Hashes   []bomHash    `json:"hashes,omitempty"`
}

type bom struct {
	Format   string `json:"bomFormat"`
	Spec     string `json:"specVersion"`
	Version  int    `json:"version"`
	Metadata struct {
		Component bomPart `json:"component"`
	} `json:"metadata"`
	Components []bomPart `json:"components"`
}

// Bill is the software bill of materials of the running program, in CycloneDX:
// the modules as the compiler put them in, the packages of the screens as they
// were locked.
func Bill(info *debug.BuildInfo, version string) ([]byte, error) {
	var known []component
	if err := json.Unmarshal(componentList, &known); err != nil {
		return nil, fmt.Errorf("list of components: %w", err)
	}
	licences := map[string]string{}
	out := bom{Format: "CycloneDX", Spec: "1.6", Version: 1}
	out.Metadata.Component = bomPart{Type: "application", Name: "parley", Version: version}
	for _, c := range known {
		licences[c.Kind+" "+c.Name+" "+c.Version] = c.Licence
	}
	for _, dep := range info.Deps {
		if dep.Replace != nil {
			dep = dep.Replace
		}
		c := component{Kind: "golang", Name: dep.Path, Version: dep.Version}
		part := partOf(c, licences)
		// go.sum's h1 is a SHA-256 over the module's files, not over one archive:
		// its bytes are given as they are.
		if sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(dep.Sum, "h1:")); err == nil && len(sum) == sha256.Size {
			part.Hashes = []bomHash{{"SHA-256", hex.EncodeToString(sum)}}
		}
		out.Components = append(out.Components, part)
	}
	std := component{Kind: "golang", Name: "std", Version: strings.TrimPrefix(info.GoVersion, "go")}
	out.Components = append(out.Components, partOf(std, map[string]string{"golang std " + std.Version: "BSD-3-Clause"}))
	for _, c := range known {
		if c.Kind != "npm" {
			continue
		}
		part := partOf(c, licences)
		if sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(c.Integrity, "sha512-")); err == nil && len(sum) == 64 {
			part.Hashes = []bomHash{{"SHA-512", hex.EncodeToString(sum)}}
		}
		out.Components = append(out.Components, part)
	}
	return json.MarshalIndent(out, "", "  ")
}

func partOf(c component, licences map[string]string) bomPart {
	part := bomPart{Type: "library", Ref: c.purl(), Name: c.Name, Version: c.Version, PURL: c.purl()}
	if id := licences[c.Kind+" "+c.Name+" "+c.Version]; id != "" {
		var l bomLicence
		l.Licence.ID = id
		part.Licences = []bomLicence{l}
	}
	return part
}

// Fingerprint names the very program that runs: its version and a hash of its file. Two
// that were built without the data of a repository share a version, and what was
// proven of one says nothing of the other.
func Fingerprint() string {
	own, err := os.Executable()
	if err != nil {
		return Version()
	}
	f, err := os.Open(own)
	if err != nil {
		return Version()
	}
	sum := sha256.New()
	_, err = io.Copy(sum, f)
	if err = errors.Join(err, f.Close()); err != nil {
		return Version()
	}
	return Version() + " " + hex.EncodeToString(sum.Sum(nil))[:16]
}

// Version is the module's version, or the commit it was built from.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := strings.TrimPrefix(info.Main.Version, "(devel)")
	for _, set := range info.Settings {
		if v == "" && set.Key == "vcs.revision" {
			v = set.Value[:min(12, len(set.Value))]
		}
	}
	if v == "" {
		v = "built from source"
	}
	return v + " " + info.GoVersion
}
