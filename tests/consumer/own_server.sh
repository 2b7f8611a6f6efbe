#!/usr/bin/env bash
# The example of a server of one's own answers as its page says. Arguments: the example, the command line, the source directory.
set -euo pipefail
server=$1 purgatory=$2 source=$3
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
export PURGATORY_STORE=$work/failed-jobs.db PURGATORY_CONFIG=$source/examples/data/purgatory-file.yaml
printf '{"project_id":"shop","job_id":"%s","failed_at":"2026-11-27T08:00:00Z"}\n' a b | "$purgatory" import - --quiet >imported
mkfifo address
"$server" "$PURGATORY_CONFIG" >address &
read -r url <address
url=$url/v1/shop/task-center/failure-jobs

check() {  # WANTED GOT
  [ "$1" = "$2" ] || { printf 'wanted %s, got %s\n' "$1" "$2" >&2; exit 1; }
}
status() { curl -s -o body -w '%{http_code}' "$@"; }
check 401 "$(status "$url")"
check 200 "$(status -H 'Cookie: session=bob' "$url?limit=0")"
check '{"count":2,"failure_jobs":[]}' "$(cat body)"
check 200 "$(status -I -H 'Cookie: session=bob' "$url")"
check 406 "$(status -H 'Cookie: session=bob' -H 'Accept: text/html' "$url")"
check 403 "$(status -X DELETE -H 'Cookie: session=bob' "$url/batch")"
check 204 "$(status -X DELETE -H 'Cookie: session=ann' "$url/batch")"
check 200 "$(status -H 'Cookie: session=ann' "$url?limit=0")"
check '{"count":0,"failure_jobs":[]}' "$(cat body)"
