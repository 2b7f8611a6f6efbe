#!/usr/bin/env bash
# Prints a document with what its commands print now: of each block ```console, lines that begin with "$ " are run by one
# shell, in a directory that has examples/. Arguments: the document, the program, the source directory.
set -euo pipefail
document=$(readlink -f "$1") program=$2 source=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ln -s "$source/examples" "$work/examples"
cd "$work"
export PATH="$(dirname "$program"):$PATH" HOME="$work" USER=demo
unset PURGATORY_CONFIG XDG_STATE_HOME

block=
while IFS= read -r line; do
  case $line in
    '```console') block=1 ;;
    '```') block= ;;
  esac
  if [ -z "$block" ] || [ "$line" = '```console' ]; then
    printf '%s\n' "$line"
  elif [[ $line == '$ '* ]]; then
    printf '%s\n' "$line"
    eval "${line#\$ }" 2>&1 </dev/null || printf '(exit code %s)\n' $?
  fi
done < "$document"
