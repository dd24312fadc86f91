//go:build linux && !headless && !ci

package main

/*
#include <string.h>

// Fyne looks at the language while packages are set up, before main, and complains on
// standard error that C and POSIX are no languages. Standard error is read by programs
// (rollcall read), so the locale that says "no language" is emptied before Go copies the
// environment; the C library takes both alike.
__attribute__((constructor)) static void no_language(int argc, char **argv, char **envp) {
	static const char *names[] = {"LC_ALL=", "LC_MESSAGES=", "LANG=", "LANGUAGE="};
	for (char **e = envp; e && *e; e++)
		for (int i = 0; i < 4; i++) {
			size_t n = strlen(names[i]);
			if (strncmp(*e, names[i], n) == 0 && (strncmp(*e + n, "C", 2) == 0 || strncmp(*e + n, "C.", 2) == 0 || strcmp(*e + n, "POSIX") == 0))
				(*e)[n] = 0;
		}
}
*/
import "C"
