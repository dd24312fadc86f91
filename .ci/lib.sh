# shellcheck shell=bash
# What scripts need that drive the real window on a screen of their own (Xvfb).
#
#   source .ci/lib.sh
#   screen                     a screen, a window manager, a fresh home; all end with the script
#   launch build/rollcall      starts the program; its output goes to $LOG
#   window Rollcall            waits for its window
#   click 120 90; drag 100 200 700 260; key ctrl+z; text 'Anna'; shot build/here.png
#   see 'Preview'; press 'Set up' 'CSV file'; carry 'Work email' 'mail'     by what stands there
#   reach Continue; letter j 'Job title'; pick 'is not'; at_focus Cancel    with keys only
#   leave                      closes the window and waits for the program's end
#
# The last lines but one need to know where a text stands. The program says so where
# ROLLCALL_SCREEN names a file: it keeps in it one line for each text and each named part
# that can be seen, “x<TAB>y<TAB>width<TAB>height<TAB>text”, in pixels of the window, and one
# with the text “<focus>” for what has the focus.

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
WORK=$(mktemp -d)
PIDS=()
APP='' W='' LOG=''

fail() { echo "FAILED: $*" >&2; [[ -z $LOG || ! -s $LOG ]] || { echo "The program said:" >&2; tail -n 20 "$LOG" >&2; }; exit 1; }

