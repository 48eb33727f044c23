# The shell that somebody gets, in the files of the cell; `load` and `reload` come first on its PATH.
# With a terminal it greets, and is interactive; else it runs what it reads.
. /cell/env
export PORT ADDRESS CFG SOCK PIDFILE PROXY_CPU LOAD_CPU PATH="/shell:$PATH" HOME=/cell
cd /cell
[ -t 0 ] || exec sh
cat /cell/greeting
PS1=$PROMPT exec sh -i
