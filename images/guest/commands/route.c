// SPDX-License-Identifier: MIT
/*
 * route SOCK PORT: from now on all new connections go to the listener of the HAProxy that answers on SOCK. The first
 * time it attaches a program to the reuseport group; the program takes the listener from a map of sockets
 * (BPF_MAP_TYPE_REUSEPORT_SOCKARRAY, 4.19), so that nobody needs to know its number in the group. Each time it puts the
 * listener into the place that is free and turns the program to it. The maps stay below /sys/fs/bpf, where a file
 * system of the type bpf must be mounted.
 *
 * route --accepted SOCK: waits until the HAProxy that answers on SOCK has accepted as many connections as the program
 * has routed SYNs to its listener, while others get the new ones. A listener gets nothing but by the program, from its
 * first SYN on, so both are counted over its whole life: its program by the SYNs, HAProxy in conn_tot of its frontend.
 *
 * route --check: whether this kernel takes such a program and such a map.
 */
#define _GNU_SOURCE
#include <netinet/tcp.h>
#include <stddef.h>

#include "program.h"
#include "getsocks.h"

#define STATE "/sys/fs/bpf/route-state"
#define LISTENERS "/sys/fs/bpf/route-listeners"
#define SLOTS 2
#define SECONDS 5

/* The entries of the state: what was accepted or routed by slot, and the slot that gets what comes. */
enum { COUNT, CURRENT = COUNT + SLOTS, ENTRIES };

/* Counts a SYN for the current slot and selects the listener there. Where there is none the kernel's hash selects. */
static int load_program(int state, int listeners)
{
	const struct bpf_insn code[] = {
		MOVE(BPF_REG_6, BPF_REG_1),
		/* key, on the stack = state[CURRENT] */
		STORE_CONST(BPF_W, BPF_REG_10, -4, CURRENT),
		MAP(BPF_REG_1, state),
		MOVE(BPF_REG_2, BPF_REG_10),
		ADD(BPF_REG_2, -4),
		CALL(BPF_FUNC_map_lookup_elem),
		SKIP_IF_CONST(BPF_JEQ, BPF_REG_0, 0, 25),
		LOAD(BPF_DW, BPF_REG_1, BPF_REG_0, 0),
		STORE(BPF_W, BPF_REG_10, -4, BPF_REG_1),
		/* a SYN? */
		LOAD(BPF_DW, BPF_REG_2, BPF_REG_6, offsetof(struct sk_reuseport_md, data)),
		LOAD(BPF_DW, BPF_REG_3, BPF_REG_6, offsetof(struct sk_reuseport_md, data_end)),
		MOVE(BPF_REG_1, BPF_REG_2),
		ADD(BPF_REG_1, sizeof(struct tcphdr)),
		SKIP_IF(BPF_JGT, BPF_REG_1, BPF_REG_3, 11),
		LOAD(BPF_B, BPF_REG_1, BPF_REG_2, offsetof(struct tcphdr, th_flags)),
		AND(BPF_REG_1, TH_SYN | TH_ACK),
		SKIP_IF_CONST(BPF_JNE, BPF_REG_1, TH_SYN, 8),
		/* state[key]++ */
		MAP(BPF_REG_1, state),
		MOVE(BPF_REG_2, BPF_REG_10),
		ADD(BPF_REG_2, -4),
		CALL(BPF_FUNC_map_lookup_elem),
		SKIP_IF_CONST(BPF_JEQ, BPF_REG_0, 0, 2),
		SET(BPF_REG_1, 1),
		ATOMIC_ADD(BPF_REG_0, 0, BPF_REG_1),
		/* listeners[key] */
		MOVE(BPF_REG_1, BPF_REG_6),
		MAP(BPF_REG_2, listeners),
		MOVE(BPF_REG_3, BPF_REG_10),
		ADD(BPF_REG_3, -4),
		SET(BPF_REG_4, 0),
		CALL(BPF_FUNC_sk_select_reuseport),
		SET(BPF_REG_0, SK_PASS),
		EXIT,
	};

	return bpf_load(BPF_PROG_TYPE_SK_REUSEPORT, 0, code, sizeof(code) / sizeof(code[0]));
}

