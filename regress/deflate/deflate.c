/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The compressor and the checksum of compressed minidumps, against zlib: what
 * is compressed must inflate to the same bytes, and the checksums be the same.
 *
 *	deflate NAME		all cases; NAME is put into their names
 *	deflate -l NAME		every length, which takes some seconds, or a
 *				minute or two where it is emulated
 *	deflate -c FILE ...	sizes: bytes read, members made of them, in one
 *				line a file; what is made is checked, too
 */

#include <sys/types.h>

#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <kern/minidump_deflate.h>
#include <kern/minidump_codes.h>

#include "../report.h"

#define	MOST		MINIDUMP_DEFLATE_MOST
#define	MEMBER		26	/* bytes of a member besides */
#define	GUARD		64
#define	MARK		0xc3

static struct minidump_deflate z;
static struct minidump_crc crctable;
static unsigned char piece[MOST], plain[MOST];
static unsigned char room[GUARD + MINIDUMP_DEFLATE_ROOM(MOST) + GUARD];
static char why[200];

static uint32_t
rnd(void)
{
	static uint32_t x = 1;

	x = x * 1664525 + 1013904223;
	return (x >> 8);
}

static int
wrong(const char *what, size_t len)
{

	snprintf(why, sizeof(why), "%zu bytes: %s", len, what);
	return (0);
}

/*
 * Compress "len" bytes of "piece" and look at the result.  Returns how many
 * bytes it has, 0 if it is wrong.
 */
static size_t
check(size_t len)
{
	static z_stream stream;
	static int ready;
	unsigned char *from, *to;
	uint32_t crc;
	size_t i, n;
	int error;

	to = room + GUARD;
	/* Memory of its own, for sanitizers. */
	from = malloc(len == 0 ? 1 : len);
	if (from == NULL)
		err(1, "memory");
	memcpy(from, piece, len);
	memset(room, MARK, GUARD);
	memset(to + MINIDUMP_DEFLATE_ROOM(len), MARK, GUARD);
	n = minidump_deflate(&z, from, len, to);
	error = memcmp(from, piece, len);
	crc = minidump_crc32(&crctable, from, len);
	free(from);
	if (z.ntokens > MINIDUMP_DEFLATE_TOKENS + 1)
		return (wrong("more tokens than there is room for", len));
	if (error != 0)
		return (wrong("the input is changed", len));
	for (i = 0; i < GUARD; i++)
		if (room[i] != MARK ||
		    to[MINIDUMP_DEFLATE_ROOM(len) + i] != MARK)
			return (wrong("it writes outside of its room", len));
	if (n > MINIDUMP_DEFLATE_MAX(len))
		return (wrong("too long", len));
	if (crc != crc32(0, piece, len))
		return (wrong("crc32", len));
	if (ready == 0 && inflateInit2(&stream, -MAX_WBITS) != Z_OK)
		errx(1, "inflateInit2");
	ready = 1;
	inflateReset(&stream);
	stream.next_in = to;
	stream.avail_in = n;
	stream.next_out = plain;
	stream.avail_out = sizeof(plain);
	error = inflate(&stream, Z_FINISH);
	if (error != Z_STREAM_END || stream.avail_in != 0)
		return (wrong("it does not inflate", len));
	if (sizeof(plain) - stream.avail_out != len ||
	    memcmp(plain, piece, len) != 0)
		return (wrong("it inflates to other bytes", len));
	return (n);
}

/* ---- What is compressed: "n" tells one from another */

static void
fill_zeros(unsigned n)
{

	memset(piece, n, sizeof(piece));
}

static void
fill_noise(unsigned n)
{
	size_t i;

	for (i = 0; i < sizeof(piece); i++)
		piece[i] = rnd() & (n == 0 ? 0xff : (1 << n) - 1);
}

/* Pages of noise, and others. */
static void
fill_mixed(unsigned n)
{
	size_t i;

	for (i = 0; i < sizeof(piece); i++)
		piece[i] = i / (512 << n) % 2 == 0 ? rnd() : i / 100;
}

/* An array of structures: n + 1 fields of 8 bytes, half of them pointers. */
static void
fill_structs(unsigned n)
{
	uint64_t v;
	size_t i;

	for (i = 0; i + 8 <= sizeof(piece); i += 8) {
		switch (i / 8 % (n + 1) % 4) {
		case 0:
			v = 0xffffffff80000000 + (rnd() & 0xffffc0);
			break;
		case 1:
			v = rnd() % 16 == 0 ? rnd() : 1;
			break;
		case 2:
			v = 0xffffff0001000000 + i;
			break;
		default:
			v = 0;
			break;
		}
		memcpy(piece + i, &v, sizeof(v));
	}
}

