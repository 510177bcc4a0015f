/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * members name dump file: compress a plain dump in this program's own way, with
 * and without lists of the members' sizes, break each of the bytes that say
 * where members are, cut the file there, lose members, and add some.  What is
 * read from "file" then must be what the dump has, or an error; and what was
 * broken must be noticed.  This is part of steps.c's program.
 */

#include <sys/types.h>

#include <fcntl.h>
#include <inttypes.h>
#include <kvm.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "../report.h"

#define	PAGE		4096
#define	PIECE		61440
#define	MEMBERS		16
#define	HEADER		18
#define	PAD		12		/* bytes, in the first member */

static uint8_t plain[MEMBERS * PIECE];
static size_t plainsize;
static u_int nmembers;
static uint8_t deflated[MEMBERS][65536];	/* with its trailer */
static size_t deflatedsize[MEMBERS];
static uint8_t whole[MEMBERS * 65536], file[MEMBERS * 65536 * 2];
static size_t wholesize, size;
static size_t at[MEMBERS + 1], data[MEMBERS];	/* member, its deflated bytes */
static const char *name, *path;
static char what[128];			/* was done to the file */
static u_int count;

static void
put(uint8_t *p, u_int n, uint32_t v)
{

	for (; n > 0; n--, v >>= 8)
		*p++ = v & 0xff;
}

