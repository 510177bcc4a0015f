/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The index of the members of a compressed dump: where each is, in little more
 * than 2 bytes for a member, which has up to 60 KB of the dump.
 *
 * Opening a dump reads the first header of each group of members, which has the
 * sizes of the others.  They are used if they lead to the next group's header,
 * and that has the right number.  Otherwise, and in older files, which have no
 * such sizes, all headers of the group are read: the size in each leads to the
 * next.
 *
 * A damaged member must not make the others unreadable.  If there is no header
 * where one should be, the next one is searched for.  If members are missing,
 * the next one's number tells how many.  Whatever the index says, the header of
 * each member that is read must have the number and the size that it has here,
 * which kvm_minidump_gz.c checks.
 */

#include <sys/types.h>
#include <sys/endian.h>

#include <kvm.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "kvm_private.h"
#include "kvm_minidump.h"
#include "kvm_minidump_impl.h"

/*
 * The offset of the first of a group of members, and the sizes of all of them,
 * in 256 bytes.
 */
#define	GROUPLEN	124

struct minidump_gzgroup {
	uint64_t	ofs;
	uint16_t	size[GROUPLEN];		/* bytes, less 1; or MISSING */
};

/* No member has 1 byte. */
#define	MISSING		0

#define	MEMBER_MIN	(MINIDUMP_GZ_HEADER + MINIDUMP_GZ_TRAILER)
/* The largest member that has nothing of the dump: one stored block. */
#define	EMPTY_MAX	(MEMBER_MIN + 5)
/* Many more members than one damaged header can hide. */
#define	NUMBER_STEP	4096

/* The fields of a member's header. */
struct header {
	u_int		size;		/* of the member; 0: there is none */
	uint32_t	number;
	u_int		length;		/* of the header */
};

/*
 * Read the header at byte ofs of the file.  In an older file only the first can
 * be longer than others.
 */
static int
read_header(kvm_t *kd, const struct minidump_gzindex *idx, uint64_t ofs,
    struct header *hdr)
{
	u_char buf[MINIDUMP_GZ_HEADER];
	ssize_t n;

	memset(hdr, 0, sizeof(*hdr));
	n = _kvm_minidump_rawpread(kd, buf, sizeof(buf), ofs);
	if (n == -1)
		return (-1);
	hdr->size = _kvm_minidump_gz_header(buf, n);
	if (hdr->size == 0)
		return (0);
	hdr->number = le32dec(buf + MINIDUMP_GZ_NUMBER);
	hdr->length = MINIDUMP_GZ_XFIELD + le16dec(buf + MINIDUMP_GZ_XLEN);
	if (!idx->numbered && (hdr->number != 0 ||
	    (ofs != 0 && hdr->length != MINIDUMP_GZ_HEADER)))
		hdr->size = 0;
	return (0);
}

/*
 * Read the sizes that the header at byte ofs of the file has, which stay in
 * idx->buf.  If they are damaged, or the padding is, there is a warning, and
 * "*sizes" is NULL.
 */
static int
read_sizes(kvm_t *kd, struct minidump_gzindex *idx, uint64_t ofs, u_int length,
    const u_char **sizes, u_int *nsizes)
{
	const u_char *p;
	ssize_t n;
	int damaged;

	*sizes = NULL;
	n = _kvm_minidump_rawpread(kd, idx->buf, length, ofs);
	if (n == -1)
		return (-1);
	if (n != (ssize_t)length)
		return (0);
	damaged = _kvm_minidump_gz_extra(idx->buf, length, sizes, nsizes) == -1;
	p = idx->buf + MINIDUMP_GZ_HEADER;
	if (!damaged && *sizes != NULL) {
		p = *sizes + *nsizes * 2;
		damaged = crc32(0, *sizes, *nsizes * 2) != le32dec(*sizes - 4);
		idx->numbered = 1;
	}
	/* The padding, after the first four bytes, is zero. */
	for (p += 4; !damaged && p < idx->buf + length; p++)
		damaged = *p != 0;
	if (!damaged)
		return (0);
	_kvm_minidump_warn(kd, "gzip member %ju at byte %ju: damaged: its "
	    "extra field", (uintmax_t)idx->nmembers, (uintmax_t)ofs);
	*sizes = NULL;
	return (0);
}

/*
 * Check whether the trailer of the member that ends at byte "end" of the file
 * says that it is full, and so is not the last.
 */
