#!/bin/sh
# load [SECONDS]: the load of the cell, as in a boot: from the clients' side, on their CPU, with the cell's options; what it
# counts in the quiet second at its beginning is told apart. Ctrl-C ends it, too. Its account is printed, an event; all its
# events are in /run/load.jsonl. Its status is the generator's.
. /cell/env
. /run/clients
seconds=${1-$SECONDS_OF_RELOADS}
case $seconds in
'' | *[!0-9.]* | *.*.*) set -- usage of load ;;
esac
[ $# -lt 2 ] || { echo "usage: load [SECONDS]" >&2; exit 2; }
# It takes signals from the time on at which it announces that it has begun.
begun() { until [ -e /run/load/quiet ]; do kill -0 $load 2>&- && sleep 0.01 || return; done; }
rm -rf /run/load
mkdir /run/load
taskset "$LOAD_MASK" $at_clients /sbin/$GENERATOR --port "$PORT" --address "$ADDRESS" --phases /run/load $LOAD >/run/load.jsonl &
load=$!
trap : INT
begun && sleep "$QUIET" && kill -USR1 $load && sleep "$seconds"
# Not INT, which a program in the background ignores until it has begun.
kill $load 2>&-
wait $load
status=$?
grep -E '"e":"(load|error)"' /run/load.jsonl
exit $status