static void
deflate_all(void)
{
	z_stream z;
	size_t len;
	u_int i;

	memset(&z, 0, sizeof(z));
	if (deflateInit2(&z, 1, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		exit(2);
	nmembers = (plainsize + PIECE - 1) / PIECE;
	for (i = 0; i < nmembers; i++) {
		len = i == nmembers - 1 ? plainsize - i * PIECE : PIECE;
		z.next_in = plain + i * PIECE;
		z.avail_in = len;
		z.next_out = deflated[i];
		z.avail_out = sizeof(deflated[i]);
		if (deflate(&z, Z_FINISH) != Z_STREAM_END)
			exit(2);
		put(deflated[i] + z.total_out, 4, crc32(0, plain + i * PIECE,
		    len));
		put(deflated[i] + z.total_out + 4, 4, len);
		deflatedsize[i] = z.total_out + 8;
		deflateReset(&z);
	}
	deflateEnd(&z);
}

/* Make the file, with lists for "group" members each; 0: an older one. */
static void
make(u_int group)
{
	uint8_t *p;
	u_int extra, i, j, last;

	p = whole;
	for (i = 0; i < nmembers; i++) {
		at[i] = p - whole;
		last = i + group < nmembers ? i + group : nmembers;
		extra = 0;
		if (group != 0 && i % group == 0)
			extra = 8 + 2 * (last - i - 1);
		memcpy(p, "\037\213\010\004\0\0\0\0\0\377\0\0BC\002", 16);
		if (group != 0)
			put(p + 4, 4, i);
		put(p + 10, 2, 6 + extra + (i == 0 ? PAD : 0));
		if (extra != 0) {
			memcpy(p + HEADER, "MI", 2);
			put(p + HEADER + 2, 2, extra - 4);
			for (j = i + 1; j < last; j++)
				put(p + HEADER + 8 + 2 * (j - i - 1), 2,
				    HEADER + deflatedsize[j] - 1);
			put(p + HEADER + 4, 4, crc32(0, p + HEADER + 8,
			    extra - 8));
		}
		if (i == 0) {
			memset(p + HEADER + extra, 0, PAD);
			memcpy(p + HEADER + extra, "MP", 2);
			put(p + HEADER + extra + 2, 2, PAD - 4);
			extra += PAD;
		}
		put(p + 16, 2, HEADER + extra + deflatedsize[i] - 1);
		p += HEADER + extra;
		data[i] = p - whole;
		memcpy(p, deflated[i], deflatedsize[i]);
		p += deflatedsize[i];
	}
	at[i] = wholesize = p - whole;
}

static void
restore(void)
{

	memcpy(file, whole, wholesize);
	size = wholesize;
}

/*
 * Open and read it all.  "noticed" is whether anything must be wrong, and
 * "pieces" how many have to be read all the same.
 */
static int
check(int noticed, u_int pieces)
{
	static char errbuf[_POSIX2_LINE_MAX];
	static uint8_t buf[PIECE];
	const struct kvm_dumpinfo *ki;
	kvm_t *kd;
	uint64_t ofs;
	ssize_t n;
	size_t len;
	u_int good;
	int fd, seen;

	count++;
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (fd == -1 || write(fd, file, size) != (ssize_t)size)
		exit(2);
	close(fd);
	kd = kvm_openfiles(NULL, path, NULL, O_RDONLY, errbuf);
	if (kd == NULL)
		return ((noticed && pieces == 0) ||
		    report(0, "%s: %s: %s", name, what, errbuf));
	ki = kvm_dumpinfo(kd);
	seen = kvm_warning(kd, 0) != NULL || ki->ki_size != plainsize;
	good = 0;
	for (ofs = 0; ofs < plainsize; ofs += PIECE) {
		n = kvm_pread(kd, buf, PIECE, ofs);
		len = plainsize - ofs < PIECE ? plainsize - ofs : PIECE;
		if (n > 0 && memcmp(buf, plain + ofs, n) != 0)
			return (report(0, "%s: %s: wrong bytes at %ju", name,
			    what, (uintmax_t)ofs));
		if (n == (ssize_t)len)
			good++;
		else
			seen = 1;
	}
	kvm_close(kd);
	if (seen != noticed)
		return (report(0, "%s: %s: %s", name, what, seen ?
		    "not all is read" : "not noticed"));
	if (good < pieces)
		return (report(0, "%s: %s: %u pieces of %u are read", name,
		    what, good, nmembers));
	return (1);
}

/* What has the header page and what opening needs is in the first two. */
static u_int
others(u_int i, u_int n)
{

	return (i < 2 ? 0 : nmembers - n);
}

/* Each byte that says where members are, in two ways, and a cut before it. */
static int
break_bytes(u_int group)
{
	u_int bit, i, pieces;
	size_t end, ofs;

	for (i = 0; i < nmembers; i++)
		for (ofs = at[i]; ofs < data[i]; ofs++) {
			/* A list, or padding, has no page. */
			end = data[i] - (i == 0 ? PAD : 0);
			pieces = others(i, 1);
			if ((ofs >= at[i] + HEADER + 4 && ofs < end) ||
			    ofs >= end + 4)
				pieces = nmembers;
			for (bit = 1; bit <= 128; bit *= ofs % 8 == 0 ? 2 :
			    128) {
				snprintf(what, sizeof(what), "group %u, member "
				    "%u, byte %zu, bit %u", group, i, ofs -
				    at[i], bit);
				restore();
				file[ofs] ^= bit;
				if (!check(1, pieces))
					return (0);
			}
			snprintf(what, sizeof(what), "group %u, cut in member "
			    "%u, byte %zu", group, i, ofs - at[i]);
			restore();
			size = ofs;
			if (i > 1 && !check(1, i))
				return (0);
		}
	return (1);
}

/* Members are lost, or are there twice. */
static int
move_members(u_int group)
{
	size_t len;
	u_int i, n;

	for (i = 2; i < nmembers; i++)
		for (n = 1; n < 4 && i + n + 1 < nmembers; n++) {
			snprintf(what, sizeof(what), "group %u, %u members "
			    "lost, from %u on", group, n, i);
			restore();
			memmove(file + at[i], file + at[i + n], size -
			    at[i + n]);
			size -= at[i + n] - at[i];
			if (!check(1, nmembers - n))
				return (0);
			snprintf(what, sizeof(what), "group %u, %u members "
			    "twice, from %u on", group, n, i);
			restore();
			len = at[i + n] - at[i];
			memmove(file + at[i + n] + len, file + at[i + n],
			    size - at[i + n]);
			memcpy(file + at[i + n], whole + at[i], len);
			size += len;
			if (!check(0, nmembers))
				return (0);
		}
	return (1);
}

/* Two members have changed places. */
static int
swap_members(u_int group)
{
	size_t len;
	u_int i;

	for (i = 2; i + 2 < nmembers; i++) {
		snprintf(what, sizeof(what), "group %u, member %u behind the "
		    "next", group, i);
		restore();
		len = at[i + 2] - at[i + 1];
		memcpy(file + at[i], whole + at[i + 1], len);
		memcpy(file + at[i] + len, whole + at[i], at[i + 1] - at[i]);
		if (!check(1, i))
			return (0);
	}
	return (1);
}

int
main(int argc, char **argv)
{
	static const u_int groups[] = { 0, 1, 3, 256 };
	ssize_t n;
	u_int i;
	int fd, good;

	if (argc != 4)
		return (2);
	name = argv[1];
	path = argv[3];
	fd = open(argv[2], O_RDONLY);
	n = read(fd, plain, sizeof(plain));
	close(fd);
	if (n <= 0 || n == sizeof(plain))
		return (2);
	plainsize = n;
	deflate_all();
	good = 1;
	for (i = 0; good && i < sizeof(groups) / sizeof(groups[0]); i++) {
		make(groups[i]);
		restore();
		snprintf(what, sizeof(what), "group %u", groups[i]);
		good = check(0, nmembers) && (groups[i] == 0 ||
		    (break_bytes(groups[i]) &&
		    move_members(groups[i]) && swap_members(groups[i])));
	}
	if (good)
		report(1, "%s: %u files of %u members", name, count, nmembers);
	return (report_status());
}
