/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The file as gzip members, as a kernel compresses it, and what breaks those.
 */

#include <err.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "mkdump.h"

uint64_t nmembers, member[MAXMEMBERS + 1], zsize;
u_char *zfile;
int bad[MAXMEMBERS + 1];

static uint64_t
mplace(const char *s)
{
	char *end;
	uint64_t n;

	n = *s == 'm' ? strtoull(s + 1, &end, 10) : UINT64_MAX;
	if (n > nmembers)
		errx(2, "%s: no member", s);
	if (*end == '+')
		return (member[n] + num(end + 1));
	if (*end == '-')
		return (member[n] - num(end + 1));
	return (member[n]);
}

/*
 * Put a member with these bytes at "p", with "pad" more in its header and
 * "junk" more behind the data.  Returns how many bytes it has.
 */
static uint64_t
deflate_member(u_char *p, u_char *plain, uint64_t len, uint64_t pad,
    uint64_t junk)
{
	static const u_char start[] = {
		0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 0x42, 0x43, 2
	};
	static z_stream z;
	uint64_t size;

	if (z.state == NULL && deflateInit2(&z, 1, Z_DEFLATED, -15, 8,
	    Z_DEFAULT_STRATEGY) != Z_OK)
		errx(2, "deflate");
	z.next_in = plain;
	z.avail_in = len;
	z.next_out = p + 18 + pad;
	z.avail_out = 65536;
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		errx(2, "deflate");
	size = 18 + pad + z.total_out + junk + 8;
	deflateReset(&z);
	if (size > 65536)
		errx(2, "a member of %ju bytes", (uintmax_t)size);
	memset(p, 0, 18 + pad);
	memcpy(p, start, sizeof(start));
	put(p + 16, size - 1, 2);
	put(p + size - 8, crc32(0, plain, len), 4);
	put(p + size - 4, len, 4);
	if (pad != 0) {
		put(p + 10, 6 + pad, 2);
		p[18] = 0x4d;
		p[19] = 0x50;
		put(p + 20, pad - 4, 2);
	}
	return (size);
}

/* Put member i of the file at the end of zfile. */
static void
gz_member(uint64_t i)
{
	static int waszero;
	uint64_t len;
	int zero;

	len = filesize - i * MEMBER;
	if (len > MEMBER)
		len = MEMBER;
	if (i == shortone)
		len -= 8;
	bad[i] = i == shortone || i == junkone;
	/* A blank one is like the blank one before it. */
	zero = i > 1 && len == MEMBER && !bad[i] &&
	    is_zero(file + i * MEMBER, len);
	if (zero && waszero) {
		len = member[i] - member[i - 1];
		memcpy(zfile + zsize, zfile + zsize - len, len);
		zsize += len;
	} else
		zsize += deflate_member(zfile + zsize, file + i * MEMBER, len,
		    0, i == junkone ? 8 : 0);
	waszero = zero;
}

/*
 * Make the first member, which ends there, longer, so that the file is a
 * multiple of this.
 */
static void
gz_pad(uint64_t end, uint64_t multiple)
{
	uint64_t i, len, pad;

	if (zsize % multiple == 0)
		return;
	pad = multiple - zsize % multiple;
	while (pad < 4)
		pad += multiple;
	memmove(zfile + end + pad, zfile + end, zsize - end);
	len = filesize < MEMBER ? filesize : MEMBER;
	if (shortone == 0)
		len -= 8;
	(void)deflate_member(zfile + member[0], file, len, pad,
	    junkone == 0 ? 8 : 0);
	for (i = 1; i <= nmembers; i++)
		member[i] += pad;
	zsize += pad;
}

/* Compress the file. */
void
gz(uint64_t multiple)
{
	static u_char nothing[1];
	uint64_t end, i, n;

	nmembers = (filesize + MEMBER - 1) / MEMBER;
	if (nmembers > MAXMEMBERS)
		errx(2, "too many members");
	zfile = reserve((nmembers + 2) * 65536 + MAXGROW);
	for (i = end = zsize = 0; i <= nmembers; i++) {
		for (n = 0; i == emptyone && n < nempty; n++)
			zsize += deflate_member(zfile + zsize, nothing, 0, 0,
			    0);
		member[i] = zsize;
		if (i < nmembers)
			gz_member(i);
		if (i == 0)
			end = zsize;
	}
	gz_pad(end, multiple);
}

void
describe_members(char **w)
{
	uint64_t i, n;

	if (strcmp(w[0], "flip") == 0 || strcmp(w[0], "zbyte") == 0) {
		n = mplace(w[1]);
		for (i = 0; i < nmembers - 1 && member[i + 1] <= n; i++)
			continue;
		bad[i] = 1;
		zfile[n] = w[0][0] == 'f' ? zfile[n] ^ 0xff :
		    num(w[2]);
	} else if (strcmp(w[0], "zcut") == 0) {
		zsize = mplace(w[1]);
		for (i = 0; i < nmembers && member[i + 1] <= zsize; i++)
			continue;
		filesize = i * MEMBER;
	} else if (strcmp(w[0], "lost") == 0)
		filesize = num(w[1]) * MEMBER;
	else
		grow(&zsize, num(w[1]));
}
