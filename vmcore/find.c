/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Finds dumps by their headers, for vmcore save.  A dump is at the end of its
 * place, and each header takes a block:
 *
 *	header, key (if it is encrypted), dumpextent bytes, header
 *
 * The dump begins where those bytes do.  Up to version 2, and if the kernel did
 * not compress it, it has all of them.
 */

#include <sys/types.h>

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "find.h"
#include "stream.h"
#include "vmcore.h"

/* The number of leading headers that are tried. */
#define	TRIES_MAX	256

/* A multiple of the largest block; find_leading() reads this much at once. */
#define	CHUNK		(64 * MEDIUM_MAXBLOCK)

/*
 * Set where the dump is, from its header.  "at" is where its bytes end, or
 * where they begin if the header is the leading one.  Returns 0 if there is no
 * room for so many; otherwise, all sums here are below 2^64.
 */
static int
find_extent(const struct medium *m, struct found *f, uint64_t at, int leading)
{
	uint64_t extent;

	extent = f->kdh.dumpextent;
	f->len = f->kdh.dumplength;
	if (extent == 0)
		extent = f->len;
	if (f->len == 0)
		f->faults |= FAULT(EMPTY);
	else if (extent < f->len)
		f->faults |= FAULT(EXTENT);
	if (f->len == 0 || extent < f->len || extent > m->size)
		return (0);
	extent += (f->block - extent % f->block) % f->block;
	if (leading) {
		f->ofs = at + f->kdh.dumpkeysize;
		f->last = f->ofs + extent;
		return (1);
	}
	/* The key and the leading header are before the dump. */
	if (extent + f->kdh.dumpkeysize + f->block > at)
		return (0);
	f->ofs = at - extent;
	f->first = f->ofs - f->kdh.dumpkeysize - f->block;
	return (1);
}

/*
 * Find the place of the dump: the smallest that ends where the dump does and
 * has room for it.  Nothing is written before MINIDUMP_METADATA of a place.
 */
static int
find_place(const struct places *pl, struct found *f, uint64_t end)
{
	const struct place *p;
	u_int i;
	int good;

	good = 0;
	f->room = 0;
	for (i = 0; i < pl->n; i++) {
		p = &pl->place[i];
		if (p->end != end)
			continue;
		if (f->room < p->end - p->start)
			f->room = p->end - p->start;
		if (f->first >= p->start + MINIDUMP_METADATA &&
		    f->first < end && (!good || p->start > f->place.start)) {
			f->place = *p;
			good = 1;
		} else if (!good)
			f->place = *p;
	}
	return (good);
}

/* Check that the dump is what its header says. */
static void
judge_contents(const struct medium *m, struct found *f)
{
	const struct contents *c;
	u_int unsure;

	form_find(m, f->ofs, f->len, &f->contents);
	c = &f->contents;
	if (c->error != 0)
		f->faults |= FAULT(UNREAD);
	else if (f->kdh.compression > KDH_ZSTD ||
	    (f->kdh.compression == KDH_ZSTD && !zstd_known()))
		f->faults |= FAULT(COMPRESSION);
	else if (!found_compressed(f))
		f->faults |= FAULT(NODUMP);
	else if (c->plain == FORM_OTHER) {
		/*
		 * Dumps of other architectures are unknown here, and have no
		 * magic.
		 */
		unsure = FAULT(PARITY) | FAULT(DIFFER) |
		    FAULT(NOLAST) | FAULT(NOFIRST);
		if (c->name != NULL || (f->faults & unsure) != 0)
			f->faults |= FAULT(NODUMP);
		else if (kdh_isarch(&f->kdh, "amd64") ||
		    kdh_isarch(&f->kdh, "i386"))
			f->faults |= FAULT(FORM);
	}
}

/* Find the faults of a single header. */
static void
judge_header(struct found *f)
{

	if (f->kdh.kind == KDH_TEXTDUMP)
		f->faults |= FAULT(TEXT);
	if (f->kdh.version == 0 || f->kdh.version > KDH_VERSION)
		f->faults |= FAULT(VERSION);
	f->parity = kdh_parityfield(&f->kdh);
	if (!kdh_parity(&f->kdh))
		f->faults |= FAULT(PARITY);
	if (f->kdh.cleared)
		f->faults |= FAULT(CLEARED);
	if (f->kdh.dumpkeysize != 0)
		f->faults |= FAULT(ENCRYPTED);
}

/*
 * Compare the other header of the pair with the one that was found.  Use the
 * other one if it is intact and the one found is not.
 */
static void
judge_other(const struct medium *m, struct found *f, uint64_t at)
{
	char raw[KDH_SIZE];
	struct kdh other;
	int cleared;

	if (at > m->size || m->size - at < KDH_SIZE ||
	    medium_some(m, raw, KDH_SIZE, at) != KDH_SIZE) {
		f->error = errno;
		f->faults |= FAULT(NOFIRST);
		return;
	}
	(void)kdh_decode(&other, raw);
	f->field = kdh_differ(&other, &f->kdh);
	if (f->field == NULL)
		return;
	f->faults |= FAULT(DIFFER);
	if (other.kind == KDH_TEXTDUMP)
		f->faults |= FAULT(TEXT);
	if ((f->faults & FAULT(PARITY)) == 0 || other.kind != KDH_DUMP ||
	    !kdh_parity(&other) || other.dumplength != f->kdh.dumplength ||
	    other.dumpextent != f->kdh.dumpextent ||
	    other.dumpkeysize != f->kdh.dumpkeysize)
		return;
	cleared = f->kdh.cleared;
	f->kdh = other;
	f->kdh.cleared = cleared;
}

