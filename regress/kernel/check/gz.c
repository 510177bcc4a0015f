/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The promises of compressed dumps: gzip members that state their own size and
 * number, each of which can be decompressed alone, and some of which state the
 * sizes of others.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "check.h"

#define	PLAIN		61440		/* bytes in a member */
#define	MEMBER_MAX	65536
#define	BLOCK		512
#define	PAD_MAX		(BLOCK + 3)	/* pads it to whole blocks */
#define	GROUP		256		/* members, the first with all sizes */

/*
 * Check the subfields behind BC, "extra" bytes, of member n, whose next is at
 * "next" with "left" bytes.  Returns how many of them are padding, or -1.
 */
static int
check_subfields(const uint8_t *p, uint64_t extra, uint64_t n,
    const uint8_t *next, uint64_t left)
{
	uint64_t i, len;

	if (n % GROUP == 0) {
		len = little(p + 2, 2);
		if (extra < 8 || memcmp(p, "MI", 2) != 0 || len < 4 ||
		    len % 2 != 0 || len > extra - 4 || len > 2 + 2 * GROUP ||
		    little(p + 4, 4) != crc32(0, p + 8, len - 4))
			return (fail("its list of sizes") - 1);
		for (i = 8; i < 4 + len; i += 2) {
			if (left < 26 || little(p + i, 2) != little(next + 16,
			    2) || little(p + i, 2) >= left)
				return (fail("size %ju of its list",
				    (uintmax_t)i / 2 - 4) - 1);
			left -= little(p + i, 2) + 1;
			next += little(p + i, 2) + 1;
		}
		if (left != 0 && len != 2 + 2 * GROUP)
			return (fail("its list of sizes is short") - 1);
		p += 4 + len;
		extra -= 4 + len;
	}
	if (extra == 0)
		return (0);
	if (n != 0 || extra < 4 || extra > PAD_MAX ||
	    memcmp(p, "MP", 2) != 0 || little(p + 2, 2) != extra - 4)
		return (fail("its padding, %ju bytes", (uintmax_t)extra) - 1);
	for (i = 4; i < extra; i++)
		if (p[i] != 0)
			return (fail("its padding is not zero") - 1);
	return (extra);
}

/*
 * Decompress member n, at "p", of at most "left" bytes, to "to".  Returns its
 * size, or 0 if it is damaged.
 */
static uint64_t
take_member(const uint8_t *p, uint64_t left, uint64_t n, uint8_t *to,
    uint64_t *lenp, int *padp)
{
	z_stream stream;
	uint64_t extra, size;
	int error;

	if (left < 26 || memcmp(p, "\x1f\x8b\x08\x04", 4) != 0 ||
	    memcmp(p + 8, "\0\xff", 2) != 0 || memcmp(p + 12, "BC\2", 4) != 0)
		return (fail("a member's header"));
	if (little(p + 4, 4) != n)
		return (fail("it says that it is %ju, not %ju",
		    (uintmax_t)little(p + 4, 4), (uintmax_t)n));
	extra = little(p + 10, 2);
	size = little(p + 16, 2) + 1;
	if (size > left || size > MEMBER_MAX || extra < 6 ||
	    12 + extra + 8 > size)
		return (fail("its size is %ju, of the extra field %ju",
		    (uintmax_t)size, (uintmax_t)extra));
	*padp = check_subfields(p + 18, extra - 6, n, p + size, left - size);
	if (*padp == -1)
		return (0);
	memset(&stream, 0, sizeof(stream));
	stream.next_in = (uint8_t *)(uintptr_t)(p + 12 + extra);
	stream.avail_in = size - 12 - extra - 8;
	stream.next_out = to;
	stream.avail_out = PLAIN;
	if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
		die("inflateInit2");
	error = inflate(&stream, Z_FINISH);
	*lenp = PLAIN - stream.avail_out;
	inflateEnd(&stream);
	if (error != Z_STREAM_END || stream.avail_in != 0)
		return (fail("it is broken after %ju bytes",
		    (uintmax_t)*lenp));
	if (little(p + size - 8, 4) != crc32(0, to, *lenp) ||
	    little(p + size - 4, 4) != *lenp)
		return (fail("a member's checksum or length"));
	return (size);
}

