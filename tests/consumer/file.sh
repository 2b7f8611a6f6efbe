#!/usr/bin/env bash
# The tour on a file prints what it prints everywhere; then each query of docs/file-layout.md gives what stands there.
# Arguments: the tour, the source directory, SQLite's shell.
set -euo pipefail
tour=$1 source=$2 shell=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PURGATORY_STORE=$work/store

"$tour" "$source/examples/data" "$source/examples/data/purgatory-file.yaml" 2>/dev/null |
  diff - "$source/examples/tour/expected_output.txt"

# Blocks ```sql that begin with SELECT, each followed by a block ```text with what it prints.
awk -v work="$work" '
  /^```sql$/ { kind = "sql"; next }
  /^```text$/ { kind = "text"; next }
  /^```$/ { kind = ""; next }
  kind == "sql" && (/^SELECT/ || asking) { if (/^SELECT/) ++number; asking = !/;$/; print > (work "/" number ".sql") }
  kind == "text" && number { print > (work "/" number ".text") }
' "$source/docs/file-layout.md"

queries=0
for query in "$work"/*.sql; do
  "$shell" -readonly -header -column "$PURGATORY_STORE" < "$query" | sed 's/ *$//' | diff - "${query%.sql}.text"
  queries=$((queries + 1))
done
[ "$queries" -ge 4 ]
echo "$queries queries"
