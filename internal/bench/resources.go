package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
)

// countResources counts the resources of a stack's manifest. It reads token by token and keeps
// nothing: see measureOnce.
func countResources(dir, obslink, stack string) (n int, err error) {
	cmd := exec.Command(obslink, "compile", stack, "--emit", "manifest")
	cmd.Dir = dir
	product, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	n, err = elements(product, "resources")
	if err == nil {
		_, err = io.Copy(io.Discard, product)
	}
	if werr := cmd.Wait(); err == nil {
		err = werr
	}
	if err == nil && n == 0 {
		err = fmt.Errorf("the manifest of %s has no resources", stack)
	}
	return n, err
}

// elements counts the elements of the list that the outermost object has under key.
func elements(r io.Reader, key string) (n int, err error) {
	d := json.NewDecoder(r)
	depth, wanted := 0, false
	for {
		token, err := d.Token()
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return 0, err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			if depth == 2 && wanted {
				n++
			}
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		default:
			if depth == 1 {
				wanted = token == key
			}
		}
	}
}
