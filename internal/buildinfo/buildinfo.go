// Package buildinfo describes the running program: its version, the commit that it was built from, and its platform.
// The version is handed in, because only a command knows what its release build was named.
package buildinfo

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// Info describes a build.
type Info struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	Time    string `json:"time"`
	Dirty   bool   `json:"dirty"`
	Go      string `json:"go"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
}

// Read describes the running program, a build of that version. Anything that the build does not know of its commit is
// empty.
func Read(version string) Info {
	v := Info{Version: version, Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Commit = s.Value
		case "vcs.time":
			v.Time = s.Value
		case "vcs.modified":
			v.Dirty = s.Value == "true"
		}
	}
	return v
}

// Source names the commit for people, in brackets; "" where the build does not know it.
func (v Info) Source() string {
	if v.Commit == "" {
		return ""
	}
	text := fmt.Sprintf("（提交 %.12s，%s", v.Commit, v.Time)
	if v.Dirty {
		text += "，含未提交的改动"
	}
	return text + "）"
}
