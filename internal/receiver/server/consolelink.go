package server

import (
	"crypto/x509"
	"net"
	"os"
	"strings"

	"diaoxiao/internal/receiver/config"
)

const consolePath = "/console"

// consolePrefix is the path of the console. Beside the interface it is below the prefix of the interface.
func consolePrefix(c *config.Settings) string {
	if c.ConsoleListen == "" {
		return c.Root + consolePath
	}
	return consolePath
}

// SetupLink is a one-time link. Its token follows the #: browsers do not send that part, so no proxy logs it.
func SetupLink(base, token string) string { return base + "/setup#" + token }

// ConsoleBase is how operators reach the console that listens at an address: by the name in the certificate rather than
// by a number.
func ConsoleBase(c *config.Settings, addr string) string {
	if c.ConsoleURL != "" {
		return strings.TrimSuffix(c.ConsoleURL, "/")
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		host, port = addr, ""
	}
	scheme := "http"
	if c.TLSCert != "" || c.BehindProxy {
		scheme = "https"
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = hostName(c)
	}
	if c.BehindProxy || port == "" || scheme == "https" && port == "443" {
		return scheme + "://" + bracketed(host) + consolePrefix(c)
	}
	return scheme + "://" + net.JoinHostPort(host, port) + consolePrefix(c)
}

func bracketed(host string) string {
	if strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}

// hostName is the first name in the certificate, or else the name of the machine.
func hostName(c *config.Settings) string {
	if leaf := leafOf(c); leaf != nil {
		for _, name := range leaf.DNSNames {
			if !strings.HasPrefix(name, "*") {
				return name
			}
		}
		if len(leaf.IPAddresses) > 0 {
			return leaf.IPAddresses[0].String()
		}
	}
	if name, err := os.Hostname(); err == nil {
		return name
	}
	return "localhost"
}

func leafOf(c *config.Settings) *x509.Certificate {
	if c.TLSCert == "" {
		return nil
	}
	cert, err := newCertificate(c.TLSCert, c.TLSKey, nil)
	if err != nil {
		return nil
	}
	return cert.current.Leaf
}
