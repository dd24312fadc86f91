#!/bin/sh
# Runs a command with a keychain of its own, on a server where nobody signs in: a D-Bus session with gnome-keyring,
# unlocked by the password in a file. The credentials lie encrypted in $XDG_DATA_HOME/keyrings; keep that folder, and
# $ROLLCALL_HOME, from run to run. Needs the packages dbus and gnome-keyring.
#
#   with-keyring.sh PASSWORD_FILE COMMAND [ARGUMENT …]
set -eu
password=$1
shift
mkdir -p "${XDG_DATA_HOME:=$HOME/.local/share}"
export XDG_DATA_HOME
exec dbus-run-session -- sh -c '
  password=$1; shift
  gnome-keyring-daemon --unlock --components=secrets <"$password" >/dev/null 2>&1
  exec "$@"' sh "$password" "$@"
