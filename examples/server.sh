#!/usr/bin/env bash
# The task center's API over a file: a client deletes all failed tasks of all protection groups.
# Arguments: the directory of the programs, the directory of the data.
set -euo pipefail
export PATH=$1:$PATH
data=$2
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
export PURGATORY_CONFIG=$data/purgatory-server.yaml PURGATORY_STORE=$work/failed-jobs.db PURGATORY_TOKENS=$work/tokens
export PURGATORY_PORT=0 PURGATORY_ADMIN_PORT=0 # any that are free
project=151ae673a73f4dcfac16bafb0ac8f197

say() { printf '\n%s\n' "$*"; }
# The answers' statuses, and what of their headers matters here.
call() {
  printf '\n$ curl -X %s %s\n' "$1" "$2"
  curl -s -o "$work/body" -w '%{http_code}\n' -X "$1" -H "X-Auth-Token: $token" "${@:3}" "$api$2"
  head -c 300 "$work/body"
  [ ! -s "$work/body" ] || echo
}

purgatory import "$data/sdrs-failures.jsonl" >/dev/null
token=$(purgatory token create --project $project --role operator --file "$PURGATORY_TOKENS" --quiet | head -n 1)
mkfifo "$work/log"
purgatory serve 2>"$work/log" &
server=$!
exec 3<"$work/log"
line=
until [[ $line == *'"event":"listening"'* ]]; do
  read -r line <&3 || { echo "the server ended: $line"; exit 1; }
done
api=$(grep -o 'http://127.0.0.1:[0-9]*' <<<"$line" | head -n 1)
cat <&3 >/dev/null & # its log is not shown here

say "A server has the failed tasks of a disaster-recovery service: these of the protection-group level, the newest first."
call GET "/v1/$project/task-center/failure-jobs?limit=1"
say "They are deleted, all at once:"
call DELETE "/v1/$project/task-center/failure-jobs/batch"
call GET "/v1/$project/task-center/failure-jobs"
say "What stayed: the tasks inside the groups, and other projects'."
printf '\n$ purgatory count --by-group\n'
purgatory count --by-group
say "Without a token, and for another project:"
token='' call DELETE "/v1/$project/task-center/failure-jobs/batch"
call DELETE "/v1/655d159e668743e2b081871731953b3e/task-center/failure-jobs/batch"
kill "$server"
wait "$server"
server=