static int
is_full(kvm_t *kd, uint64_t end, int *full)
{
	u_char buf[4];
	ssize_t n;

	n = _kvm_minidump_rawpread(kd, buf, sizeof(buf), end - sizeof(buf));
	if (n == -1)
		return (-1);
	*full = n == (ssize_t)sizeof(buf) &&
	    le32dec(buf) == MINIDUMP_GZ_PLAIN;
	return (0);
}

/* Check whether this can be the header of a later member than the next. */
static int
can_follow(const struct minidump_gzindex *idx, const u_char *p)
{
	uint32_t number;

	if (_kvm_minidump_gz_wrongbyte(p, MINIDUMP_GZ_STARTLEN) != -1)
		return (0);
	number = le32dec(p + MINIDUMP_GZ_NUMBER);
	if (idx->numbered)
		return (number > idx->nmembers &&
		    number - idx->nmembers < NUMBER_STEP);
	return (memcmp(p, MINIDUMP_GZ_START, MINIDUMP_GZ_STARTLEN) == 0);
}

/*
 * Search for the first header after byte ofs of the file.  "*size" is the
 * distance to it, or 0 if there is none within a member's size.
 */
static int
find_header(kvm_t *kd, struct minidump_gzindex *idx, uint64_t ofs,
    u_int *size)
{
	ssize_t i, n;

	*size = 0;
	n = _kvm_minidump_rawpread(kd, idx->buf, sizeof(idx->buf), ofs + 1);
	for (i = 0; i + MINIDUMP_GZ_STARTLEN <= n; i++)
		if (idx->buf[i] == (u_char)MINIDUMP_GZ_START[0] &&
		    can_follow(idx, idx->buf + i)) {
			*size = i + 1;
			break;
		}
	return (n == -1 ? -1 : 0);
}

/* Add a member to the index.  It is missing if it has no bytes. */
static int
add_member(kvm_t *kd, struct minidump_gzindex *idx, uint64_t ofs,
    uint64_t size)
{
	struct minidump_gzgroup *group;
	size_t n;

	if (size > MINIDUMP_GZ_MAX) {
		_kvm_err(kd, kd->program, "byte %ju: too many empty gzip "
		    "members: gunzip it first", (uintmax_t)ofs);
		return (-1);
	}
	n = idx->nmembers / GROUPLEN;
	if (n == idx->maxgroups) {
		group = NULL;
		if (n < SIZE_MAX / sizeof(*group) / 4)
			group = realloc(idx->groups, (n * 2 + 1) *
			    sizeof(*group));
		if (group == NULL) {
			_kvm_err(kd, kd->program, "no memory for an index of "
			    "%ju gzip members", (uintmax_t)idx->nmembers + 1);
			return (-1);
		}
		idx->groups = group;
		idx->maxgroups = n * 2 + 1;
	}
	group = &idx->groups[n];
	if (idx->nmembers % GROUPLEN == 0)
		group->ofs = ofs;
	group->size[idx->nmembers++ % GROUPLEN] = size == 0 ? MISSING :
	    size - 1;
	return (0);
}

/* Free the memory allocated for more members than there are. */
static void
trim_index(struct minidump_gzindex *idx)
{
	struct minidump_gzgroup *group;
	size_t n;

	n = (idx->nmembers + GROUPLEN - 1) / GROUPLEN;
	group = realloc(idx->groups, n * sizeof(*group));
	if (group == NULL)
		return;
	idx->groups = group;
	idx->maxgroups = n;
}

uint64_t
_kvm_minidump_gzindex_where(const struct minidump_gzindex *idx, uint64_t n,
    u_int *size)
{
	const struct minidump_gzgroup *group;
	uint64_t ofs;
	u_int i;

	group = &idx->groups[n / GROUPLEN];
	ofs = group->ofs;
	for (i = 0; i < n % GROUPLEN; i++)
		if (group->size[i] != MISSING)
			ofs += group->size[i] + 1;
	*size = group->size[i] == MISSING ? 0 : group->size[i] + 1;
	return (ofs);
}

u_int
_kvm_minidump_gzindex_skip(const struct minidump_gzindex *idx, const u_char *p,
    u_int size, uint64_t n)
{
	u_int first;

	first = _kvm_minidump_gz_header(p, size);
	if (first == 0 || first >= size)
		return (0);
	if (first <= EMPTY_MAX && le32dec(p + first - 4) == 0)
		return (first);
	return (idx->numbered && le32dec(p + MINIDUMP_GZ_NUMBER) < n ? first :
	    0);
}

