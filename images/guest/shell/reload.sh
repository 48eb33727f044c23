#!/bin/sh
# reload [--seconds S] [--pause-ms MS]: one reload, or as many as S seconds take: the case's commands around it, its proof
# and all checks of a boot, on the proxy's CPU. Its event goes to stdout; its status is 0 when the proxy was reloaded.
. /cell/env
[ -f /cell/reload ] || {
	echo "reload: this case makes no reload" >&2
	exit 1
}
exec taskset "$PROXY_MASK" /sbin/reload --port "$PORT" --pidfile "$PIDFILE" --seconds 0.001 --pause-ms 0 $RELOADER "$@"
