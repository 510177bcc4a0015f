/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Text for display: kvm_nextchar(), which escapes the library's messages and
 * all that vmcore(8) prints.  It alone decides what is escaped; its callers
 * decide how the escape is written.
 */

#include <sys/types.h>

#include <kvm.h>

/*
 * Characters that must not be printed as they are, in ascending order; ranges
 * include both ends.
 */
static const struct {
	uint32_t	first;
	uint32_t	last;
} hidden[] = {
	{ 0x0000, 0x001f },	/* control characters: C0, */
	{ 0x007f, 0x009f },	/* DEL and C1 */
	{ 0x061c, 0x061c },	/* they change the direction of text: marks, */
	{ 0x200e, 0x200f },
	{ 0x2028, 0x202e },	/* line separators, embeddings, overrides, */
	{ 0x2066, 0x2069 },	/* and isolates */
};
#define	NHIDDEN		(sizeof(hidden) / sizeof(hidden[0]))

/*
 * Length in bytes of the UTF-8 character at p, where n bytes are left; 0 if
 * there is none: an overlong form, a surrogate, or beyond U+10ffff.
 */
static size_t
utf8_len(const u_char *p, size_t n)
{
	size_t i, len;
	u_char high, low;

	low = 0x80;
	high = 0xbf;
	if (p[0] < 0x80)
		return (1);
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		len = 2;
	else if (p[0] >= 0xe0 && p[0] <= 0xef) {
		len = 3;
		low = p[0] == 0xe0 ? 0xa0 : low;
		high = p[0] == 0xed ? 0x9f : high;
	} else if (p[0] >= 0xf0 && p[0] <= 0xf4) {
		len = 4;
		low = p[0] == 0xf0 ? 0x90 : low;
		high = p[0] == 0xf4 ? 0x8f : high;
	} else
		return (0);
	if (n < len || p[1] < low || p[1] > high)
		return (0);
	for (i = 2; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return (0);
	return (len);
}

size_t
kvm_nextchar(const char *text, size_t len, uint32_t *c, int *show)
{
	const u_char *p;
	size_t i, n;

	p = (const u_char *)text;
	n = utf8_len(p, len);
	*c = p[0];
	*show = n != 0;
	if (n == 0)
		return (1);
	if (n > 1)
		*c &= 0x7f >> n;
	for (i = 1; i < n; i++)
		*c = *c << 6 | (p[i] & 0x3f);
	for (i = 0; i < NHIDDEN && *c >= hidden[i].first; i++)
		if (*c <= hidden[i].last)
			*show = 0;
	return (n);
}
