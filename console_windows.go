package main

import (
	"os"
	"syscall"
)

// attachConsole lets a program that was built for the window print to the console it was
// started from. Pipes and files that were given stay as they are.
func attachConsole(std *streams) {
	if kind, err := syscall.GetFileType(syscall.Handle(os.Stdout.Fd())); err == nil && (kind == syscall.FILE_TYPE_DISK || kind == syscall.FILE_TYPE_PIPE) {
		return
	}
	const parent = ^uintptr(0) // ATTACH_PARENT_PROCESS
	if ok, _, _ := syscall.NewLazyDLL("kernel32.dll").NewProc("AttachConsole").Call(parent); ok == 0 {
		return
	}
	if out, err := os.OpenFile("CONOUT$", os.O_RDWR, 0); err == nil {
		std.Out, std.ErrOut = out, out
	}
	if in, err := os.OpenFile("CONIN$", os.O_RDWR, 0); err == nil {
		std.In = in
	}
}
