#!/usr/bin/env bash
# A policy of three rules: a plan says what would go, apply takes exactly that, restore brings it back; then the purger
# does the same, the journal says why, and what is restored is left alone.
# Arguments: the directory of the program, the directory of the data. The clock stands where --now says.
set -euo pipefail
export PATH=$1:$PATH
data=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PURGATORY_CONFIG=$data/purgatory-policy.yaml PURGATORY_STORE=$work/failed-jobs.db

run() {
  printf '\n$ purgatory %s\n' "$*"
  purgatory "$@"
}

# expect NUMBER COMMAND...: what the command counts, which has to be that.
expect() {
  local expected=$1 counted
  shift
  printf '\n$ purgatory %s\n' "$*"
  counted=$(purgatory "$@")
  echo "$counted"
  [ "$counted" = "$expected" ] || { printf 'this should be %s\n' "$expected" >&2; exit 1; }
}

for file in queue-failures sdrs-failures; do
  purgatory import "$data/$file.jsonl" --now 2026-11-24T08:00:00Z --quiet >/dev/null
done
run policy show
printf '\nNo policy is active yet: the purger purges nothing.\n'
run run-due --now 2026-11-24T15:00:00Z
run policy activate --actor demo --now 2026-11-24T15:00:00Z
printf '\nWhat is to go, of two rules; the third one holds what it is for.\n'
expect 149 count --rule transient --before 1d --now 2026-11-24T15:00:00Z
expect 298 count --rule everything-else --before 30d --now 2026-11-24T15:00:00Z
run plan --now 2026-11-24T15:00:00Z
printf '\nThe plan is applied, and undone.\n'
purgatory plan -o json --now 2026-11-24T15:00:00Z >"$work/plan.json"
run apply "$work/plan.json" --purge-id cleanup --actor demo --yes --now 2026-11-24T15:00:00Z
expect 1965 count
run restore cleanup --now 2026-11-24T15:01:00Z
expect 2412 count
printf '\nWhat was restored is left alone for a day; then the purger takes it.\n'
run run-due --now 2026-11-25T15:01:00Z
expect 0 count --rule transient
expect 90 count --rule payments-stay
run journal --now 2026-11-25T15:05:00Z
printf '\nOne of the purges is undone, and the next run leaves that alone.\n'
run restore age-transient-20261125T15Z --project search --now 2026-11-25T15:10:00Z
run run-due --now 2026-11-25T15:15:00Z
expect 105 count --rule transient
run explain crawl-294 --now 2026-11-25T15:15:00Z
run store check
