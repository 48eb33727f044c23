/* SPDX-License-Identifier: MIT */
/* The command line of load, and the event that tells what was asked for. */
#ifndef LOAD_OPTIONS_H
#define LOAD_OPTIONS_H

#include <arpa/inet.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event.h"
#include "histogram.h"

#define SECOND 1000000ull

static struct {
	struct sockaddr_in server;
	const char *address, *uri;
	unsigned int users;
	double rate;			/* arrivals a second; 0: closed loop */
	uint64_t timeout, slow;		/* µs */
	uint64_t duration;		/* µs; 0: until a signal */
	bool fused_ack, close_with_rst;
	bool banner;			/* the server speaks first */
	bool keep_alive;		/* connections carry several requests */
	uint64_t pause;			/* µs between an answer and the next request, on average */
	unsigned int requests;		/* the most that one carries */
	const char *phases;		/* directory in which each phase is announced; NULL: none is */
} option = {
	.address = "127.0.0.1",
	.users = 20,
	.uri = "/",
	.timeout = 8 * SECOND,
	.slow = SECOND / 5,
	.requests = 10,
};

__attribute__((format(printf, 1, 2), noreturn))
static void usage(const char *format, ...)
{
	va_list args;

	fputs("load: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputs("\nusage: load --port PORT [--address 127.0.0.1] [--users 20] [--rate R] [--uri /]\n"
	      "            [--timeout-ms 8000] [--slow-ms 200] [--duration S] [--fused-ack] [--close-with-rst]\n"
	      "            [--banner | --keep-alive-ms MS [--requests 10]] [--phases DIRECTORY]\n", stderr);
	exit(2);
}

static double number(const char *name, const char *text, double low, double high)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end || !(value >= low && value <= high))
		usage("--%s %s: not a number from %.10g to %.10g", name, text, low, high);
	return value;
}

static unsigned int whole(const char *name, const char *text, unsigned int low, unsigned int high)
{
	double value = number(name, text, low, high);

	if (value != (unsigned int)value)
		usage("--%s %s: not a whole number", name, text);
	return value;
}

static void parse(int argc, char **argv)
{
	enum { PORT, ADDRESS, USERS, RATE, TIMEOUT_MS, SLOW_MS, URI, DURATION, FUSED_ACK, CLOSE_WITH_RST,
	       BANNER, KEEP_ALIVE_MS, REQUESTS, ANNOUNCED };
	static const struct option known[] = {
		{ "port", required_argument, NULL, PORT },
		{ "address", required_argument, NULL, ADDRESS },
		{ "users", required_argument, NULL, USERS },
		{ "rate", required_argument, NULL, RATE },
		{ "timeout-ms", required_argument, NULL, TIMEOUT_MS },
		{ "slow-ms", required_argument, NULL, SLOW_MS },
		{ "uri", required_argument, NULL, URI },
		{ "duration", required_argument, NULL, DURATION },
		{ "fused-ack", no_argument, NULL, FUSED_ACK },
		{ "close-with-rst", no_argument, NULL, CLOSE_WITH_RST },
		{ "banner", no_argument, NULL, BANNER },
		{ "keep-alive-ms", required_argument, NULL, KEEP_ALIVE_MS },
		{ "requests", required_argument, NULL, REQUESTS },
		{ "phases", required_argument, NULL, ANNOUNCED },
		{ 0 },
	};
	int which;

	opterr = 0;
	while ((which = getopt_long(argc, argv, "", known, NULL)) >= 0) {
		switch (which) {
		case PORT:
			option.server.sin_port = htons(whole("port", optarg, 1, 65535));
			break;
		case ADDRESS:
			option.address = optarg;
			break;
		case USERS:
			option.users = whole("users", optarg, 1, 60000);
			break;
		case RATE:
			option.rate = number("rate", optarg, 0.001, 1e6);
			break;
		case TIMEOUT_MS:
			option.timeout = 1000 * whole("timeout-ms", optarg, 1, HISTOGRAM_MAX / 1000);
			break;
		case SLOW_MS:
			option.slow = 1000 * whole("slow-ms", optarg, 1, HISTOGRAM_MAX / 1000);
			break;
		case URI:
			option.uri = optarg;
			break;
		case DURATION:
			option.duration = SECOND * number("duration", optarg, 0.001, 1e6);
			break;
		case FUSED_ACK:
			option.fused_ack = true;
			break;
		case CLOSE_WITH_RST:
			option.close_with_rst = true;
			break;
		case BANNER:
			option.banner = true;
			break;
		case KEEP_ALIVE_MS:
			option.keep_alive = true;
			option.pause = 1000 * number("keep-alive-ms", optarg, 1, 60000);
			break;
		case REQUESTS:
			option.requests = whole("requests", optarg, 1, 1000000);
			break;
		case ANNOUNCED:
			option.phases = optarg;
			break;
		default:
			usage("%s: unknown, or its value is missing", argv[optind - 1]);
		}
	}
	if (optind < argc)
		usage("%s: not an option", argv[optind]);
	if (!option.server.sin_port)
		usage("--port is missing");
	if (option.banner && option.keep_alive)
		usage("--keep-alive-ms: not beside --banner, whose connections carry one line");
	if (inet_pton(AF_INET, option.address, &option.server.sin_addr) != 1)
		usage("--address %s: not an IPv4 address", option.address);
	option.server.sin_family = AF_INET;
	if (option.uri[0] != '/' || strlen(option.uri) > 1024 || strpbrk(option.uri, " \t\r\n"))
		usage("--uri %s: not a path of 1 to 1024 characters", option.uri);
}

/* "load-start" */
static void options_tell(void)
{
	event_begin("load-start");
	event_string("address", option.address);
	event_count("port", ntohs(option.server.sin_port));
	event_count("users", option.users);
	event_add(",\"rate\":%.10g", option.rate);
	event_count("timeoutMs", option.timeout / 1000);
	event_count("slowMs", option.slow / 1000);
	event_add(",\"fusedAck\":%s", option.fused_ack ? "true" : "false");
	event_add(",\"closeWithRst\":%s", option.close_with_rst ? "true" : "false");
	if (option.banner)
		event_add(",\"banner\":true");
	if (option.keep_alive)
		event_add(",\"keepAlive\":{\"pauseMs\":%.10g,\"requests\":%u}", option.pause / 1e3, option.requests);
	event_end();
}

#endif
