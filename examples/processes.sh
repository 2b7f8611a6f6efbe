#!/usr/bin/env bash
# Several processes share one file: two import at the same time, others look, purge, and take it back.
# Arguments: the directory of the program, the directory of the data.
set -euo pipefail
export PATH=$1:$PATH
data=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PURGATORY_CONFIG=$data/purgatory-file.yaml PURGATORY_STORE=$work/failed-jobs.db
project=151ae673a73f4dcfac16bafb0ac8f197

run() {
  printf '\n$ purgatory %s\n' "$*"
  purgatory "$@"
}

printf '\nTwo processes import into one file at the same time.\n'
purgatory import "$data/queue-failures.jsonl" >/dev/null &
first=$!
purgatory import "$data/sdrs-failures.jsonl" >/dev/null
wait $first
wait $!
run count --by-group
run purge --project $project --project-level --purge-id demo --actor demo --yes --quiet
run count --project $project
run restore demo
run count --project $project
run store check
