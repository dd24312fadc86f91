package servers

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"testing"

	"golang.org/x/crypto/ssh"
)

// Files is an OpenSSH server that gives the files of this computer by SFTP to the user
// whom the tests run as.
type Files struct {
	Port        int // on 127.0.0.1
	User        string
	Key         string // private key that it lets in
	Fingerprint string // of its own key
}

// SSHD starts OpenSSH.
func SSHD(t testing.TB) Files {
	t.Helper()
	program, dir := program(t, "sshd", "openssh-server"), t.TempDir()
	hostKey, host := newKey(t)
	userKey, may := newKey(t)
	writeFile(t, filepath.Join(dir, "host"), hostKey)
	writeFile(t, filepath.Join(dir, "may"), ssh.MarshalAuthorizedKey(may))
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	f := Files{Port: FreePort(t), User: me.Username, Key: string(userKey), Fingerprint: ssh.FingerprintSHA256(host)}
	writeFile(t, filepath.Join(dir, "conf"), fmt.Appendf(nil, `ListenAddress 127.0.0.1:%d
HostKey %s/host
AuthorizedKeysFile %s/may
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
Subsystem sftp internal-sftp
`, f.Port, dir, dir))
	if os.Geteuid() == 0 { // it will not start as root without the folder that it would lock itself into
		if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
			t.Fatal(err)
		}
	}
	start(t, exec.Command(program, "-D", "-e", "-f", filepath.Join(dir, "conf")))
	awaitPort(t, f.Port)
	return f
}

func newKey(t testing.TB) (private []byte, public ssh.PublicKey) {
	t.Helper()
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(key, "")
	if err != nil {
		t.Fatal(err)
	}
	if public, err = ssh.NewPublicKey(pub); err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(block), public
}
