#!/bin/sh
# One sync without anybody watching: plan, and carry the plan out if no guard holds it.
#
#   sync.sh SOURCE TARGET [FOLDER]
#
# SOURCE and TARGET are names of connections (“rollcall connections”). The plan is kept in FOLDER, if one is named, as
# a workbook for people and as a .plan file that another computer can go on with. The exit code is Rollcall's:
# 0 done or nothing to do, 1 error, 3 held by a guard, 4 some rows failed. Whoever is told of anything but 0 opens the
# window, looks, and decides; nothing that a guard held is done by itself.
set -u
source=$1 target=$2 folder=${3:-}
rollcall=${ROLLCALL:-rollcall}

if [ -n "$folder" ]; then
  name="$folder/$(date +%Y-%m-%d-%H%M%S)-$$"
  "$rollcall" plan --source "$source" --target "$target" --export "$name.xlsx" --export "$name.plan"
else
  "$rollcall" plan --source "$source" --target "$target"
fi
code=$?
case $code in
2) "$rollcall" apply last ;; # changes are waiting
*) exit $code ;;
esac
