// SPDX-License-Identifier: MIT
/*
 * reload: replaces the proxy again and again, as an operator would, and says what each reload took.
 *
 *   reload --port N --pidfile FILE --seconds S --pause-ms MS [--replaces-nobody] [--drained N]
 *
 * Each reload runs /cell/before, /cell/reload, /cell/proof and /cell/after (shell scripts; all but reload may be
 * missing) with OLD and, for proof and after, NEW in the environment: the processes that /cell/serving printed before
 * and after the reload, with blanks between them. Ahead of it /cell/prepare may replace them, with OLD, too: it is no
 * part of the reload, and those who serve when it has ended are the old ones; a pause follows. It waits until none of the old ones
 * serves, for proxies reload in the background, too, and at the end until none of them holds a listener. Where the
 * reload replaces nobody, the same processes must serve. The next one starts a pause later: the article's loop
 * (section 5) sleeps between reloads, too. With --drained the pause begins when no more than N connections wait in the
 * accept queues: what a reload held up is then served before the next one, and does not pile up.
 *
 * Event "reload", times in µs: t (start) and, from there, when each part ended. Where there is a proof: the whole
 * number that it printed, and when it ended. Where it was prepared: from when to when, and who served before. How many sockets
 * the old ones listened on, how many the new ones do, and how many of these are the same. And the CPUs that the new
 * processes may use. With --drained: when so few were waiting; how many were at the last look, and how many still were
 * when it gave up; of what waited after the preparation and after the reload, the more.
 */
#define _GNU_SOURCE
#include <getopt.h>

#include "event.h"
#include "proc/listener.h"
#include "queues.h"
#include "script.h"
#include "serving.h"

/* How long to wait until the old ones have closed their listeners; tests set their own. */
#ifndef CLOSE_SECONDS
#define CLOSE_SECONDS 5
#endif

static struct {
	int port, replaces, drained;
	const char *pidfile;
	double pause_ms;
} option = { .replaces = 1, .drained = -1, .pause_ms = -1 };

/* The whole number that the proof prints; the cell fails when it prints anything else. */
static unsigned long long prove(int number)
{
	unsigned long long value;
	char text[64], end;
	int status = script_read(CELL "/proof", number, text, sizeof(text));

	if (status)
		event_fail("reload", "reload %d: /cell/proof ended with status %d", number, status);
	if (sscanf(text, "%llu %c", &value, &end) != 1)
		event_fail("reload", "reload %d: the proof printed \"%s\", not a whole number", number, text);
	return value;
}

/* The process that the pid file names, beside those that serve: the master of nginx. */
static void add_master(struct pids *pids)
{
	FILE *file = fopen(option.pidfile, "re");
	int pid;

	if (file && fscanf(file, "%d", &pid) == 1)
		pids_add(pids, pid);
	if (file)
		fclose(file);
}

static void add_list(const char *key, const struct pids *pids)
{
	char text[PIDS_TEXT];

	event_add(",\"%s\":[%s]", key, pids_text(pids, ",", text, sizeof(text)));
}

/* Waits as long as between two reloads. */
static void pause_reloads(void)
{
	usleep(option.pause_ms * 1000);
}

/* Runs what comes ahead of a reload; the first of those who served until then. */
static int prepare(int number)
{
	struct pids found;

	ask_serving(&found, number);
	if (!found.count)
		event_fail("reload", "nobody served before reload %d was prepared", number);
	set_pids("OLD", &found);
	script_run(CELL "/prepare", number);
	return found.pid[0];
}

/* With --drained: waits until few connections wait for accept(). */
static void drain(struct waits *waits)
{
	if (option.drained >= 0)
		await_short_queues(waits, option.port, option.drained);
}

