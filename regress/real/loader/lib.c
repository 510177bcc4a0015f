/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * For the loader: memory, text, metadata records, and failure.
 */

#include <stdint.h>

#include "loader.h"

#define	COM1		0x3f8
#define	LSR		5
#define	LSR_THRE	0x20

extern char	loader_start[];		/* by the linker */

void *
memcpy(void *to, const void *from, unsigned int len)
{
	uint8_t *t;
	const uint8_t *f;

	for (t = to, f = from; len > 0; len--)
		*t++ = *f++;
	return (to);
}

void *
memset(void *to, int c, unsigned int len)
{
	uint8_t *t;

	for (t = to; len > 0; len--)
		*t++ = c;
	return (to);
}

/* Return whether "line" begins with "what". */
int
starts(const char *line, const char *what)
{

	for (; *what != '\0'; line++, what++)
		if (*line != *what)
			return (0);
	return (1);
}

/* Parse a number, decimal, or hexadecimal with 0x. */
uint32_t
number(const char *p)
{
	uint32_t n, base, digit;

	base = 10;
	if (starts(p, "0x")) {
		base = 16;
		p += 2;
	}
	for (n = 0; *p != '\0'; p++) {
		digit = *p <= '9' ? *p - '0' : (*p | 0x20) - 'a' + 10;
		if (digit >= base)
			die("boothowto is no number", 0);
		n = n * base + digit;
	}
	return (n);
}

static void
put(char c)
{
	uint8_t status;

	do {
		__asm__ __volatile__("inb %1, %0" : "=a" (status) :
		    "d" ((uint16_t)(COM1 + LSR)));
	} while ((status & LSR_THRE) == 0);
	__asm__ __volatile__("outb %0, %1" : : "a" (c), "d" ((uint16_t)COM1));
}

void
die(const char *what, uint32_t n)
{
	static const char hex[] = "0123456789abcdef";
	const char *p;
	int shift;

	for (p = "loader: "; *p != '\0'; p++)
		put(*p);
	for (; *what != '\0'; what++)
		put(*what);
	for (p = ": 0x"; *p != '\0'; p++)
		put(*p);
	for (shift = 28; shift >= 0; shift -= 4)
		put(hex[n >> shift & 15]);
	put('\r');
	put('\n');
	for (;;)
		__asm__ __volatile__("cli; hlt");
}

/* Check that there is room at an address, outside of the loader itself. */
void
check_room(uint32_t at, uint32_t len, const char *what)
{

	if (at < 0x100000 || at > (uint32_t)loader_start ||
	    len > (uint32_t)loader_start - at)
		die(what, at);
}

/* Write the header of a record; its data is padded to words. */
void
metadata_begin(struct metadata *m, uint32_t type, uint32_t size)
{
	uint32_t *p;

	check_room(m->at, 2 * sizeof(*p) + size + m->word, "no room for metadata at");
	p = (uint32_t *)m->at;
	p[0] = type;
	p[1] = size;
	m->at += 2 * sizeof(*p);
}

void
metadata_bytes(struct metadata *m, const void *data, uint32_t size)
{

	memcpy((void *)m->at, data, size);
	m->at += size;
}

void
metadata_end(struct metadata *m)
{

	while (m->at % m->word != 0)
		*(uint8_t *)m->at++ = 0;
}

void
metadata_string(struct metadata *m, uint32_t type, const char *s)
{
	uint32_t size;

	for (size = 0; s[size] != '\0'; size++)
		continue;
	size++;
	metadata_begin(m, type, size);
	metadata_bytes(m, s, size);
	metadata_end(m);
}

/* Write a word of the kernel's size. */
void
metadata_word(struct metadata *m, uint32_t type, uint32_t value)
{
	uint64_t wide;

	wide = value;
	metadata_begin(m, type, m->word);
	metadata_bytes(m, &wide, m->word);
	metadata_end(m);
}