/*
 * Find where the member at byte ofs ends.  "*size" is the size in its header,
 * or 0, and becomes its true size, or 0 if it does not end in the file.
 * "*next" becomes the header after it.
 *
 * The size is right if it leads to a header or to the end of the file.  If it
 * does not, one of the two headers is damaged; if the trailer at that place
 * says that the member is full, it is not this one.
 */
static int
measure(kvm_t *kd, struct minidump_gzindex *idx, uint64_t ofs, u_int *size,
    struct header *next)
{
	uint64_t end;
	u_int found;
	int full;

	next->size = 0;
	end = ofs + *size;
	if (*size != 0 && end == idx->filesize)
		return (0);
	if (*size != 0 && end < idx->filesize) {
		if (read_header(kd, idx, end, next) == -1 ||
		    (next->size == 0 && is_full(kd, end, &full) == -1))
			return (-1);
		if (next->size != 0 || full)
			return (0);
	}
	if (find_header(kd, idx, ofs, &found) == -1)
		return (-1);
	if (found != 0) {
		if (!idx->numbered && idx->sure > idx->nmembers)
			idx->sure = idx->nmembers;
		*size = found;
		return (read_header(kd, idx, ofs + found, next));
	}
	if (end > idx->filesize)
		*size = 0;
	return (0);
}

/*
 * Count the bytes of the empty members that begin at byte ofs.  gunzip skips
 * these, and other tools append one.  "*next" is the header of the first, and
 * becomes that behind them.
 */
static int
skip_empty(kvm_t *kd, const struct minidump_gzindex *idx, uint64_t ofs,
    struct header *next, uint64_t *skipped)
{
	u_char buf[4];
	ssize_t n;

	*skipped = 0;
	while (next->size != 0 && next->size <= EMPTY_MAX) {
		n = _kvm_minidump_rawpread(kd, buf, sizeof(buf),
		    ofs + *skipped + next->size - sizeof(buf));
		if (n == -1)
			return (-1);
		if (n != (ssize_t)sizeof(buf) || le32dec(buf) != 0)
			break;
		*skipped += next->size;
		if (read_header(kd, idx, ofs + *skipped, next) == -1)
			return (-1);
	}
	return (0);
}

/*
 * Compare the number of the next member, at byte ofs + *skipped, with the one
 * that it should have.  If it differs, that of the following member must differ,
 * too; otherwise only the number is damaged.  Missing members are added as
 * missing; repeated ones are skipped.
 */
static int
check_number(kvm_t *kd, struct minidump_gzindex *idx, uint64_t ofs,
    struct header *next, uint64_t *skipped)
{
	struct header after;
	uint64_t n;

	for (;;) {
		n = idx->nmembers;
		if (!idx->numbered || next->size == 0 || next->number == n)
			return (0);
		if (read_header(kd, idx, ofs + *skipped + next->size,
		    &after) == -1)
			return (-1);
		if (after.size == 0 || after.number == n + 1)
			return (0);
		if (next->number > n) {
			if (after.number != next->number + 1 ||
			    next->number - n > idx->filesize / MEMBER_MIN)
				return (0);
			while (idx->nmembers < next->number)
				if (add_member(kd, idx, ofs, 0) == -1)
					return (-1);
			return (0);
		}
		if ((after.number != n && after.number != next->number + 1) ||
		    *skipped + next->size + after.size > MINIDUMP_GZ_MAX)
			return (0);
		*skipped += next->size;
		*next = after;
	}
}

/*
 * Add the member at byte ofs and the members whose sizes it has, unless these
 * are wrong.  Returns 1 if they were added; then "*next" becomes the header at
 * byte "*end", where they end.
 */