static void reload(int number)
{
	uint64_t prepare_start, prepared = 0, start, before, done, proved, after, closed, drained;
	struct waits waits = { 0 };
	unsigned long inode, replaced;
	unsigned long long proof = 0;
	int has_proof = !access(CELL "/proof", F_OK);
	int found = 0;
	struct listeners was, is;
	struct pids old, new, own;
	char cpus[256];

	prepare_start = now_us();
	if (!access(CELL "/prepare", F_OK)) {
		found = prepare(number);
		drain(&waits);
		prepared = now_us();
		pause_reloads();
	}
	ask_serving(&old, number);
	if (!old.count)
		event_fail("reload", "nobody served before reload %d", number);
	if (pids_gone(&old))
		event_fail("reload", "the proxy (process %d) was gone before reload %d", pids_gone(&old), number);
	start = now_us();
	listeners_of(&was, &old, option.port);
	set_pids("OLD", &old);
	script_run(CELL "/before", number);
	before = now_us();
	script_run(CELL "/reload", number);
	done = await_new(&new, &old, option.replaces, number);
	listeners_of(&is, &new, option.port);
	inode = listener_kept(&is, &was);
	replaced = listener_kept(&was, &is);
	if (!inode)
		event_fail("reload", "reload %d: the new proxy (process %d) does not listen on port %d",
			   number, new.pid[0], option.port);
	cpus_of(&new, cpus, sizeof(cpus));
	set_pids("NEW", &new);
	if (has_proof)
		proof = prove(number);
	proved = now_us();
	script_run(CELL "/after", number);
	after = now_us();
	if (option.replaces && listener_closed(&old, option.port, CLOSE_SECONDS))
		event_fail("reload", "reload %d: the old proxy (process %d) still listens after %d s",
			   number, old.pid[0], CLOSE_SECONDS);
	closed = now_us();
	own = new;
	add_master(&own);
	/* Anybody else who listens there takes a share of the connections, and no reload closes that listener. */
	if (strangers_beside(&own, option.port))
		event_fail("reload", "reload %d: somebody else than the new proxy (process %d) listens on port %d",
			   number, new.pid[0], option.port);
	drain(&waits);
	drained = now_us();

	event_begin("reload");
	event_add(",\"number\":%d,\"start\":%llu,\"before\":%llu,\"reloaded\":%llu,\"after\":%llu,\"closed\":%llu",
		  number, (unsigned long long)start, (unsigned long long)(before - start),
		  (unsigned long long)(done - start), (unsigned long long)(after - start),
		  (unsigned long long)(closed - start));
	event_add(",\"old\":%d,\"new\":%d,\"listener\":%lu,\"replaced\":%lu,\"cpus\":\"%s\"",
		  old.pid[0], new.pid[0], inode, replaced, cpus);
	event_add(",\"listeners\":{\"was\":%d,\"is\":%d,\"kept\":%d}",
		  was.count - was.unheld, is.count - is.unheld, listeners_kept(&was, &is));
	if (found)
		event_add(",\"prepared\":{\"start\":%llu,\"end\":%llu,\"old\":%d}",
			  (unsigned long long)prepare_start, (unsigned long long)prepared, found);
	if (old.count > 1 || new.count > 1) {
		add_list("olds", &old);
		add_list("news", &new);
	}
	if (option.drained >= 0)
		event_add(",\"drained\":%llu,\"queued\":%u,\"waiting\":%u", (unsigned long long)(drained - start),
			  waits.queued, waits.given_up);
	if (has_proof)
		event_add(",\"proof\":%llu,\"proved\":%llu", proof, (unsigned long long)(proved - start));
	event_end();
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "port", required_argument, NULL, 'p' },
		{ "pidfile", required_argument, NULL, 'f' },
		{ "seconds", required_argument, NULL, 's' },
		{ "pause-ms", required_argument, NULL, 'i' },
		{ "replaces-nobody", no_argument, NULL, 'n' },
		{ "drained", required_argument, NULL, 'd' },
		{ 0 }
	};
	double seconds = 0;
	int number = 0, c;
	uint64_t end;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'p')
			option.port = atoi(optarg);
		else if (c == 'f')
			option.pidfile = optarg;
		else if (c == 's')
			seconds = atof(optarg);
		else if (c == 'i')
			option.pause_ms = atof(optarg);
		else if (c == 'n')
			option.replaces = 0;
		else if (c == 'd')
			option.drained = atoi(optarg);
		else
			return 2;
	}
	if (!option.port || !option.pidfile || seconds <= 0 || option.pause_ms < 0) {
		fprintf(stderr, "usage: reload --port N --pidfile FILE --seconds S --pause-ms MS [--replaces-nobody] [--drained N]\n");
		return 2;
	}
	end = now_us() + seconds * 1e6;
	do {
		reload(number++);
		pause_reloads();
	} while (now_us() < end);
	return 0;
}
