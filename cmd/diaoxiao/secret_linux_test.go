package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// terminal opens a terminal. The test writes into keyboard as a person types, and reads from it what the screen shows;
// the program gets screen.
func terminal(t *testing.T) (keyboard, screen *os.File) {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fd := int(keyboard.Fd())
	no, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	if screen, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", no), os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { keyboard.Close(); screen.Close() })
	return keyboard, screen
}

// On a terminal profile init asks for the secret, shows nothing of it, and keeps it for its owner alone.
func TestSecretIsAskedFor(t *testing.T) {
	keyboard, screen := terminal(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "keys", "s")
	cmd := exec.Command("diaoxiao", "profile", "init", "a", "--url", "https://h", "--app-key", "k", "--account", "张三",
		"--secret-file", file, "--profiles", filepath.Join(dir, "p.toml"))
	cmd.Stdin, cmd.Stdout, cmd.Stderr = screen, screen, screen
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var shown bytes.Buffer
	keyboard.SetReadDeadline(time.Now().Add(30 * time.Second))
	for typed := false; !strings.Contains(shown.String(), "下一步"); {
		b := make([]byte, 4096)
		n, err := keyboard.Read(b)
		if err != nil {
			t.Fatal(err, shown.String())
		}
		shown.Write(b[:n])
		if !typed && strings.Contains(shown.String(), "appSecret（不显示），将存入 "+file+"：") {
			typed = true
			time.Sleep(200 * time.Millisecond) // a person is not faster
			fmt.Fprint(keyboard, "geheim4711\n")
		}
	}
	if err := cmd.Wait(); err != nil || strings.Contains(shown.String(), "geheim") {
		t.Errorf("%v\n%s", err, shown.String())
	}
	text, err := os.ReadFile(file)
	info, _ := os.Stat(file)
	if err != nil || string(text) != "geheim4711\n" || info.Mode().Perm() != 0o600 {
		t.Errorf("%q %v %v", text, err, info)
	}
}

// Ctrl-C at the question for the secret ends the command at once, and turns the echo of the terminal on again.
func TestSecretIsNotWaitedFor(t *testing.T) {
	dir := t.TempDir()
	list := filepath.Join(dir, "a.csv")
	put(t, list, []byte(severeList), 0)
	for _, secret := range [][]string{nil, {"--secret-file", "-"}} {
		keyboard, screen := terminal(t)
		cmd := exec.Command("diaoxiao",
			append([]string{"submit", list, "--url", "https://127.0.0.1:9", "--app-key", "k", "--account", "张三",
				"--outbox", filepath.Join(dir, "box"), "--profiles", filepath.Join(dir, "p.toml")}, secret...)...)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = screen, screen, screen
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		readUntil(t, keyboard, "仍要报送吗？[y/N]")
		fmt.Fprintln(keyboard, "y")
		if secret == nil {
			readUntil(t, keyboard, "appSecret（不显示）：")
		}
		time.Sleep(200 * time.Millisecond) // until the command reads from the terminal
		cmd.Process.Signal(os.Interrupt)
		hung := time.AfterFunc(10*time.Second, func() { cmd.Process.Kill() })
		cmd.Wait()
		hung.Stop()
		modes, err := unix.IoctlGetTermios(int(screen.Fd()), unix.TCGETS)
		if err != nil {
			t.Fatal(err)
		}
		if cmd.ProcessState.ExitCode() != exitFailure || modes.Lflag&unix.ECHO == 0 {
			t.Errorf("%q: exit code %d, echo %t", secret, cmd.ProcessState.ExitCode(), modes.Lflag&unix.ECHO != 0)
		}
	}
}
