/* SPDX-License-Identifier: MIT */
/* A terminal of the guest's own. Everything that this needs is in 2.6.32. */
#ifndef TERMINAL_H
#define TERMINAL_H

#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "frame.h"

/*
 * Opens the master of a new terminal. Its file system is mounted for it: an instance of its own, which has its master in
 * it, where the kernel is configured for several, as all are from 4.7 on. Returns -1 with errno.
 */
static inline int open_master(void)
{
	int fd;

	mkdir("/dev/pts", 0755);
	if (mount("devpts", "/dev/pts", "devpts", 0, "newinstance,ptmxmode=0600"))
		mount("devpts", "/dev/pts", "devpts", 0, NULL);
	fd = open("/dev/pts/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
	return fd >= 0 ? fd : open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
}

/* Opens the other end of a terminal. Returns -1 with errno. */
static inline int open_slave(int master)
{
	int number, unlock = 0;
	char path[32];

	if (ioctl(master, TIOCSPTLCK, &unlock) || ioctl(master, TIOCGPTN, &number))
		return -1;
	snprintf(path, sizeof(path), "/dev/pts/%d", number);
	return open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
}

/* Gives a terminal the size that a frame tells, if it does. */
static inline void resize(int fd, const struct frame *frame)
{
	struct winsize size = { 0 };

	if (frame->size < 4)
		return;
	size.ws_row = frame->data[0] << 8 | frame->data[1];
	size.ws_col = frame->data[2] << 8 | frame->data[3];
	/* The kernel tells those who run there (SIGWINCH). */
	ioctl(fd, TIOCSWINSZ, &size);
}

#endif
