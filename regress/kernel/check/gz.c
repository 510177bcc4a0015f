/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The promises of compressed dumps: gzip members that state their own size,
 * each of which can be decompressed alone.
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

/*
 * Decompress the member at "p", of at most "left" bytes, to "to".  Returns its
 * size, or 0 if it is damaged.
 */
static uint64_t
take_member(const uint8_t *p, uint64_t left, int first, uint8_t *to,
    uint64_t *lenp)
{
	static const uint8_t magic[] = {
		0x1f, 0x8b, 0x08, 0x04, 0, 0, 0, 0, 0, 0xff
	};
	z_stream stream;
	uint64_t extra, i, size;
	int error;

	if (left < 26 || memcmp(p, magic, sizeof(magic)) != 0 ||
	    memcmp(p + 12, "BC\2", 4) != 0)
		return (fail("a member's header"));
	extra = little(p + 10, 2);
	size = little(p + 16, 2) + 1;
	if (size > left || size > MEMBER_MAX || extra < 6 ||
	    12 + extra + 8 > size)
		return (fail("its size is %ju, of the extra field %ju",
		    (uintmax_t)size, (uintmax_t)extra));
	if (extra != 6) {
		if (!first || extra < 10 || extra - 6 > PAD_MAX ||
		    memcmp(p + 18, "MP", 2) != 0 ||
		    little(p + 20, 2) != extra - 10)
			return (fail("its padding, %ju bytes",
			    (uintmax_t)extra - 6));
		for (i = 22; i < 12 + extra; i++)
			if (p[i] != 0)
				return (fail("its padding is not zero"));
	}
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
		    d->storedlen - ofs, ofs == 0, plain + d->length, &mp->len);
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
	kept(": %ju members, %ju bytes of %ju (%.1f %%), %ju of padding",
	    (uintmax_t)d->nmembers, (uintmax_t)d->storedlen,
	    (uintmax_t)d->length, 100.0 * d->storedlen / d->length,
	    (uintmax_t)little(d->stored + 10, 2) - 6);
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
