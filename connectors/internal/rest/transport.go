package rest

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/mattn/go-ieproxy"

	"rollcall/core"
)

// httpClient makes the client below: TLS 1.2 or newer, the system's or a given proxy,
// extra certificate authorities, the client's own certificates, and no redirects of its own.
func httpClient(env core.Env, own []tls.Certificate) (*http.Client, error) {
	roots, err := authorities(env.CAFile)
	if err != nil {
		return nil, err
	}
	proxy := ieproxy.GetProxyFunc()
	if env.Proxy != "" {
		u, err := url.Parse(env.Proxy)
		if err != nil || u.Host == "" {
			return nil, &core.Problem{Code: core.BadOption, What: "The address of the proxy cannot be read.", Fix: "Write it like this: http://proxy.corp.example:8080."}
		}
		proxy = around(u)
	}
	return &http.Client{
		Transport: &http.Transport{
			Proxy:               proxy,
			DialContext:         (&net.Dialer{Timeout: 20 * time.Second}).DialContext,
			TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots, Certificates: own},
			TLSHandshakeTimeout: 20 * time.Second,
			ForceAttemptHTTP2:   true,
			MaxIdleConnsPerHost: 16,
			IdleConnTimeout:     90 * time.Second,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, nil
}

// around sends everything through the proxy but what stays on this computer.
func around(proxy *url.URL) func(*http.Request) (*url.URL, error) {
	return func(r *http.Request) (*url.URL, error) {
		if loopback(r.URL.Hostname()) {
			return nil, nil
		}
		return proxy, nil
	}
}

// authorities gives the system's certificate authorities and those of a PEM file; nil
// means the system's.
func authorities(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, &core.Problem{Code: core.BadOption, Cause: err, What: fmt.Sprintf("The file of certificate authorities %s cannot be read.", file),
			Fix: "Check that it is there and that you may read it."}
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, &core.Problem{Code: core.BadOption, What: fmt.Sprintf("The file %s holds no certificate.", file),
			Fix: "It has to be a PEM file, with lines that say BEGIN CERTIFICATE."}
	}
	return pool, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