static void
fill_text(unsigned n)
{
	static const char *const words[] = {
		"the ", "kernel ", "page ", "fault", "%s: ", "panic", "\n",
		"can't ", "mutex ", "0x%x", ", ", "not found", "()", "_lock"
	};
	const char *p;
	size_t i;

	p = "";
	for (i = 0; i < sizeof(piece); i++) {
		if (*p == '\0')
			p = words[rnd() % 14];
		piece[i] = rnd() % 1000 < n ? rnd() : (unsigned char)*p;
		p++;
	}
}

/* Each distance that there is, at the shortest length: and none beyond. */
static void
fill_far(unsigned n)
{
	size_t i, dist;

	dist = 32768 - 2 + n;
	for (i = 0; i < sizeof(piece); i++)
		piece[i] = i < dist ? rnd() : piece[i - dist] ^
		    (i % 7 == 0 ? rnd() : 0);
}

/* Runs of each length. */
static void
fill_runs(unsigned n)
{
	size_t i, len;

	for (i = 0, len = 1; i < sizeof(piece); len++) {
		size_t end = i + len % (200 << n);

		while (i < end && i < sizeof(piece))
			piece[i++] = len;
		if (i < sizeof(piece))
			piece[i++] = rnd();
	}
}

/* What each code likes least: its longest symbols. */
static void
fill_longest(unsigned n)
{
	const char *lengths;
	unsigned char longest[256];
	unsigned i, count;
	char most;

	lengths = minidump_codes[n].lengths;
	for (i = most = 0; i < 256; i++)
		if (lengths[i] > most)
			most = lengths[i];
	for (i = count = 0; i < 256; i++)
		if (lengths[i] == most)
			longest[count++] = i;
	for (i = 0; i < sizeof(piece); i++)
		piece[i] = longest[rnd() % count];
}

/* The same four bytes, and what comes behind them never again. */
static void
fill_hash(unsigned n)
{
	size_t i;

	for (i = 0; i < sizeof(piece); i++)
		piece[i] = i % (5 + n) < 4 ? 0xa0 + i % (5 + n) : rnd();
}

/* Nearly as many literals as there is room for, and then one long match. */
static void
fill_long(unsigned n)
{
	size_t i;

	for (i = 0; i < sizeof(piece); i++)
		piece[i] = i < MINIDUMP_DEFLATE_TOKENS - 6 + n ? rnd() : 0;
}

static const struct {
	const char *name;
	void	(*fill)(unsigned n);
	unsigned count;
} kinds[] = {
	{ "one byte", fill_zeros, 3 },
	{ "noise", fill_noise, 8 },
	{ "noise and not", fill_mixed, 6 },
	{ "structures", fill_structs, 16 },
	{ "text", fill_text, 6 },
	{ "far matches", fill_far, 5 },
	{ "runs", fill_runs, 4 },
	{ "longest codes", fill_longest, MINIDUMP_DEFLATE_NCODES },
	{ "hash", fill_hash, 8 },
	{ "a long match", fill_long, 12 },
};
#define	NKINDS	(sizeof(kinds) / sizeof(kinds[0]))

/* ---- Cases */

/* Around these lengths something changes: all that are no farther than 9. */
static int
case_lengths(void)
{
	static const size_t near[] = { 0, 16, 64, 258, 512, 1024, 2408, 2440,
	    4096, 8192, 32768, 61440 };
	size_t i, len;
	unsigned k, n;

	for (k = 0; k < NKINDS; k++)
		for (i = 0; i < sizeof(near) / sizeof(near[0]); i++) {
			(*kinds[k].fill)(n = rnd() % kinds[k].count);
			len = near[i] < 9 ? 0 : near[i] - 9;
			for (; len <= near[i] + 9 && len <= MOST; len++)
				if (check(len) == 0)
					return (0);
		}
	(void)n;
	return (1);
}

/*
 * Every length: zeros, which take no time, and some hundred bytes of each kind
 * in turn behind them.
 */
static int
case_all_lengths(void)
{
	static unsigned char end[NKINDS][700];
	size_t len, n;
	unsigned k;

	for (k = 0; k < NKINDS; k++) {
		(*kinds[k].fill)(1);
		memcpy(end[k], piece, sizeof(end[k]));
	}
	for (len = 0; len <= MOST; len++) {
		n = len < sizeof(end[0]) ? len : sizeof(end[0]);
		memset(piece, 0, len - n);
		memcpy(piece + len - n, end[len % NKINDS], n);
		if (check(len) == 0)
			return (0);
	}
	return (1);
}

/* Any length, any kind, beginning anywhere. */
static int
case_any(void)
{
	unsigned i, k;
	size_t from;

	for (i = 0; i < 600; i++) {
		k = rnd() % NKINDS;
		(*kinds[k].fill)(rnd() % kinds[k].count);
		from = rnd() % 5000;
		memmove(piece, piece + from, sizeof(piece) - from);
		if (check(rnd() % (MOST + 1)) == 0)
			return (0);
	}
	return (1);
}

