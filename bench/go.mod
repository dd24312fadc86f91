module rollcall/bench

go 1.26

tool github.com/aswinkarthik/csvdiff

require (
	github.com/aswinkarthik/csvdiff v1.4.0 // indirect
	github.com/cespare/xxhash v1.1.0 // indirect
	github.com/fatih/color v1.7.0 // indirect
	github.com/inconshreveable/mousetrap v1.0.0 // indirect
	github.com/mattn/go-colorable v0.1.2 // indirect
	github.com/mattn/go-isatty v0.0.8 // indirect
	github.com/spf13/afero v1.1.2 // indirect
	github.com/spf13/cobra v0.0.5 // indirect
	github.com/spf13/pflag v1.0.3 // indirect
	golang.org/x/sys v0.0.0-20190804053845-51ab0e2deafa // indirect
	golang.org/x/text v0.3.0 // indirect
)
