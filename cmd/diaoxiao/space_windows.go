package main

import "golang.org/x/sys/windows"

// freeSpace is how many bytes an ordinary user may still write where dir is.
func freeSpace(dir string) (free uint64, err error) {
	name, err := windows.UTF16PtrFromString(dir)
	if err == nil {
		err = windows.GetDiskFreeSpaceEx(name, &free, nil, nil)
	}
	return free, err
}