static int
case_kind(unsigned k)
{
	unsigned n;

	for (n = 0; n < kinds[k].count; n++) {
		(*kinds[k].fill)(n);
		if (check(MOST) == 0)
			return (0);
	}
	return (1);
}

/* Zeros take next to nothing, and what cannot be compressed five bytes more. */
static int
case_sizes(void)
{
	size_t n;

	fill_zeros(0);
	n = check(MOST);
	if (n == 0 || n > MOST / 100)
		return (n == 0 ? 0 : wrong("zeros take too much", n));
	fill_noise(0);
	n = check(MOST);
	if (n == 0 || n > MOST + 5)
		return (n == 0 ? 0 : wrong("noise takes too much", n));
	/* One page that can be compressed is, among 14 that cannot. */
	fill_noise(0);
	memset(piece + MOST / 2, 0, 4096);
	n = check(MOST);
	if (n == 0 || n > MOST - 3800)
		return (n == 0 ? 0 : wrong("noise and zeros", n));
	return (1);
}

/*
 * The constants: each a complete prefix code, by Kraft's sum, and none of its
 * symbols so long that it does not fit the compressor's bits.
 */
static int
case_codes(void)
{
	static const struct {
		unsigned first, last, most;
	} part[2] = { { 0, 286, 11 }, { 286, 316, 15 } };
	unsigned i, k, len, p;
	unsigned long sum;

	for (k = 0; k < MINIDUMP_DEFLATE_NCODES; k++) {
		if (strlen(minidump_codes[k].lengths) != 316)
			return (wrong("not 316 lengths", k));
		for (p = 0; p < 2; p++) {
			sum = 0;
			for (i = part[p].first; i < part[p].last; i++) {
				len = minidump_codes[k].lengths[i] - 'a';
				if (len < 1 || len > part[p].most)
					return (wrong("length of a code", i));
				sum += 1UL << (15 - len);
			}
			if (sum != 1UL << 15)
				return (wrong("not a complete code", k));
		}
	}
	return (1);
}

/* Let everything take 63 bits by this code. */
static void
raise_price(unsigned code)
{
	unsigned i;

	for (i = 0; i < 512; i++)
		z.price[i].four[code / 4] |= 63ULL << code % 4 * 16;
	for (i = 0; i < 32; i++)
		z.distprice[i].four[code / 4] |= 63ULL << code % 4 * 16;
}

/* Each code has a block of its own somewhere, whatever the header says. */
static int
case_headers(void)
{
	static struct minidump_deflate saved;
	unsigned k, other;
	int right;

	saved = z;
	right = 1;
	for (k = 0; k < MINIDUMP_DEFLATE_NCODES && right; k++) {
		/* Make the others cost more than it does. */
		for (other = 0; other < MINIDUMP_DEFLATE_NCODES; other++)
			if (other != k)
				raise_price(other);
		fill_text(3);
		right = check(20000) != 0;
		z = saved;
	}
	return (right);
}

static void
sizes(const char *name)
{
	uint64_t in, out;
	size_t len, n;
	FILE *f;

	f = fopen(name, "rb");
	if (f == NULL)
		err(1, "%s", name);
	in = out = 0;
	while ((len = fread(piece, 1, sizeof(piece), f)) > 0) {
		n = check(len);
		if (n == 0)
			errx(1, "%s: byte %ju: %s", name, (uintmax_t)in, why);
		in += len;
		out += n + MEMBER;
	}
	fclose(f);
	printf("%ju %ju %s\n", (uintmax_t)in, (uintmax_t)out, name);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int	(*run)(void);
	} cases[] = {
		{ "the codes are complete", case_codes },
		{ "each code", case_headers },
		{ "zeros, noise", case_sizes },
		{ "lengths", case_lengths },
		{ "any length", case_any },
	};
	unsigned i;
	int ok;

	if (argc < 2)
		errx(2, "usage: deflate NAME | -l NAME | -c FILE ...");
	minidump_deflate_init(&z);
	minidump_crc32_init(&crctable);
	if (strcmp(argv[1], "-c") == 0) {
		for (i = 2; i < (unsigned)argc; i++)
			sizes(argv[i]);
		return (0);
	}
	if (strcmp(argv[1], "-l") == 0 && argc == 3) {
		ok = case_all_lengths();
		report(ok, "deflate %s: every length%s%s", argv[2], ok ? "" :
		    ": ", ok ? "" : why);
		return (report_status());
	}
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ok = (*cases[i].run)();
		report(ok, "deflate %s: %s%s%s", argv[1], cases[i].name,
		    ok ? "" : ": ", ok ? "" : why);
	}
	for (i = 0; i < NKINDS; i++) {
		ok = case_kind(i);
		report(ok, "deflate %s: %s%s%s", argv[1], kinds[i].name,
		    ok ? "" : ": ", ok ? "" : why);
	}
	return (report_status());
}
