/* SPDX-License-Identifier: MIT */
/* What init makes of the machine before anything runs in it: mounts, modules, limits. What fails, the console tells. */
#ifndef MACHINE_H
#define MACHINE_H

#include <errno.h>
#include <fcntl.h>
#include <linux/random.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline void say(const char *what)
{
	fprintf(stderr, "init: %s: %s\n", what, strerror(errno));
}

static inline void mount_or_say(const char *what, const char *where, const char *type, unsigned long flags)
{
	if (mount(what, where, type, flags, NULL) && errno != EBUSY)
		say(where);
}

/* Devices without state only, bound one by one: a case must not reach the disks of the host. */
static const char *const DEVICES[] = { "null", "zero", "full", "random", "urandom" };
#define DEVICE_COUNT (sizeof(DEVICES) / sizeof(DEVICES[0]))

static inline void enter_host_root(const char *root)
{
	char from[64], to[4096];

	mount_or_say("none", "/", NULL, MS_REC | MS_PRIVATE);
	for (size_t i = 0; i < DEVICE_COUNT; i++) {
		snprintf(from, sizeof(from), "/dev/%s", DEVICES[i]);
		snprintf(to, sizeof(to), "%s/dev/%s", root, DEVICES[i]);
		close(open(to, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
		mount_or_say(from, to, NULL, MS_BIND);
	}
	if (chroot(root) || chdir("/")) {
		say(root);
		exit(1);
	}
}

/* The console tells which module does not load; the probes of the case find out what is missing then. */
static inline void load_module(const char *path)
{
	struct stat stat;
	void *image;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &stat) || !(image = malloc(stat.st_size))) {
		say(path);
		return;
	}
	if (read(fd, image, stat.st_size) != stat.st_size ||
	    (syscall(SYS_init_module, image, (unsigned long)stat.st_size, "") && errno != EEXIST))
		say(path);
	free(image);
	close(fd);
}

static inline void load_modules(void)
{
	FILE *order = fopen("/modules/order", "re");
	char path[512];

	while (order && fgets(path, sizeof(path), order)) {
		path[strcspn(path, "\n")] = 0;
		load_module(path);
	}
	if (order)
		fclose(order);
}

/*
 * A kernel that has connection tracking built in remembers each connection for two minutes, and drops all new ones when its
 * table is full: a small guest's has room for 12,000. The table of the running kernel is not the lab's to change.
 */
static inline void track_more(void)
{
	FILE *max = fopen("/proc/sys/net/netfilter/nf_conntrack_max", "we");

	if (max && (fprintf(max, "262144\n") < 0 || fclose(max)))
		say("nf_conntrack_max");
}

/*
 * A guest without disks and network gathers no entropy, and OpenSSL waits for it in getrandom(2): before Linux 5.6 for
 * minutes. Nothing here is secret, so what the kernel has counts as random.
 */
static inline void seed_random(void)
{
	/* As struct rand_pool_info. */
	struct {
		int bits, size;
		unsigned int words[16];
	} seed = { .bits = 8 * sizeof(seed.words), .size = sizeof(seed.words) };
	int fd = open("/dev/urandom", O_RDWR | O_CLOEXEC);

	if (fd < 0 || read(fd, seed.words, sizeof(seed.words)) < 0 || ioctl(fd, RNDADDENTROPY, &seed))
		say("/dev/urandom");
	if (fd >= 0)
		close(fd);
}

#endif