/*
 * Add a dump, if there is room for it.  A header may also look like one in a
 * larger block, which has metadata in it or another header before it.  Keep the
 * interpretation that gives the better dump.
 */
static void
add(struct finding *fi, const struct found *f)
{
	struct found *other;
	u_int i;

	for (i = 0; i < fi->n; i++) {
		other = &fi->found[i];
		if (other->hdr != f->hdr && (f->first == 0 ||
		    other->first != f->first))
			continue;
		if (found_usable(f, 1) > found_usable(other, 1) ||
		    (found_usable(f, 1) == found_usable(other, 1) &&
		    found_rank(f) < found_rank(other)))
			*other = *f;
		return;
	}
	if (fi->n == FOUND_MAX)
		fi->more = 1;
	else
		fi->found[fi->n++] = *f;
}

/*
 * Check for a dump whose trailing header takes the last "block" bytes before
 * end.
 */
static void
judge_last(const struct medium *m, struct finding *fi, const char *raw,
    uint64_t end, u_int block)
{
	struct found f;

	memset(&f, 0, sizeof(f));
	f.block = block;
	f.last = f.hdr = end - block;
	if (!kdh_decode(&f.kdh, raw))
		return;
	judge_header(&f);
	if (!find_extent(m, &f, f.last, 0)) {
		(void)find_place(&fi->places, &f, end);
		if ((f.faults & (FAULT(EMPTY) | FAULT(EXTENT))) == 0)
			f.faults |= FAULT(ROOM);
	} else if (!find_place(&fi->places, &f, end))
		f.faults |= FAULT(ROOM);
	else {
		judge_other(m, &f, f.first);
		judge_contents(m, &f);
	}
	add(fi, &f);
}

/* Look for a header that ends at byte "end", in a block of any size. */
static void
find_last(const struct medium *m, struct finding *fi, uint64_t end)
{
	char tail[MEDIUM_MAXBLOCK];
	u_int bad, block;

	if (end < MINIDUMP_METADATA + 2 * KDH_SIZE)
		return;
	place_tail(m, end, tail, &bad);
	for (block = MEDIUM_BLOCK; block <= MEDIUM_MAXBLOCK; block *= 2)
		judge_last(m, fi, tail + MEDIUM_MAXBLOCK - block, end, block);
	if ((bad & 1U << (MEDIUM_MAXBLOCK / MEDIUM_BLOCK - 1)) == 0 ||
	    fi->error != 0)
		return;
	fi->errofs = end - MEDIUM_BLOCK;
	(void)medium_some(m, tail, MEDIUM_BLOCK, fi->errofs);
	fi->error = errno != 0 ? errno : EIO;
}

void
find_dumps(const struct medium *m, struct finding *fi)
{
	u_int i, j;

	fi->n = 0;
	fi->more = fi->error = 0;
	places_find(m, &fi->places);
	for (i = 0; i < fi->places.n; i++) {
		for (j = 0; j < i; j++)
			if (fi->places.place[j].end == fi->places.place[i].end)
				break;
		if (j == i)
			find_last(m, fi, fi->places.place[i].end);
	}
}

/*
 * Check for a dump whose leading header is at byte "at".  The size of the
 * header's block follows from where the dump begins.
 */
static void
judge_leading(const struct medium *m, struct finding *fi, const char *raw,
    uint64_t at)
{
	struct found f;
	u_int i;

	memset(&f, 0, sizeof(f));
	if (!kdh_decode(&f.kdh, raw) || ++fi->ntries > TRIES_MAX)
		return;
	f.first = f.hdr = at;
	judge_header(&f);
	for (f.block = MEDIUM_BLOCK; f.block <= MEDIUM_MAXBLOCK; f.block *= 2) {
		f.faults &= ~(FAULT(UNREAD) | FAULT(NODUMP) |
		    FAULT(FORM) | FAULT(COMPRESSION));
		if (find_extent(m, &f, at + f.block, 1)) {
			judge_contents(m, &f);
			if (f.contents.plain != FORM_OTHER)
				break;
		}
	}
	/* Any block may look like a header; it is one if a dump follows. */
	if (f.block > MEDIUM_MAXBLOCK)
		return;
	f.place = fi->places.place[0];
	for (i = 1; i < fi->places.n; i++)
		if (fi->places.place[i].start <= f.first &&
		    fi->places.place[i].end >= f.last &&
		    fi->places.place[i].start >= f.place.start &&
		    fi->places.place[i].end <= f.place.end)
			f.place = fi->places.place[i];
	f.room = m->size;
	if (f.last > m->size)
		f.faults |= FAULT(ROOM);
	judge_other(m, &f, f.last);
	if ((f.faults & FAULT(NOFIRST)) != 0 || (f.field != NULL &&
	    strcmp(f.field, "magic") == 0)) {
		f.faults &= ~(FAULT(NOFIRST) | FAULT(DIFFER));
		f.faults |= FAULT(NOLAST);
	}
	add(fi, &f);
}

void
find_leading(const struct medium *m, struct finding *fi)
{
	static char buf[CHUNK];
	uint64_t ofs;
	size_t i, n, want;

	fi->ntries = 0;
	for (ofs = 0; ofs < m->size && fi->ntries <= TRIES_MAX; ofs += want) {
		want = m->size - ofs < CHUNK ? m->size - ofs : CHUNK;
		n = medium_start(m, buf, want, ofs);
		for (i = 0; i + KDH_SIZE <= n; i += MEDIUM_BLOCK)
			judge_leading(m, fi, buf + i, ofs + i);
		/* There may be more headers after an unreadable block. */
		if (n < want)
			want = n - n % MEDIUM_BLOCK + MEDIUM_BLOCK;
	}
	fi->more |= fi->ntries > TRIES_MAX;
}