void
check_members(struct dump *d)
{
	struct member *mp;
	uint8_t *plain;
	uint64_t ofs, size;
	int first, pad;

	first = pad = 0;
	promise("it is made of members that can be read alone");
	plain = NULL;
	for (ofs = 0; ofs < d->storedlen; ofs += size) {
		d->member = realloc(d->member,
		    (d->nmembers + 1) * sizeof(*d->member));
		plain = realloc(plain, d->length + PLAIN);
		if (d->member == NULL || plain == NULL)
			die("no memory");
		mp = &d->member[d->nmembers++];
		mp->ofs = d->length;
		size = mp->size = take_member(d->stored + ofs,
		    d->storedlen - ofs, d->nmembers - 1, plain + d->length,
		    &mp->len, &pad);
		if (ofs == 0)
			first = pad;
		if (size == 0) {
			kept("%s", "");
			return;
		}
		if (mp->len != PLAIN && ofs + size != d->storedlen)
			fail("member %ju has %ju bytes",
			    (uintmax_t)d->nmembers, (uintmax_t)mp->len);
		d->length += mp->len;
	}
	if (d->storedlen % BLOCK != 0 || d->length % PAGESIZE != 0)
		fail("%ju bytes of %ju", (uintmax_t)d->storedlen,
		    (uintmax_t)d->length);
	if (d->storedlen > d->length * 1.002 + BLOCK)
		fail("%ju bytes of %ju: not smaller", (uintmax_t)d->storedlen,
		    (uintmax_t)d->length);
	d->core = plain;
	kept(": %ju members, %ju bytes of %ju (%.1f %%), %d of padding",
	    (uintmax_t)d->nmembers, (uintmax_t)d->storedlen,
	    (uintmax_t)d->length, 100.0 * d->storedlen / d->length, first);
}

void
check_gunzip(const struct dump *d, const char *core)
{
	char command[128];
	uint8_t *buf;
	FILE *fp;
	size_t n;

	promise("gunzip makes the same of it");
	snprintf(command, sizeof(command), "gunzip <%s", core);
	fp = popen(command, "r");
	buf = malloc(d->length + 1);
	if (fp == NULL || buf == NULL)
		die("gunzip: %s", strerror(errno));
	n = fread(buf, 1, d->length + 1, fp);
	if (pclose(fp) != 0)
		fail("it fails");
	if (n != d->length || memcmp(buf, d->core, n) != 0)
		fail("%zu bytes", n);
	free(buf);
	kept(": %ju bytes", (uintmax_t)n);
}

/*
 * Return the bytes of all members that have only pages of this content, and in
 * "*plainp" the bytes of those pages.
 */
static uint64_t
size_of(const struct manifest *m, const struct dump *d, int content,
    uint64_t *plainp)
{
	const struct member *mp;
	uint8_t *is;
	uint64_t i, size;

	is = calloc(d->length / PAGESIZE, 1);
	if (is == NULL)
		die("no memory");
	for (i = 0; i < m->nframes; i++)
		if (m->frame[i].page != NULL &&
		    (int)m->frame[i].content == content)
			is[(m->frame[i].page - d->core) / PAGESIZE] = 1;
	size = *plainp = 0;
	for (mp = d->member; mp < d->member + d->nmembers; mp++)
		if (memchr(is + mp->ofs / PAGESIZE, 0, mp->len / PAGESIZE) ==
		    NULL) {
			*plainp += mp->len;
			size += mp->size;
		}
	free(is);
	return (size);
}

void
check_growth(const struct manifest *m, const struct dump *d)
{
	uint64_t plain, size;

	promise("what cannot be compressed grows by less than 0.2 %%");
	size = size_of(m, d, F_FILL, &plain);
	if (plain == 0)
		fail("there is none");
	if (size > plain * 1.002)
		fail("%ju bytes of %ju", (uintmax_t)size, (uintmax_t)plain);
	kept(": %ju bytes of %ju", (uintmax_t)size, (uintmax_t)plain);

	promise("text shrinks to less than a quarter");
	size = size_of(m, d, F_TEXT, &plain);
	if (size > plain / 4)
		fail("%ju bytes of %ju", (uintmax_t)size, (uintmax_t)plain);
	kept(": %ju bytes of %ju", (uintmax_t)size, (uintmax_t)plain);
}
