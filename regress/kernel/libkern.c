/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The parts of the kernel's library that the dump code and this kernel use.
 */

#include <sys/param.h>
#include <sys/systm.h>

#include "kern.h"

#ifdef __amd64__
#define	MOVS_LONG	"movsq"
#else
#define	MOVS_LONG	"movsl"
#endif

void
bcopy(const void *from, void *to, size_t len)
{
	const char *f;
	char *t;
	size_t n;

	f = from;
	t = to;
	if (t <= f || t >= f + len) {
		/* Words, as in 6.x: under TCG bytes take 10 % of a dump. */
		n = len / sizeof(long);
		__asm __volatile("rep; " MOVS_LONG
		    : "+D" (t), "+S" (f), "+c" (n) : : "memory");
		n = len % sizeof(long);
		__asm __volatile("rep; movsb"
		    : "+D" (t), "+S" (f), "+c" (n) : : "memory");
		return;
	}
	while (len-- > 0)
		t[len] = f[len];
}

void
bzero(void *to, size_t len)
{

	__asm __volatile("rep; stosb"
	    : "+D" (to), "+c" (len) : "a" (0) : "memory");
}

void *
memcpy(void *to, const void *from, size_t len)
{

	bcopy(from, to, len);
	return (to);
}

void *
memset(void *to, int c, size_t len)
{
	void *p;

	p = to;
	__asm __volatile("rep; stosb"
	    : "+D" (p), "+c" (len) : "a" (c) : "memory");
	return (to);
}

int
ffs(int mask)
{
	int bit;

	if (mask == 0)
		return (0);
	for (bit = 1; (mask & 1) == 0; bit++)
		mask = (u_int)mask >> 1;
	return (bit);
}

int
fls(int mask)
{
	int bit;

	for (bit = 0; mask != 0; bit++)
		mask = (u_int)mask >> 1;
	return (bit);
}

size_t
strlen(const char *s)
{
	const char *p;

	for (p = s; *p != '\0'; p++)
		continue;
	return (p - s);
}

size_t
strlcpy(char *dst, const char *src, size_t size)
{
	size_t i;

	for (i = 0; src[i] != '\0' && i + 1 < size; i++)
		dst[i] = src[i];
	if (size > 0)
		dst[i] = '\0';
	return (strlen(src));
}

int
strncmp(const char *a, const char *b, size_t len)
{

	for (; len > 0; a++, b++, len--)
		if (*a != *b || *a == '\0')
			return ((u_char)*a - (u_char)*b);
	return (0);
}

int
strcmp(const char *a, const char *b)
{

	return (strncmp(a, b, (size_t)-1));
}

#ifdef __i386__
/*
 * 64-bit division, which the compiler calls by these names.
 */
int64_t		__moddi3(int64_t n, int64_t d);
uint64_t	__udivdi3(uint64_t n, uint64_t d);
uint64_t	__umoddi3(uint64_t n, uint64_t d);
uint64_t	__udivmoddi4(uint64_t n, uint64_t d, uint64_t *rem);

uint64_t
__udivmoddi4(uint64_t n, uint64_t d, uint64_t *rem)
{
	uint64_t bit, q;

	q = 0;
	for (bit = 1; d < n && (d >> 63) == 0; bit <<= 1)
		d <<= 1;
	for (; bit != 0; bit >>= 1, d >>= 1)
		if (n >= d) {
			n -= d;
			q |= bit;
		}
	*rem = n;
	return (q);
}

uint64_t
__udivdi3(uint64_t n, uint64_t d)
{
	uint64_t rem;

	return (__udivmoddi4(n, d, &rem));
}

uint64_t
__umoddi3(uint64_t n, uint64_t d)
{
	uint64_t rem;

	(void)__udivmoddi4(n, d, &rem);
	return (rem);
}

/* The sign is that of n. */
int64_t
__moddi3(int64_t n, int64_t d)
{
	uint64_t rem;

	(void)__udivmoddi4(n < 0 ? -n : n, d < 0 ? -d : d, &rem);
	return (n < 0 ? -(int64_t)rem : (int64_t)rem);
}
#endif
