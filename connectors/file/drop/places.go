package drop

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"

	"rollcall/core"
)

// open gives the place and the folder in it.
func (s *Source) open(ctx context.Context) (place, string, error) {
	if s.answers.Get("place") == "folder" {
		return here{}, s.answers.Get("folder"), nil
	}
	p, err := s.dial(ctx)
	return p, s.answers.Get("path"), err
}

// here is this computer, with the network drives it sees.
type here struct{}

func (here) ReadDir(folder string) ([]fs.FileInfo, error) {
	entries, err := os.ReadDir(folder)
	var all []fs.FileInfo
	for _, e := range entries {
		if info, err := e.Info(); err == nil { // else it went while we looked
			all = append(all, info)
		}
	}
	return all, err
}

func (here) Stat(name string) (fs.FileInfo, error) { return os.Stat(name) }

func (here) Open(name string) (io.ReadCloser, error) { return os.Open(name) }

func (here) Close() error { return nil }

func (here) Here(name string) string { return name }

// server is an SFTP server.
type server struct {
	*sftp.Client
	ssh *ssh.Client
}

func (s server) Open(name string) (io.ReadCloser, error) { return s.Client.Open(name) }

func (s server) Here(string) string { return "" }

func (s server) Close() error { return errors.Join(s.Client.Close(), s.ssh.Close()) }

// dialTime is how long the server may take to answer.
const dialTime = 30 * time.Second

func (s *Source) dial(ctx context.Context) (place, error) {
	way, err := s.way()
	if err != nil {
		return nil, err
	}
	host := s.answers.Get("host")
	address := net.JoinHostPort(host, s.answers.Get("port"))
	conn, err := (&net.Dialer{Timeout: dialTime}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, &core.Problem{Code: core.Unreachable, Cause: err, What: fmt.Sprintf("The SFTP server %s cannot be reached.", host),
			Fix: "Check the name and the port, and whether a firewall or VPN stands between."}
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	c, channels, requests, err := ssh.NewClientConn(conn, address, &ssh.ClientConfig{User: s.answers.Get("user"), Auth: way, HostKeyCallback: s.known, Timeout: dialTime})
	if err != nil {
		_ = conn.Close() // nothing was said yet
		return nil, refused(err, host)
	}
	client := ssh.NewClient(c, channels, requests)
	files, err := sftp.NewClient(client)
	if err != nil {
		_ = client.Close() // as above
		return nil, &core.Problem{Code: core.Unsupported, Cause: err, What: fmt.Sprintf("%s lets this user in, but offers no files (SFTP) to them.", host),
			Fix: "Ask whoever runs the server to allow SFTP for this user."}
	}
	return server{files, client}, nil
}

func (s *Source) way() ([]ssh.AuthMethod, error) {
	if s.answers.Get("auth") != "key" {
		return []ssh.AuthMethod{ssh.Password(s.answers.Get("password")), ssh.KeyboardInteractive(s.asked)}, nil
	}
	key, phrase := []byte(s.answers.Get("privateKey")+"\n"), s.answers.Get("passphrase")
	parse := func() (ssh.Signer, error) { return ssh.ParsePrivateKey(key) }
	if phrase != "" {
		parse = func() (ssh.Signer, error) { return ssh.ParsePrivateKeyWithPassphrase(key, []byte(phrase)) }
	}
	signer, err := parse()
	if err != nil {
		return nil, &core.Problem{Code: core.BadOption, What: "The private key cannot be used: it is not whole, not of a kind that SSH knows, or its passphrase is missing or wrong.",
			Fix: "Paste the whole text of the key file, from its first line to its last, and give its passphrase if it has one."}
	}
	return []ssh.AuthMethod{ssh.PublicKeys(signer)}, nil
}

// asked answers servers that ask for the password as a question.
func (s *Source) asked(_, _ string, questions []string, _ []bool) ([]string, error) {
	answers := make([]string, len(questions))
	for i := range answers {
		answers[i] = s.answers.Get("password")
	}
	return answers, nil
}

// known accepts the key that a person has confirmed, and no other.
func (s *Source) known(host string, _ net.Addr, key ssh.PublicKey) error {
	shown, confirmed := ssh.FingerprintSHA256(key), s.answers.Get("fingerprint")
	switch {
	case confirmed == "":
		return &core.Problem{Code: core.BadOption, What: fmt.Sprintf("The server shows the key %s, which nobody has confirmed yet.", shown),
			Fix: "Ask whoever runs the server whether this is its key. If it is, put it into “Key of the server” and test again."}
	case confirmed != shown:
		return &core.Problem{Code: core.BadCredentials, What: fmt.Sprintf("%s shows the key %s and not the one that was confirmed; nothing was sent to it.", host, shown),
			Fix: "Somebody may stand between. Ask whoever runs the server whether its key has changed, before you confirm the new one."}
	}
	return nil
}

func refused(err error, host string) error {
	var p *core.Problem
	if errors.As(err, &p) {
		return p
	}
	return &core.Problem{Code: core.BadCredentials, Cause: err, What: fmt.Sprintf("The SFTP server %s does not let this user in.", host),
		Fix: "Check the user name and the password or key, and whether the server allows that way of signing in."}
}
