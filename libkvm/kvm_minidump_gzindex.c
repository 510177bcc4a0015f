/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The index of the members of a compressed dump.  Opening a dump walks the
 * members' headers and keeps where each is: little more than 2 bytes for a
 * member, which has up to 60 KB of the dump.
 *
 * A damaged member must not make the others unreadable.  The size in a member's
 * header leads to the next member; if there is no header there, the next one is
 * searched for.  kvm_minidump_gz.c, which calls this, reads the members.
 */

#include <sys/types.h>
#include <sys/endian.h>

#include <kvm.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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
	uint16_t	size[GROUPLEN];		/* bytes, less 1 */
};

/* The bytes that all members' headers begin with, if they have no padding. */
static const u_char gz_start[] = MINIDUMP_GZ_START;
/* The largest member that has nothing of the dump: one stored block. */
#define	EMPTY_MAX	(MINIDUMP_GZ_HEADER + 5 + MINIDUMP_GZ_TRAILER)

int
_kvm_minidump_gz_wrongbyte(const u_char *p, size_t n, int first)
{
	size_t i;

	for (i = 0; i < MINIDUMP_GZ_STARTLEN && i < n; i++)
		if (p[i] != gz_start[i] && (!first ||
		    i / 2 != MINIDUMP_GZ_XLEN / 2))
			return (i);
	return (-1);
}

u_int
_kvm_minidump_gz_header(const u_char *p, size_t n, int first)
{
	u_int size, xlen;

	if (n < MINIDUMP_GZ_HEADER ||
	    _kvm_minidump_gz_wrongbyte(p, n, first) != -1)
		return (0);
	xlen = le16dec(p + MINIDUMP_GZ_XLEN);
	size = le16dec(p + MINIDUMP_GZ_STARTLEN) + 1;
	if ((xlen != MINIDUMP_GZ_XLENBC &&
	    xlen < MINIDUMP_GZ_XLENBC + MINIDUMP_GZ_XLENMP) ||
	    size < MINIDUMP_GZ_XFIELD + xlen + MINIDUMP_GZ_TRAILER)
		return (0);
	return (size);
}

/*
 * Read the header at byte ofs of the file.  "*size" is the size of the member,
 * or 0 if there is no header.
 */
static int
read_header(kvm_t *kd, uint64_t ofs, u_int *size)
{
	u_char buf[MINIDUMP_GZ_HEADER];
	ssize_t n;

	n = _kvm_minidump_rawpread(kd, buf, sizeof(buf), ofs);
	if (n == -1)
		return (-1);
	*size = _kvm_minidump_gz_header(buf, n, ofs == 0);
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

/*
 * Search for the first header after byte ofs of the file.  "*size" is the
 * distance to it, or 0 if there is none within a member's size.
 */
static int
find_header(kvm_t *kd, struct minidump_gzindex *idx, uint64_t ofs,
    u_int *size)
{
	u_char *buf;
	ssize_t i, n;

	*size = 0;
	buf = idx->buf;
	n = _kvm_minidump_rawpread(kd, buf, sizeof(idx->buf), ofs + 1);
	for (i = 0; i + MINIDUMP_GZ_STARTLEN <= n; i++)
		if (buf[i] == gz_start[0] &&
		    memcmp(buf + i, gz_start, MINIDUMP_GZ_STARTLEN) == 0) {
			*size = i + 1;
			break;
		}
	return (n == -1 ? -1 : 0);
}

/* Add a member to the index. */
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
	group->size[idx->nmembers++ % GROUPLEN] = size - 1;
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
		ofs += group->size[i] + 1;
	*size = group->size[i] + 1;
	return (ofs);
}

u_int
_kvm_minidump_gz_isempty(const u_char *p, u_int n)
{
	u_int size;

	size = _kvm_minidump_gz_header(p, n, 0);
	return (size != 0 && size <= EMPTY_MAX && size < n &&
	    le32dec(p + size - 4) == 0 ? size : 0);
}

/*
 * Find where the member at byte ofs ends.  "*size" is the size in its header,
 * or 0, and becomes its true size, or 0 if it does not end in the file.
 * "*next" becomes the size in the header after it.
 *
 * The size is right if it leads to a header or to the end of the file.  If it
 * does not, one of the two headers is damaged; if the trailer at that place
 * says that the member is full, it is not this one.
 */
static int
measure(kvm_t *kd, struct minidump_gzindex *idx, uint64_t ofs, u_int *size,
    u_int *next)
{
	uint64_t end;
	u_int found;
	int full;

	*next = 0;
	end = ofs + *size;
	if (*size != 0 && end == idx->filesize)
		return (0);
	if (*size != 0 && end < idx->filesize) {
		if (read_header(kd, end, next) == -1 ||
		    (*next == 0 && is_full(kd, end, &full) == -1))
			return (-1);
		if (*next != 0 || full)
			return (0);
	}
	if (find_header(kd, idx, ofs, &found) == -1)
		return (-1);
	if (found != 0) {
		if (idx->sure > idx->nmembers)
			idx->sure = idx->nmembers;
		*size = found;
		return (read_header(kd, ofs + found, next));
	}
	if (end > idx->filesize)
		*size = 0;
	return (0);
}

/*
 * Count the bytes of the empty members that begin at byte ofs.  gunzip skips
 * these, and other tools append one.  "*next" is the size of the first, and
 * becomes the size in the header behind them.
 */
static int
skip_empty(kvm_t *kd, uint64_t ofs, u_int *next, uint64_t *skipped)
{
	u_char buf[4];
	ssize_t n;

	*skipped = 0;
	while (*next != 0 && *next <= EMPTY_MAX) {
		n = _kvm_minidump_rawpread(kd, buf, sizeof(buf),
		    ofs + *skipped + *next - sizeof(buf));
		if (n == -1)
			return (-1);
		if (n != (ssize_t)sizeof(buf) || le32dec(buf) != 0)
			break;
		*skipped += *next;
		if (read_header(kd, ofs + *skipped, next) == -1)
			return (-1);
	}
	return (0);
}

/*
 * Make the index.  Bytes behind the last member are reported and ignored; but
 * if a member has to be there, and they can be a whole one, they are indexed as
 * a damaged member.
 */
static int
index_members(kvm_t *kd, struct minidump_gzindex *idx)
{
	uint64_t empty, last, ofs, rest;
	u_int next, said, size;
	int full;

	full = 1;
	said = 0;
	empty = last = 0;
	idx->sure = UINT64_MAX;
	if (read_header(kd, 0, &next) == -1)
		return (-1);
	for (ofs = 0; ofs < idx->filesize; ofs = last + empty) {
		said = size = next;
		if (measure(kd, idx, ofs, &size, &next) == -1)
			return (-1);
		if (size == 0)
			break;
		/*
		 * Empty members count as part of the member that follows them.
		 */
		if (add_member(kd, idx, ofs - empty, empty + size) == -1)
			return (-1);
		last = ofs + size;
		if (skip_empty(kd, last, &next, &empty) == -1)
			return (-1);
	}
	rest = idx->filesize - ofs;
	if (rest == 0)
		return (0);
	if (idx->nmembers > 0 && is_full(kd, last, &full) == -1)
		return (-1);
	if (said == 0 && full && rest <= MINIDUMP_GZ_MAX &&
	    rest >= MINIDUMP_GZ_HEADER + MINIDUMP_GZ_TRAILER)
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
	u_int size;
	int full;

	if (read_header(kd, 0, &size) == -1)
		return (-1);
	if (size == 0) {
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
