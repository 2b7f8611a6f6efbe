#!/usr/bin/env bash
# Prints a document with what its commands print now: of each block ```console, lines that begin with "$ " are run by one
# shell, in a directory that has examples/; a block ```yaml NAME becomes the file of that name there. Arguments: the
# document, the program, the source directory.
set -euo pipefail
document=$(readlink -f "$1") program=$2 source=$3
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT
ln -s "$source/examples" "$work/examples"
cd "$work"
export PATH="$(dirname "$program"):$PATH" HOME="$work" USER=demo
unset PURGATORY_CONFIG XDG_STATE_HOME

# A port of this machine that nobody listens on.
free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)) && (: >"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
  echo "$port"
}
PURGATORY_PORT=$(free_port) PURGATORY_ADMIN_PORT=$(free_port)
export PURGATORY_PORT PURGATORY_ADMIN_PORT

block= file=
while IFS= read -r line; do
  case $line in
    '```console') block=1 ;;
    '```yaml '*) file=${line#\`\`\`yaml } && : >"$file" ;;
    '```') block= file= ;;
    *) [ -z "$file" ] || printf '%s\n' "$line" >>"$file" ;;
  esac
  if [ -z "$block" ] || [ "$line" = '```console' ]; then
    printf '%s\n' "$line"
  elif [[ $line == '$ '* ]]; then
    printf '%s\n' "$line"
    eval "${line#\$ }" 2>&1 </dev/null || printf '(exit code %s)\n' $?
  fi
done < "$document"
