/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The simulated machine (see sim.h): random numbers, the console, and the rest
 * of the kernel's library.
 */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim_int.h"

char console[CONSOLE_SIZE];
char sim_error[256];

static uint64_t rnd_state;

void
sim_fail(const char *fmt, ...)
{
	va_list ap;

	if (sim_error[0] != '\0')
		return;
	va_start(ap, fmt);
	vsnprintf(sim_error, sizeof(sim_error), fmt, ap);
	va_end(ap);
}

void *
sim_grow(void *mem, size_t *size, size_t len)
{

	if (len <= *size)
		return (mem);
	free(mem);
	mem = malloc(len);
	if (mem == NULL) {
		perror("malloc");
		exit(2);
	}
	*size = len;
	return (mem);
}

void
rnd_seed(uint64_t seed)
{

	rnd_state = seed;
}

uint64_t
rnd(void)
{
	uint64_t x;

	rnd_state += 0x9e3779b97f4a7c15ULL;
	x = rnd_state;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return (x ^ (x >> 31));
}

uint64_t
rnd_below(uint64_t n)
{

	return (n == 0 ? 0 : rnd() % n);
}

void
rnd_fill(void *buf, size_t len)
{
	uint64_t *p;

	for (p = buf; len > 0; len -= sizeof(*p))
		*p++ = rnd();
}

int
chance(unsigned percent)
{

	return (rnd_below(100) < percent);
}

int
sim_getc(void)
{

	run_others(1);
	if (dev.any_hook != NULL)
		(*dev.any_hook)();
	return (++dev.polls == dev.key_poll ? dev.key : -1);
}

void
sim_vprintf(const char *fmt, __builtin_va_list ap)
{
	size_t used;

	used = strlen(console);
	vsnprintf(console + used, sizeof(console) - used, fmt, ap);
}

/* The sanitizer's memmove() is slow. */
void
sim_copy(const void *from, void *to, size_t len)
{

	if ((uintptr_t)to - (uintptr_t)from < len ||
	    (uintptr_t)from - (uintptr_t)to < len)
		memmove(to, from, len);
	else
		memcpy(to, from, len);
}

void
sim_zero(void *to, size_t len)
{

	memset(to, 0, len);
}

size_t
sim_strlcpy(char *dst, const char *src, size_t size)
{
	size_t len;

	len = strlen(src);
	if (size > 0) {
		memcpy(dst, src, len < size ? len + 1 : size);
		dst[size - 1] = '\0';
	}
	return (len);
}

void
sim_dump(void)
{

	console[0] = '\0';
	mem_maps = mem_loads = 0;
	kern_dump(dev.mediaoffset, dev.mediasize, dev.blocksize);
	unmap_slots();
}
