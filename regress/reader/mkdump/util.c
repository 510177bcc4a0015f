/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What all files of mkdump use.
 */

#include <sys/mman.h>

#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "mkdump.h"

void *
alloc(size_t n)
{
	void *p;

	p = calloc(n + 1, 1);
	if (p == NULL)
		err(2, "memory");
	return (p);
}

/* The same for what may be larger than memory, if little of it is used. */
void *
reserve(size_t n)
{
	void *p;

	p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON |
	    MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED)
		err(2, "memory");
	return (p);
}

uint64_t
round_page(uint64_t n)
{

	return ((n + PAGE - 1) / PAGE * PAGE);
}

void
put(u_char *p, uint64_t v, int size)
{

	for (; size > 0; size--, v >>= 8)
		*p++ = v & 0xff;
}

uint64_t
num(const char *s)
{
	char *end;
	uint64_t v;

	v = strtoull(s, &end, 0);
	if (*end != '\0' || *s == '\0')
		errx(2, "%s: not a number", s);
	return (v);
}

int
is_zero(const u_char *p, uint64_t len)
{

	return (p[0] == 0 && memcmp(p, p + 1, len - 1) == 0);
}