/* Makes both maps and the program. Returns its descriptor; the program ends where the kernel refuses one of them. */
static int make(int *state, int *listeners)
{
	int program;

	*state = bpf_map(BPF_MAP_TYPE_ARRAY, sizeof(uint64_t), ENTRIES);
	if (*state < 0)
		die("bpf(2) makes no map: %s", strerror(errno));
	*listeners = bpf_map(BPF_MAP_TYPE_REUSEPORT_SOCKARRAY, sizeof(uint64_t), SLOTS);
	if (*listeners < 0)
		die("bpf(2) makes no map of listeners (BPF_MAP_TYPE_REUSEPORT_SOCKARRAY): %s", strerror(errno));
	program = load_program(*state, *listeners);
	if (program < 0)
		die("bpf(2) takes no program that selects one (BPF_PROG_TYPE_SK_REUSEPORT): %s", strerror(errno));
	return program;
}

static uint64_t get(int state, uint32_t key)
{
	uint64_t value;

	if (bpf_entry(BPF_MAP_LOOKUP_ELEM, state, key, &value))
		die("%s: %s", STATE, strerror(errno));
	return value;
}

static void put(int map, uint32_t key, uint64_t value)
{
	if (bpf_entry(BPF_MAP_UPDATE_ELEM, map, key, &value))
		die("entry %u of a map: %s", key, strerror(errno));
}

/* The connections that the frontends of a HAProxy have accepted: the column conn_tot of "show stat". */
static uint64_t accepted(const char *path)
{
	int sock = ask_haproxy(path, "show stat -1 1 -1\n"), column = -1;
	char line[8192], *rest, *field;
	FILE *stat = fdopen(sock, "r");
	uint64_t sum = 0;

	while (stat && fgets(line, sizeof(line), stat)) {
		rest = line;
		for (int i = 0; (field = strsep(&rest, ",\n")); i++) {
			if (*line == '#' && !strcmp(field, "conn_tot"))
				column = i;
			else if (*line != '#' && i == column)
				sum += strtoull(field, NULL, 10);
		}
	}
	if (column < 0)
		die("%s: \"show stat\" has no column conn_tot", path);
	fclose(stat);
	return sum;
}

static int route(const char *path, int port)
{
	int fd = get_listener(path, port), state = bpf_name(BPF_OBJ_GET, 0, STATE), listeners;
	uint32_t slot = 0;

	if (state >= 0) {
		listeners = bpf_name(BPF_OBJ_GET, 0, LISTENERS);
		slot = (get(state, CURRENT) + 1) % SLOTS;
	} else {
		int program = make(&state, &listeners);

		if (bpf_name(BPF_OBJ_PIN, state, STATE) || bpf_name(BPF_OBJ_PIN, listeners, LISTENERS))
			die("%s: %s; is a file system of the type bpf mounted there?", STATE, strerror(errno));
		if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_EBPF, &program, sizeof(program)))
			die("port %d: the reuseport group takes no program: %s", port, strerror(errno));
	}
	put(listeners, slot, fd);
	/* What it accepted before the program knew it, if anything. */
	put(state, COUNT + slot, accepted(path));
	put(state, CURRENT, slot);
	printf("route: new connections go to listener %u\n", slot);
	return 0;
}

/*
 * A program that read the old slot before it was turned away from it may count a little later: what is equal must be
 * so for two looks.
 */
static int await_accepted(const char *path)
{
	int state = bpf_name(BPF_OBJ_GET, 0, STATE), equal = 0;
	uint64_t routed = 0, taken = 0;
	uint32_t old;

	if (state < 0)
		die("%s: %s; expected what \"route SOCK PORT\" leaves there", STATE, strerror(errno));
	old = (get(state, CURRENT) + 1) % SLOTS;
	for (int left = SECONDS * 200; left > 0 && equal < 2; left--) {
		taken = accepted(path);
		routed = get(state, COUNT + old);
		if (taken > routed)
			die("%s: its HAProxy has accepted %llu connections, and %llu were routed to listener %u: is it the old one?",
			    path, (unsigned long long)taken, (unsigned long long)routed, old);
		equal = taken == routed ? equal + 1 : 0;
		usleep(5000);
	}
	if (equal < 2)
		die("after %d s %llu of %llu connections that were routed to listener %u are accepted", SECONDS,
		    (unsigned long long)taken, (unsigned long long)routed, old);
	printf("route: all %llu connections that were routed to listener %u are accepted\n",
	       (unsigned long long)routed, old);
	return 0;
}

int main(int argc, char **argv)
{
	int state, listeners;

	if (argc == 2 && !strcmp(argv[1], "--check")) {
		make(&state, &listeners);
		printf("a program selects from a map of listeners\n");
		return 0;
	}
	if (argc == 3 && !strcmp(argv[1], "--accepted"))
		return await_accepted(argv[2]);
	if (argc != 3) {
		fprintf(stderr, "usage: route SOCK PORT | route --accepted SOCK | route --check\n");
		return 2;
	}
	return route(argv[1], atoi(argv[2]));
}
