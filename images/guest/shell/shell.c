// SPDX-License-Identifier: MIT
/*
 * shell FD: a shell for somebody outside of the guest, who is at the other end of a serial port or of a socket: frames
 * (frame.h) go both ways. With a terminal there the shell has one here, with the same size; else it reads what is typed as
 * a script, and its standard error is apart. Ends with 0 when the shell has ended and its status has been sent.
 *
 * What runs is /shell/open. Everything that this needs is in 2.6.32.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "terminal.h"

#define NONE (-1)

static struct {
	int port;
	pid_t pid;
	int in, out, err;	/* of the shell; NONE where it is closed. With a terminal in and out are one */
	bool terminal, over;	/* over: nothing more is typed */
	uint8_t typed[FRAME_WINDOW];
	size_t waiting;		/* bytes of typed that the shell has not taken */
} shell = { .in = NONE, .out = NONE, .err = NONE };

__attribute__((noreturn))
static void give_up(const char *what)
{
	fprintf(stderr, "shell: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void send_frame(char kind, const void *data, uint16_t size)
{
	if (!frame_send(shell.port, kind, data, size))
		give_up("nobody reads");
}

static void set_nonblocking(int fd)
{
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

/* Starts the shell with these descriptors, in a session of its own. */
static void start(int in, int out, int err)
{
	sigset_t none;

	shell.pid = fork();
	if (shell.pid < 0)
		give_up("fork");
	if (shell.pid) {
		close(in);
		if (out != in)
			close(out);
		if (err != out)
			close(err);
		return;
	}
	setsid();
	if (shell.terminal)
		ioctl(in, TIOCSCTTY, 0);
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execl("/bin/sh", "sh", "/shell/open", (char *)NULL);
	_exit(127);
}

static void start_with_terminal(const struct frame *size)
{
	int slave;

	shell.terminal = true;
	shell.in = shell.out = open_master();
	if (shell.in < 0)
		give_up("no terminal");
	resize(shell.in, size);
	slave = open_slave(shell.in);
	if (slave < 0)
		give_up("no other end of the terminal");
	start(slave, slave, slave);
}

static void start_with_pipes(void)
{
	int in[2], out[2], err[2];

	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC))
		give_up("pipe");
	shell.in = in[1];
	shell.out = out[0];
	shell.err = err[0];
	start(in[0], out[1], err[1]);
}

static void begin(const struct frame *frame)
{
	if (frame->size)
		start_with_terminal(frame);
	else
		start_with_pipes();
	set_nonblocking(shell.in);
	set_nonblocking(shell.out);
	if (shell.err != NONE)
		set_nonblocking(shell.err);
}

static void acknowledge(size_t size)
{
	uint8_t taken[2] = { size >> 8, size & 255 };

	send_frame('A', taken, sizeof(taken));
}

/* Gives the shell what was typed, as far as it takes it. One that has closed its input takes all, and loses it. */
static void feed(void)
{
	ssize_t taken = shell.waiting;

	if (shell.waiting && shell.in != NONE) {
		taken = write(shell.in, shell.typed, shell.waiting);
		if (taken < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (taken < 0)
			taken = shell.waiting;
	}
	if (taken) {
		shell.waiting -= taken;
		memmove(shell.typed, shell.typed + taken, shell.waiting);
		acknowledge(taken);
	}
	if (!shell.over || shell.waiting || shell.in == NONE)
		return;
	/* A terminal is not closed as a pipe is: it hangs up. */
	if (shell.terminal) {
		kill(-shell.pid, SIGHUP);
	} else {
		close(shell.in);
		shell.in = NONE;
	}
	shell.over = false;
}

static void take(const struct frame *frame)
{
	if (frame->kind == 'W' && shell.terminal)
		resize(shell.in, frame);
	if (frame->kind != 'I')
		return;
	if (frame->size > sizeof(shell.typed) - shell.waiting) {
		errno = EOVERFLOW;
		give_up("more was typed than may be under way");
	}
	memcpy(shell.typed + shell.waiting, frame->data, frame->size);
	shell.waiting += frame->size;
	shell.over |= !frame->size;
	feed();
}

/* Takes every frame that came. The first one begins. */
static void receive(struct frame_reader *reader)
{
	struct frame frame;

	if (!frame_fill(reader, shell.port))
		give_up("nobody is there any more");
	while (frame_next(reader, &frame)) {
		if (shell.pid)
			take(&frame);
		else if (frame.kind == 'S')
			begin(&frame);
		frame_drop(reader, &frame);
	}
	if (frame.kind) {
		errno = EPROTO;
		give_up("what came is no frame");
	}
}

/* Sends what the shell has printed. Returns false where there is nothing now. A terminal that nobody has open any more
 * ends with EIO. */
static bool relay(int *fd, char kind)
{
	uint8_t text[FRAME_DATA];
	ssize_t size = *fd == NONE ? -1 : read(*fd, text, sizeof(text));

	if (size > 0) {
		send_frame(kind, text, size);
		return true;
	}
	if (*fd != NONE && (!size || (errno != EAGAIN && errno != EINTR))) {
		if (*fd == shell.in)
			shell.in = NONE;
		close(*fd);
		*fd = NONE;
	}
	return false;
}

/* Carries bytes until the shell has ended. Returns its status, as a shell would tell it. */
static int carry(struct frame_reader *reader, const sigset_t *waiting)
{
	int status;

	while (!shell.pid || waitpid(shell.pid, &status, WNOHANG) != shell.pid) {
		struct pollfd all[] = {
			{ .fd = shell.port, .events = POLLIN },
			{ .fd = shell.waiting ? shell.in : NONE, .events = POLLOUT },
			{ .fd = shell.out, .events = POLLIN },
			{ .fd = shell.err, .events = POLLIN },
		};

		/* The end of the shell is a signal, which comes here and nowhere else. */
		if (ppoll(all, sizeof(all) / sizeof(all[0]), NULL, waiting) < 0)
			continue;
		if (all[0].revents)
			receive(reader);
		if (all[1].revents)
			feed();
		if (all[2].revents)
			relay(&shell.out, 'O');
		if (all[3].revents)
			relay(&shell.err, 'E');
	}
	/* What it left behind may hold these open for ever; what it has printed itself is there. */
	while (relay(&shell.out, 'O'))
		;
	while (relay(&shell.err, 'E'))
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void on_child(int sig)
{
	(void)sig;
}

int main(int argc, char **argv)
{
	struct sigaction ended = { .sa_handler = on_child };
	static struct frame_reader reader;
	sigset_t child, before;
	uint8_t status;

	if (argc != 2) {
		fprintf(stderr, "usage: shell FD\n");
		return 2;
	}
	shell.port = atoi(argv[1]);
	fcntl(shell.port, F_SETFD, FD_CLOEXEC);
	signal(SIGPIPE, SIG_IGN);
	sigaction(SIGCHLD, &ended, NULL);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, &before);
	status = carry(&reader, &before);
	send_frame('X', &status, sizeof(status));
	return 0;
}
