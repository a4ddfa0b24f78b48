#!/bin/sh
# Prints the rows of a CSV file of times and demands as JSON records, one every INTERVAL seconds.
set -eu
tail -n +2 "$1" | while IFS=, read -r time demand; do
  printf '{"series": "uk", "time": "%s", "demand": %s}\n' "$time" "$demand"
  [ "${INTERVAL:-0}" = 0 ] || sleep "$INTERVAL"
done