# finish ends what was started here, by process id and in the opposite order.
finish() {
  local code=$? i
  for ((i = ${#PIDS[@]} - 1; i >= 0; i--)); do kill "${PIDS[i]}" 2>/dev/null || true; done
  for ((i = ${#PIDS[@]} - 1; i >= 0; i--)); do ended "${PIDS[i]}" 3 || kill -KILL "${PIDS[i]}" 2>/dev/null || true; done
  rm -rf "$WORK"
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

# within SECONDS COMMAND… repeats the command until it succeeds.
within() {
  local deadline=$((${EPOCHREALTIME/[.,]/} + $(printf '%.0f' "${1}e6")))
  shift
  until "$@"; do
    ((${EPOCHREALTIME/[.,]/} < deadline)) || return 1
    sleep 0.1
  done
}

# gone PROCESS: it ended, be it that nobody asked for its exit code yet
gone() { ! kill -0 "$1" 2>/dev/null || grep -q '^State:[[:space:]]*Z' "/proc/$1/status" 2>/dev/null; }
ended() { within "$2" gone "$1"; }

# screen [XVFB OPTIONS…] starts a screen on a free display, and a home that nobody used.
screen() {
  local number=$WORK/display.$RANDOM
  Xvfb -displayfd 3 -screen 0 1366x900x24 -nolisten tcp "$@" 3>"$number" >"$number.log" 2>&1 &
  PIDS+=($!)
  within 15 test -s "$number" || fail "Xvfb did not start: $(cat "$number.log")"
  DISPLAY=:$(tr -d '[:space:]' <"$number")
  export DISPLAY
  unset WAYLAND_DISPLAY XAUTHORITY XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME ROLLCALL_HOME
  HOME=$(mktemp -d "$WORK/home.XXXX") XDG_RUNTIME_DIR=$(mktemp -d "$WORK/run.XXXX")
  ROLLCALL_SCREEN=$WORK/screen
  export HOME XDG_RUNTIME_DIR ROLLCALL_SCREEN LANG=en_US.UTF-8 FYNE_SCALE=1
  # Without this each start would leave a bus behind. A script that wants a keychain
  # runs under dbus-run-session and says so.
  [[ ${KEYCHAIN:-} == yes ]] || export DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent
  local n
  for n in 1 2 3; do # on a machine that is very busy it can miss the screen
    openbox >"$WORK/openbox.log" 2>&1 &
    PIDS+=($!)
    within 10 managed && return
  done
  fail "openbox did not start: $(cat "$WORK/openbox.log" "$number.log")"
}

managed() { xprop -root _NET_SUPPORTING_WM_CHECK 2>/dev/null | grep -q 'window id'; }

# launch PROGRAM [ARGUMENTS…]
launch() {
  LOG=$WORK/log.$RANDOM
  "$@" >"$LOG" 2>&1 </dev/null &
  APP=$!
  PIDS+=("$APP")
}

shown() { W=$(xdotool search --onlyvisible --name "$1" 2>/dev/null | head -n 1) && [[ -n $W ]]; }

# window NAME [SECONDS] waits until the program shows it.
window() {
  local n
  for ((n = 0; n < ${2:-20} * 10; n++)); do
    shown "$1" && { sleep 1; return; }
    ! gone "$APP" || fail "The program ended before its window “$1” was shown."
    sleep 0.1
  done
  fail "No window “$1” after ${2:-20} s."
}

# Fyne looks at the pointer once a frame but takes clicks at once: hence the short waits.
# Where frames are slow, as behind a dialog that blurs the page, PACE makes them longer.
move() { xdotool mousemove --window "$W" "$1" "$2"; sleep "${PACE:-0.08}"; }
click() { move "$1" "$2"; xdotool click "${3:-1}"; sleep 0.2; }
wheel() { move "$1" "$2"; xdotool click --repeat "${4:-3}" --delay 40 "$([[ $3 == up ]] && echo 4 || echo 5)"; sleep 0.2; }
key() { local k; for k in "$@"; do PRESSED=$((PRESSED + 1)); xdotool key "$k"; sleep 0.12; done; }
text() { xdotool type --delay 40 -- "$1"; sleep 0.2; }

# drag FROM_X FROM_Y TO_X TO_Y [PICTURE] takes a picture before it lets go, if asked.
drag() {
  local i
  move "$1" "$2"
  within 3 pointed "$1" "$2" || true
  xdotool mousedown 1
  sleep 0.1
  for ((i = 1; i <= 12; i++)); do
    xdotool mousemove --window "$W" $(($1 + ($3 - $1) * i / 12)) $(($2 + ($4 - $2) * i / 12))
    sleep 0.03
  done
  within 3 pointed "$3" "$4" || true
  sleep 0.15
  [[ -z ${5:-} ]] || shot "$5"
  xdotool mouseup 1
  sleep 0.25
}

# size WIDTH HEIGHT of the window
size() { xdotool windowsize "$W" "$1" "$2"; sleep 0.8; }

shot() { mkdir -p "$(dirname "$1")"; import -window "$W" "$1"; }

# magic is ImageMagick's convert, under whichever name it has here.
magic() {
  local name
  for name in magick convert-im6.q16 convert; do
    command -v "$name" >/dev/null && { "$name" "$@"; return; }
  done
  fail "ImageMagick is missing; install imagemagick."
}

# drawn PICTURE says that it is no empty area.
drawn() {
  local colours
  colours=$(identify -format %k "$1")
  [[ $colours -ge 50 ]] || fail "$1 shows $colours colours: nothing was drawn."
}

# at TEXT [NEAR] gives the middle of the first place where exactly this text stands, or of
# the one that is nearest to another text: beside or below it, as a button is on its card.
at() {
  awk -F '\t' -v text="$1" -v near="${2:-}" '
    { x = $1 + $3 / 2; y = $2 + $4 / 2 }
    $5 == text { n++; xs[n] = x; ys[n] = y }
    $5 == near && !m { m = 1; nx = x; ny = y }
    END {
      if (!n || near != "" && !m) exit 1
      best = 1
      if (near != "") for (i = 2; i <= n; i++) if (off(i) < off(best)) best = i
      printf "%d %d\n", xs[best], ys[best]
    }
    function off(i) { return (xs[i] - nx) ^ 2 + (ys[i] - ny) ^ 2 + (ys[i] < ny - 20 ? 1e9 : 0) }' "$ROLLCALL_SCREEN" 2>/dev/null
}

stands() { at "$@" >/dev/null; }
# rests: it stands, and where it stood a moment ago
rests() { local was; was=$(at "$@") && sleep 0.25 && [[ $was == "$(at "$@")" ]]; }
absent() { [[ -s $ROLLCALL_SCREEN ]] && ! stands "$1"; }
unmet() { shot "$HERE/build/failed.png"; fail "$1; see build/failed.png."; }

# see TEXT [SECONDS] waits for a text, miss TEXT [SECONDS] until it is not there any more.
see() { within "${2:-10}" stands "$1" || unmet "“$1” does not stand on the screen after ${2:-10} s"; }
miss() { within "${2:-10}" absent "$1" || unmet "“$1” still stands on the screen after ${2:-10} s"; }

# pointed X Y: the program knows that the pointer is on the control or row there
pointed() {
  awk -F '\t' -v x="$1" -v y="$2" '
    $5 == "<pointer>" && x >= $1 && x <= $1 + $3 && y >= $2 && y <= $2 + $4 { found = 1 }
    END { exit !found }' "$ROLLCALL_SCREEN" 2>/dev/null
}

# press TEXT [NEAR] clicks it, carry FROM TO [PICTURE] drags one text onto another.
press() {
  local p
  within 10 rests "$@" || unmet "“$1”${2:+ near “$2”} does not stand on the screen"
  read -ra p < <(at "$@")
  move "${p[@]}"
  within 3 pointed "${p[@]}" || true # boxes to write into and the toolkit's own menus do not say it
  xdotool click 1
  sleep 0.2
}
carry() {
  local from to
  see "$1"
  see "$2"
  read -ra from < <(at "$1")
  read -ra to < <(at "$2")
  drag "${from[@]}" "${to[@]}" ${3:+"$3"}
}

# sees PART [SECONDS] waits for a text that begins with this, such as a button that names numbers.
begins() { cut -f5 "$ROLLCALL_SCREEN" 2>/dev/null | grep -qe "^$1"; }
sees() { within "${2:-10}" begins "$1" || unmet "nothing that begins with “$1” stands on the screen after ${2:-10} s"; }

# spot gives where the focus is; focused TEXT holds when exactly this text stands in what has it.
spot() { awk -F '\t' '$5 == "<focus>" { print $1, $2, $3, $4 }' "$ROLLCALL_SCREEN" 2>/dev/null; }
focused() {
  awk -F '\t' -v text="$1" '
    $5 == "<focus>" { f = 1; l = $1; t = $2; r = $1 + $3; b = $2 + $4 }
    $5 == text { n++; xs[n] = $1 + $3 / 2; ys[n] = $2 + $4 / 2 }
    END { for (i = 1; f && i <= n; i++) if (xs[i] >= l && xs[i] <= r && ys[i] >= t && ys[i] <= b) exit 0; exit 1 }' "$ROLLCALL_SCREEN" 2>/dev/null
}
at_focus() { within "${2:-10}" focused "$1" || unmet "“$1” has not the focus after ${2:-10} s"; }

# moved WAS: the focus is somewhere, and elsewhere than it was
moved() { local now; now=$(spot); [[ -n $now && $now != "$1" ]]; }

# step KEY types a key and waits until the focus has moved. It need not move: then the wait ends.
step() {
  local was
  was=$(spot)
  PRESSED=$((PRESSED + 1))
  xdotool key "$1"
  within 4 moved "$was" || true
}

# calm: something has the focus, and kept it for a moment
calm() { local was; was=$(spot); [[ -n $was ]] && sleep 0.4 && [[ $was == "$(spot)" ]]; }

# stays TEXT: it has the focus, and keeps it: no key is on its way that was typed before
stays() { focused "$1" && sleep 0.6 && focused "$1"; }

# reach TEXT [KEY] types Tab, or another key, until what has the focus holds this text. It may have to be scrolled to.
reach() {
  local n
  within 10 calm || unmet "nothing has the focus on the way to “$1”"
  for ((n = 0; n < 60; n++)); do
    stays "$1" && return
    step "${2:-Tab}"
  done
  unmet "“$1” cannot be reached with ${2:-Tab}"
}

# letter LETTER TEXT goes to what begins with it, in a list.
letter() { reach "$2" "$1"; }

# pick TEXT [SEARCHED] takes an entry of a long list, which is searched, and of which it is the first that is found.
pick() {
  see 'Type to find'
  text "${2:-$1}"
  see "$1"
  within 10 narrowed "${2:-$1}" || unmet "the list does not narrow to “${2:-$1}”"
  key Return
  miss 'Type to find'
}
# narrowed LETTERS: they stand in the box
narrowed() { stands "$1"; }

# A journey is a whole way through the program, in a home of its own and with a keychain of its own, on a bus of its own
# that ends with the script: without one nothing would be kept. own_keychain starts the script again with them.
own_keychain() {
  [[ ${KEYCHAIN:-} == yes ]] || { rm -rf "$WORK"; exec env KEYCHAIN=yes dbus-run-session -- "$0" "$@"; }
  PROGRAM=${PROGRAM:-build/rollcall}
  PICTURES=${1:-}
  [[ -x $PROGRAM ]] || fail "$PROGRAM is missing; run make build."
}

# SIZE=1024x700 has it in a smaller window, FYNE_THEME=light in another look.
open_journey() {
  launch "$PROGRAM"
  window Rollcall
  [[ -z ${SIZE:-} ]] || size "${SIZE%x*}" "${SIZE#*x}"
}

start_journey() {
  screen
  printf test-password | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
  export ROLLCALL_HOME=$HOME/rollcall
}

# here keeps a picture of where the journey is, if asked.
here() {
  [[ -n $PICTURES ]] || return 0
  xdotool mousemove 1360 895
  sleep 0.3
  shot "$PICTURES/$1.png"
}

# said holds when the command line says this of the runs in the store that the window left; told asks it for what every
# journey leaves: 223 accounts to create of which one was unticked, and all of them taken back.
said() { grep -q "$1" "$WORK/runs" || fail "“rollcall runs” does not say “$1”: $(cat "$WORK/runs")"; }
told() {
  "$PROGRAM" runs >"$WORK/runs"
  said 'create=223, .*held=1, .*skipped=28'
  said "ended  done=$FIRST"
  said "delete=$CREATED"
  said "ended  done=$CREATED"
  cat "$WORK/runs"
}

# 222 accounts, and the manager of those who have one among them in a second pass.
CREATED=222 FIRST=439 PRESSED=0

# leave closes the window as a person does; the program has to end well.
leave() {
  local n code=0
  for n in 1 2 3 4 5; do
    timeout 3 xdotool windowactivate "$W" 2>/dev/null || true
    sleep 0.2
    xdotool key alt+F4
    if ended "$APP" 8; then
      wait "$APP" || code=$?
      [[ $code == 0 ]] || fail "The program ended with code $code when its window was closed."
      return
    fi
  done
  fail "The program did not end when its window was closed."
}
