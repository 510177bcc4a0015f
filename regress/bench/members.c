/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The kernel's side of deflate.c: compiled as the stand-in kernel for amd64 is,
 * and linked with the compressor of that kernel into a program of the host.
 * Gives it a dump that is in memory.
 */

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/minidump.h>

#include <vm/vm.h>
#include <vm/pmap.h>

#include <kern/minidump_md.h>
#include <kern/minidump_int.h>

uint64_t	bench_members(const void *dump, size_t len);

static char	arena[MINIDUMP_GZ_ARENA] __aligned(PAGE_SIZE);
static const char *pages;
static uint64_t	compressed;

const void *
minidump_page(struct minidump *md __unused, uint64_t i)
{

	return (pages + i * PAGE_SIZE);
}

static int
put(struct minidump *md __unused, uint64_t i __unused,
    const void *buf __unused, size_t len)
{

	compressed += len;
	return (0);
}

/* Compress "len" bytes, whole pages, and return how many bytes that gives. */
uint64_t
bench_members(const void *dump, size_t len)
{
	static struct minidump md;

	pages = dump;
	md.npages = len / PAGE_SIZE;
	return (minidump_gz(&md, arena, put) == 0 ? compressed : 0);
}