static int
add_group(kvm_t *kd, struct minidump_gzindex *idx, uint64_t ofs,
    uint64_t empty, struct header *next, uint64_t *end)
{
	struct header after;
	const u_char *sizes;
	u_int i, nsizes, size;

	if (next->size == 0 || next->length == MINIDUMP_GZ_HEADER)
		return (0);
	if (read_sizes(kd, idx, ofs, next->length, &sizes, &nsizes) == -1)
		return (-1);
	if (sizes == NULL || next->number != idx->nmembers)
		return (0);
	*end = ofs + next->size;
	for (i = 0; i < nsizes; i++) {
		size = le16dec(sizes + 2 * i) + 1;
		if (size < MEMBER_MIN)
			return (0);
		*end += size;
	}
	memset(&after, 0, sizeof(after));
	if (*end < idx->filesize && read_header(kd, idx, *end, &after) == -1)
		return (-1);
	if (*end != idx->filesize && (after.size == 0 ||
	    after.number != idx->nmembers + 1 + nsizes))
		return (0);
	if (add_member(kd, idx, ofs - empty, empty + next->size) == -1)
		return (-1);
	ofs += next->size;
	for (i = 0; i < nsizes; i++) {
		size = le16dec(sizes + 2 * i) + 1;
		if (add_member(kd, idx, ofs, size) == -1)
			return (-1);
		ofs += size;
	}
	*next = after;
	return (1);
}

/*
 * Make the index.  Bytes behind the last member are reported and ignored; but
 * if a member has to be there, and they can be a whole one, they are indexed as
 * a damaged member.
 */
static int
index_members(kvm_t *kd, struct minidump_gzindex *idx)
{
	struct header next;
	uint64_t empty, last, ofs, rest;
	u_int said, size;
	int done, full;

	full = 1;
	said = 0;
	empty = last = 0;
	idx->sure = UINT64_MAX;
	if (read_header(kd, idx, 0, &next) == -1)
		return (-1);
	for (ofs = 0; ofs < idx->filesize; ofs = last + empty) {
		said = size = next.size;
		done = add_group(kd, idx, ofs, empty, &next, &last);
		if (done == -1)
			return (-1);
		if (!done) {
			if (measure(kd, idx, ofs, &size, &next) == -1)
				return (-1);
			if (size == 0)
				break;
			/*
			 * What is skipped counts as part of the member that
			 * follows.
			 */
			if (add_member(kd, idx, ofs - empty, empty +
			    size) == -1)
				return (-1);
			last = ofs + size;
		}
		if (skip_empty(kd, idx, last, &next, &empty) == -1 ||
		    check_number(kd, idx, last, &next, &empty) == -1)
			return (-1);
	}
	rest = idx->filesize - ofs;
	if (rest == 0)
		return (0);
	if (idx->nmembers > 0 && is_full(kd, last, &full) == -1)
		return (-1);
	if (said == 0 && full && rest <= MINIDUMP_GZ_MAX && rest >= MEMBER_MIN)
		return (add_member(kd, idx, ofs - empty, empty + rest));
	if (said != 0 || (full && rest < MINIDUMP_GZ_HEADER))
		_kvm_minidump_warn(kd, "gzip member %ju at byte %ju: "
		    "incomplete, the file ends after %ju bytes of it",
		    (uintmax_t)idx->nmembers, (uintmax_t)ofs, (uintmax_t)rest);
	else
		_kvm_minidump_warn(kd, "byte %ju: %ju bytes that are no gzip "
		    "member", (uintmax_t)ofs, (uintmax_t)rest);
	return (0);
}

int
_kvm_minidump_gzindex_make(kvm_t *kd, struct minidump_gzindex *idx)
{
	struct header hdr;
	u_int size;
	int full;

	if (read_header(kd, idx, 0, &hdr) == -1)
		return (-1);
	if (hdr.size == 0) {
		_kvm_err(kd, kd->program, "gzip file, but not made of members "
		    "that tell their size: gunzip it first");
		return (-1);
	}
	if (index_members(kd, idx) == -1)
		return (-1);
	if (idx->nmembers == 0) {
		_kvm_err(kd, kd->program, "the file's %ju bytes end in the "
		    "first gzip member", (uintmax_t)idx->filesize);
		return (-1);
	}
	trim_index(idx);
	(void)_kvm_minidump_gzindex_where(idx, 0, &size);
	if (idx->nmembers > 1 && is_full(kd, size, &full) == -1)
		return (-1);
	if (idx->nmembers > 1 && !full) {
		_kvm_err(kd, kd->program, "gzip file, but its first member "
		    "has not %u bytes of a dump: gunzip it first",
		    MINIDUMP_GZ_PLAIN);
		return (-1);
	}
	return (0);
}

void
_kvm_minidump_gzindex_free(struct minidump_gzindex *idx)
{

	free(idx->groups);
	idx->groups = NULL;
}
