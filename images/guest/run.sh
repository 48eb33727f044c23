# One cell, from the network to the last total. Run by init, whose fd 3 takes events.
# /cell/env says what to run; /cell/{start,serving} are commands of the proxy, /cell/{setup,ready,prepare,before,reload,
# proof,after,proof-end} those of the case.
# Without a proxy to run, the features of the kernel are tried (/cell/probe-*) and nothing else.
. /cell/env
export PORT CFG SOCK PIDFILE PROXY_CPU LOAD_CPU

tell() { printf '{"e":"%s"%s}\n' "$1" "$2" >&3; }
# Text as the inside of a JSON string.
plain() { tr -d '"\\' | tr '\n\t' '  '; }
fail() { tell error ",\"program\":\"run.sh\",\"message\":\"$(echo "$1" | plain)\""; exit 1; }
# Commands of the case: their output is the console, not the event stream.
commands() {
	[ -f "/cell/$1" ] || return 0
	taskset "$PROXY_MASK" sh -e "/cell/$1" >&2 3>&- || fail "$1 commands of the case ended with status $?"
}
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

# A second network namespace, that of the process $clients, behind a pair of devices: veth0 is the server's end. Each end
# knows the other's address from the start, so that no SYN waits for an answer to ARP. $at_clients runs a program there.
put_clients_apart() {
	unshare -n sh -c 'echo >/run/apart; exec sleep 1000000' 3>&- &
	clients=$!
	until [ -e /run/apart ]; do kill -0 $clients 2>&- || return 1; sleep 0.01; done
	at_clients="nsenter -t $clients -n"
	# With IPv6 a new device sends packets of its own, which a plug would hold.
	for at in "" "$at_clients"; do
		! $at test -e /proc/sys/net/ipv6/conf/default || $at sysctl -w net.ipv6.conf.default.disable_ipv6=1 || return 1
	done
	ip link add veth0 address 02:00:00:00:00:01 type veth peer name veth1 address 02:00:00:00:00:02 &&
		ip link set veth1 netns $clients &&
		ip addr add "$ADDRESS/24" dev veth0 && $at_clients ip addr add "$CLIENTS_ADDRESS/24" dev veth1 &&
		ip link set veth0 up && $at_clients ip link set veth1 up &&
		ip neigh add "$CLIENTS_ADDRESS" lladdr 02:00:00:00:00:02 dev veth0 &&
		$at_clients ip neigh add "$ADDRESS" lladdr 02:00:00:00:00:01 dev veth1 || return 1
	# Up to 3.15 there is one port range for all namespaces.
	! $at_clients test -e /proc/sys/net/ipv4/ip_local_port_range || $at_clients sysctl -w "$PORT_RANGE"
}

clients= at_clients=
ip link set lo up || fail "the loopback does not come up"
PORT_RANGE='net.ipv4.ip_local_port_range=10001 65000'
sysctl -w "$PORT_RANGE" >&2 || fail "cannot set the port range"
# Beyond its limit the kernel keeps no TIME_WAIT (tcp_time_wait), and answers the client's last segments with RSTs.
sysctl -w net.ipv4.tcp_max_tw_buckets=262144 >&2 || fail "cannot raise the limit of TIME_WAITs"
# As all kernels have it from 5.4 on. Before it was 128: of more connections at a time SYNs are dropped or answered with
# cookies (ListenOverflows, SyncookiesSent), which is another load than the one that other kernels get.
sysctl -w net.core.somaxconn=4096 >&2 || fail "cannot raise the limit of accept queues"
# In a small guest 128 or 256. It bounds the SYN_RECVs of a listener, beside somaxconn.
sysctl -w net.ipv4.tcp_max_syn_backlog=4096 >&2 || fail "cannot raise the limit of SYN_RECVs"
# Beyond it the loopback drops packets, RSTs among them (/proc/net/softnet_stat): a burst of 1000 where ksoftirqd is behind.
# The running kernel's is out of reach.
[ ! -w /proc/sys/net/core/netdev_max_backlog ] || sysctl -w net.core.netdev_max_backlog=100000 >&2 ||
	fail "cannot raise the limit of packets that wait on the loopback"

if [ ! -f /cell/start ]; then
	for feature in $FEATURES; do
		said=$(sh /cell/probe-$feature 2>&1 3>&-) && has=true || has=false
		tell probe ",\"feature\":\"$feature\",\"has\":$has,\"said\":\"$(echo "$said" | plain)\""
	done
	exit 0
fi
clocks "$PROXY_CPU" "$LOAD_CPU" >&3 || exit 1
[ "$DEVICE" = lo ] || put_clients_apart >&2 || fail "cannot put the clients behind a veth pair"

commands setup
# A server behind the proxy, on the CPU of the proxy: together they are what the clients talk to.
if [ -n "$BACKEND" ]; then
	taskset "$PROXY_MASK" $BACKEND >&2 3>&- &
	backend=$!
fi
taskset "$PROXY_MASK" sh -e /cell/start >&2 3>&- || fail "$PROXY does not start, status $?"
# One that goes into the background before it has forked a worker serves a little later.
tries=0
until [ -n "$(sh -e /cell/serving 2>&- 3>&-)" ]; do
	[ $((tries += 1)) -lt 500 ] || fail "$PROXY has started, and nobody serves within 5 s"
	sleep 0.01
done
commands ready
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
taskset "$LOAD_MASK" $at_clients $GENERATOR --port "$PORT" --address "$ADDRESS" $LOAD >&3 &
load=$!
# Load without reloads: a reset here would not come from a reload.
sleep "$QUIET"
proxy_alive "before the first reload"
tell_pins
busy "$PROXY_CPU" "$LOAD_CPU" >&3 || exit 1
tell reloading ",\"seconds\":$SECONDS_OF_RELOADS"
kill -USR1 $load
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
