/* SPDX-License-Identifier: MIT */
/* Programs for a reuseport group, loaded by bpf(2): a program is an array of instructions, here without a library. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <linux/bpf.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SO_ATTACH_REUSEPORT_CBPF
#define SO_ATTACH_REUSEPORT_CBPF 51
#define SO_ATTACH_REUSEPORT_EBPF 52
#endif

/* Instructions, in the order of the kernel's own notation: destination, source, offset, constant. */
#define INSN(c, d, s, o, i) ((struct bpf_insn){ .code = (c), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i) })
#define MOVE(d, s) INSN(BPF_ALU64 | BPF_MOV | BPF_X, d, s, 0, 0)
#define SET(d, i) INSN(BPF_ALU64 | BPF_MOV | BPF_K, d, 0, 0, i)
#define ADD(d, i) INSN(BPF_ALU64 | BPF_ADD | BPF_K, d, 0, 0, i)
#define AND(d, i) INSN(BPF_ALU64 | BPF_AND | BPF_K, d, 0, 0, i)
#define LOAD(size, d, s, o) INSN(BPF_LDX | BPF_MEM | (size), d, s, o, 0)
#define STORE(size, d, o, s) INSN(BPF_STX | BPF_MEM | (size), d, s, o, 0)
#define STORE_CONST(size, d, o, i) INSN(BPF_ST | BPF_MEM | (size), d, 0, o, i)
#define ATOMIC_ADD(d, o, s) INSN(BPF_STX | BPF_XADD | BPF_DW, d, s, o, 0)
#define CALL(f) INSN(BPF_JMP | BPF_CALL, 0, 0, 0, f)
#define EXIT INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)
/* A map by its descriptor takes two instructions. */
#define MAP(d, fd) INSN(BPF_LD | BPF_DW | BPF_IMM, d, BPF_PSEUDO_MAP_FD, 0, fd), INSN(0, 0, 0, 0, 0)
/* Jumps over the next n instructions; a MAP is two. */
#define SKIP_IF_CONST(how, d, i, n) INSN(BPF_JMP | (how) | BPF_K, d, 0, n, i)
#define SKIP_IF(how, d, s, n) INSN(BPF_JMP | (how) | BPF_X, d, s, n, 0)

static inline int bpf_call(enum bpf_cmd command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

/* Loads a program. Returns its descriptor, or -1 with errno. */
static inline int bpf_load(enum bpf_prog_type type, uint32_t attach_type, const struct bpf_insn *code, size_t count)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = type;
	attr.expected_attach_type = attach_type;
	attr.insns = (uintptr_t)code;
	attr.insn_cnt = count;
	attr.license = (uintptr_t)"GPL";
	return bpf_call(BPF_PROG_LOAD, &attr);
}

/*
 * Attaches a program that selects nothing to the reuseport group of a socket: the kernel's hash selects, for a new
 * connection and, as the program says that it is for both, for one that waits in a listener which closes (5.14).
 * Returns 0, or -1 with errno.
 */
static inline int attach_migrate(int fd)
{
	const struct bpf_insn code[] = { SET(BPF_REG_0, SK_PASS), EXIT };
	int program = bpf_load(BPF_PROG_TYPE_SK_REUSEPORT, BPF_SK_REUSEPORT_SELECT_OR_MIGRATE, code, 2);

	return program < 0 ? -1 :
	       setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_EBPF, &program, sizeof(program));
}

/* Makes a map whose keys are 32-bit indices. Returns its descriptor, or -1 with errno. */
static inline int bpf_map(enum bpf_map_type type, uint32_t value_size, uint32_t entries)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_type = type;
	attr.key_size = sizeof(uint32_t);
	attr.value_size = value_size;
	attr.max_entries = entries;
	return bpf_call(BPF_MAP_CREATE, &attr);
}

/* Writes (BPF_MAP_UPDATE_ELEM) or reads (BPF_MAP_LOOKUP_ELEM) one entry of a map. Returns 0, or -1 with errno. */
static inline int bpf_entry(enum bpf_cmd command, int map, uint32_t key, uint64_t *value)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_fd = map;
	attr.key = (uintptr_t)&key;
	attr.value = (uintptr_t)value;
	return bpf_call(command, &attr);
}

/* Gives a map a name below /sys/fs/bpf (BPF_OBJ_PIN), or finds it by that (BPF_OBJ_GET). Returns -1 with errno. */
static inline int bpf_name(enum bpf_cmd command, int map, const char *path)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.pathname = (uintptr_t)path;
	attr.bpf_fd = map;
	return bpf_call(command, &attr);
}

#endif
