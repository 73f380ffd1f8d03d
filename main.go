// Sidestep finds the outbound messages of a Salesforce org that lost their
// session id, and walks the admin through every endpoint until each is fixed.
package main

import (
	"os"
	"runtime/debug"

	"sidestep/cli"
)

// version is set when a release is built: -ldflags "-X main.version=1.2.3".
var version string

func main() {
	if os.Getenv("GOMEMLIMIT") == "" {
		limitMemory()
	}
	if version == "" {
		version = builtFrom()
	}
	os.Exit(cli.Main(version))
}

// builtFrom names the version that the Go tool recorded.
func builtFrom() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(unknown)"
	}
	return info.Main.Version
}
