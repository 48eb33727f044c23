# The ending of run.sh that measures: from the first reload to the last total.

# The CPUs that a process may use, as a list. /proc/PID/status tells them only where the kernel was configured for it.
cpus() {
	list=$(taskset -pc "$2" 2>&1)
	case ${list##*: } in
	[0-9]*) echo "${list##*: }" ;;
	*) fail "$1 (process $2) is gone, or does not tell its CPUs: $list" ;;
	esac
}
# Who accepts connections at this moment.
serving() { sh -e /cell/serving 2>&- 3>&- || fail "nobody serves $1"; }
# Those of all processes that serve: the same for each, or a list of what they differ in.
proxy_cpus() {
	pids=$(serving "when the CPUs are read") || exit 1
	all=
	for pid in $pids; do
		one=$(cpus "the proxy" "$pid") || exit 1
		case ",$all," in
		*",$one,"*) ;;
		*) all=${all:+$all,}$one ;;
		esac
	done
	echo "$all"
}
# What may run where, and the kernel's clock: read, not assumed.
tell_pins() {
	proxy_cpus=$(proxy_cpus) && load_cpus=$(cpus "the load generator" $load) || exit 1
	tell pins ",\"proxy\":\"$proxy_cpus\",\"generator\":\"$load_cpus\",\"clocksource\":\"$(cat /sys/devices/system/clocksource/clocksource0/current_clocksource 2>&-)\""
}
proxy_alive() {
	pids=$(serving "$1") || exit 1
	for pid in $pids; do kill -0 "$pid" 2>&- || fail "the proxy (process $pid) is gone $1"; done
	[ -z "$BACKEND" ] || kill -0 $backend 2>&- || fail "the server behind the proxy is gone $1"
}
# Waits until the load generator has announced a phase. Before it has begun, a signal would kill it; and a reload that it
# learns of only later would be one of its quiet time.
await_phase() {
	tries=0
	until [ -e "/run/load/$1" ]; do
		kill -0 $load 2>&- || { wait $load; fail "the load generator ended with status $? before it had $2"; }
		[ $((tries += 1)) -lt 1000 ] || fail "the load generator has not $2 within 10 s"
		sleep 0.01
	done
}

# A first reload, under no load and not counted: the first one that counts is then as warm as the others, and in a case
# that takes something back ahead of each reload it is prepared as they are.
if [ -f /cell/reload ]; then
	taskset "$PROXY_MASK" reload --port "$PORT" --pidfile $PIDFILE --seconds 0.001 --pause-ms 0 $RELOADER >/run/warm-up ||
		{ cat /run/warm-up >&3; exit 1; }
	tell warmed
fi

taskset "$LOAD_MASK" rstwatch ${AB:+--fins} "$PORT" "$DEVICE" $clients >&3 &
watch=$!
# What comes before it watches would be missing in its counts.
until [ -e /run/watching ]; do kill -0 $watch 2>&- || fail "rstwatch does not start"; sleep 0.01; done
mkdir /run/load
taskset "$LOAD_MASK" $at_clients $GENERATOR --port "$PORT" --address "$ADDRESS" --phases /run/load $LOAD >&3 &
load=$!
await_phase quiet begun
# Load without reloads: a reset here would not come from a reload.
sleep "$QUIET"
proxy_alive "before the first reload"
tell_pins
busy "$PROXY_CPU" "$LOAD_CPU" >&3 || exit 1
tell reloading ",\"seconds\":$SECONDS_OF_RELOADS"
kill -USR1 $load
await_phase reloads "taken note of the reloads"
if [ -f /cell/reload ]; then
	taskset "$PROXY_MASK" reload --port "$PORT" --pidfile $PIDFILE --seconds "$SECONDS_OF_RELOADS" --pause-ms "$PAUSE_MS" $RELOADER >&3 || exit 1
else
	sleep "$SECONDS_OF_RELOADS"
fi
busy "$PROXY_CPU" "$LOAD_CPU" >&3 || exit 1
proxy_alive "after the last reload"
if [ -f /cell/proof-end ]; then
	value=$(taskset "$PROXY_MASK" sh -e /cell/proof-end 3>&-) || fail "the proof of the case ended with status $?"
	case "$value" in
	'' | *[!0-9]*) fail "the proof of the case printed $value, not a whole number" ;;
	esac
	tell proof ",\"value\":$value"
fi
tell_pins
tell draining
kill -INT $load
wait $load || fail "the load generator ended with status $?"
proxy_alive "after the load"
kill $watch
wait $watch || fail "rstwatch ended with status $?"
# Behind the counts: these connections are the lab's own.
taskset "$LOAD_MASK" $at_clients serves "$PORT" "$ADDRESS" $AB >&3
