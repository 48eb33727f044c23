# One cell, from the network to its ending. Run by init, whose fd 3 takes events.
# /cell/env says what to run; /cell/{start,serving} are commands of the proxy, /cell/{setup,ready,prepare,before,reload,
# proof,after,proof-end} those of the case.
# This is the way to a proxy that serves. What comes then is the ending: the cell is measured, or a shell opens in it.
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
# cookies (ListenOverflows, SyncookiesSent), which is another load than the one that other kernels get. More users than
# that get more: a closed loop begins them all at once.
sysctl -w net.core.somaxconn=${BACKLOG:=4096} >&2 || fail "cannot raise the limit of accept queues"
# In a small guest 128 or 256. It bounds the SYN_RECVs of a listener, beside somaxconn.
sysctl -w net.ipv4.tcp_max_syn_backlog=$BACKLOG >&2 || fail "cannot raise the limit of SYN_RECVs"
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
. "/${ENDING:-measure}.sh"
