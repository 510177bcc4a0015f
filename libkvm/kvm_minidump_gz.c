/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Compressed minidumps: the bytes of the plain dump, read from the gzip members
 * that it was cut into.  The shared part of the reader, kvm_minidump.c, calls
 * this for every byte of a dump that is compressed, and no one else does.
 *
 * Opening such a dump walks the headers of all members and keeps where each is:
 * little more than 2 bytes for a member, which is up to 60 KB of the dump.  The
 * members that were used last are kept decompressed, in 320 KB with what zlib
 * needs.
 *
 * A damaged member must not take the others with it.  Where the next one is, is
 * told by the size in its header; if that leads to no header, the next one is
 * searched for.  What is in a member is checked when it is decompressed.
 *
 * Of zlib this needs inflate() and crc32() as they are in version 1.2.2.
 */

#include <sys/types.h>
#include <sys/endian.h>

#include <kvm.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "kvm_private.h"
#include "kvm_minidump.h"

/* Members that are kept decompressed. */
#define	NSLOTS		4

/*
 * Where members are: the place of the first of a few, and the sizes of these.
 * This is 256 bytes.
 */
#define	GROUPLEN	124

struct group {
	uint64_t	ofs;
	uint16_t	size[GROUPLEN];		/* bytes, less 1 */
};

/* A member that is decompressed. */
struct slot {
	uint64_t	member;
	uint64_t	used;			/* when; 0: nothing is here */
	u_int		len;
	u_char		plain[MINIDUMP_GZ_PLAIN];
};

struct minidump_gz {
	uint64_t	filesize;
	uint64_t	nmembers;
	uint64_t	size;			/* bytes, decompressed ... */
	u_int		more;			/* ... and maybe more */
	uint64_t	sure;			/* members: see fit() */
	struct group	*groups;
	size_t		maxgroups;		/* as many are allocated */
	int		zready;			/* inflateInit2() is done */
	z_stream	z;
	uint64_t	clock;
	struct slot	slot[NSLOTS];
	u_char		buf[MINIDUMP_GZ_MAX];	/* one member of the file */
};

const u_char _kvm_minidump_gz_start[MINIDUMP_GZ_START] = {
	0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 'B', 'C', 2, 0
};
/* Where in it the length of the extra field is, and the two fields' sizes. */
#define	XLEN		10
#define	XFIELD		12
#define	XLEN_BC		6
#define	XLEN_MP		4
/* The most bytes of a member that has none of the dump: one stored block. */
#define	EMPTY_MAX	(MINIDUMP_GZ_HEADER + 5 + MINIDUMP_GZ_TRAILER)

/* Which byte of a header is not as in every other; -1 if there is none. */
static int
wrong_byte(const u_char *p, size_t n, int first)
{
	size_t i;

	for (i = 0; i < MINIDUMP_GZ_START && i < n; i++)
		if (p[i] != _kvm_minidump_gz_start[i] &&
		    (!first || i / 2 != XLEN / 2))
			return (i);
	return (-1);
}

u_int
_kvm_minidump_gz_header(const u_char *p, size_t n, int first)
{
	u_int size, xlen;

	if (n < MINIDUMP_GZ_HEADER || wrong_byte(p, n, first) != -1)
		return (0);
	xlen = le16dec(p + XLEN);
	size = le16dec(p + MINIDUMP_GZ_START) + 1;
	if ((xlen != XLEN_BC && xlen < XLEN_BC + XLEN_MP) ||
	    size < XFIELD + xlen + MINIDUMP_GZ_TRAILER)
		return (0);
	return (size);
}

/*
 * Read the header at byte ofs of the file: "*size" is what the member's size
 * is, 0 if there is none.
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
 * Whether the member that ends at byte "end" of the file says that it is full,
 * and so not the last.
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
 * Search for the header that comes after byte ofs of the file.  "*size" is how
 * far away it is; 0 if there is none where it could be.
 */
static int
find_header(kvm_t *kd, struct minidump_gz *gz, uint64_t ofs, u_int *size)
{
	ssize_t i, n;

	*size = 0;
	n = _kvm_minidump_rawpread(kd, gz->buf, sizeof(gz->buf), ofs + 1);
	for (i = 0; i + MINIDUMP_GZ_START <= n; i++)
		if (gz->buf[i] == _kvm_minidump_gz_start[0] &&
		    memcmp(gz->buf + i, _kvm_minidump_gz_start,
		    MINIDUMP_GZ_START) == 0) {
			*size = i + 1;
			break;
		}
	return (n == -1 ? -1 : 0);
}

/* Add a member to the index. */
static int
add_member(kvm_t *kd, struct minidump_gz *gz, uint64_t ofs, uint64_t size)
{
	struct group *group;
	size_t n;

	if (size > MINIDUMP_GZ_MAX) {
		_kvm_err(kd, kd->program, "byte %ju: too many empty gzip "
		    "members: gunzip it first", (uintmax_t)ofs);
		return (-1);
	}
	n = gz->nmembers / GROUPLEN;
	if (n == gz->maxgroups) {
		group = NULL;
		if (n < SIZE_MAX / sizeof(*group) / 4)
			group = realloc(gz->groups, (n * 2 + 1) *
			    sizeof(*group));
		if (group == NULL) {
			_kvm_err(kd, kd->program, "no memory for an index of "
			    "%ju gzip members", (uintmax_t)gz->nmembers + 1);
			return (-1);
		}
		gz->groups = group;
		gz->maxgroups = n * 2 + 1;
	}
	group = &gz->groups[n];
	if (gz->nmembers % GROUPLEN == 0)
		group->ofs = ofs;
	group->size[gz->nmembers++ % GROUPLEN] = size - 1;
	return (0);
}

/* Give back what is allocated for more members than there are. */
static void
trim_index(struct minidump_gz *gz)
{
	struct group *group;
	size_t n;

	n = (gz->nmembers + GROUPLEN - 1) / GROUPLEN;
	group = realloc(gz->groups, n * sizeof(*group));
	if (group == NULL)
		return;
	gz->groups = group;
	gz->maxgroups = n;
}

/* Where member n is in the file, and its size. */
static uint64_t
where(const struct minidump_gz *gz, uint64_t n, u_int *size)
{
	const struct group *group;
	uint64_t ofs;
	u_int i;

	group = &gz->groups[n / GROUPLEN];
	ofs = group->ofs;
	for (i = 0; i < n % GROUPLEN; i++)
		ofs += group->size[i] + 1;
	*size = group->size[i] + 1;
	return (ofs);
}

/* Set the error message: which member it is about, and what is wrong. */
static void __attribute__((__format__(__printf__, 4, 5)))
member_err(kvm_t *kd, const struct minidump_gz *gz, uint64_t n,
    const char *fmt, ...)
{
	char text[128];
	uint64_t ofs;
	u_int size;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	ofs = where(gz, n, &size);
	_kvm_err(kd, kd->program, "gzip member %ju at byte %ju: %s",
	    (uintmax_t)n, (uintmax_t)ofs, text);
}

/*
 * Find where the member at byte ofs ends.  "*size" is what its header says, or
 * 0, and becomes its size; 0 if it does not end in the file.  "*next" becomes
 * what the header after it says.
 *
 * The size is right if there is a header or the end of the file where it leads
 * to.  If there is not, either of the two is damaged: a member that is full by
 * this size is not the one.
 */
static int
measure(kvm_t *kd, struct minidump_gz *gz, uint64_t ofs, u_int *size,
    u_int *next)
{
	uint64_t end;
	u_int found;
	int full;

	*next = 0;
	end = ofs + *size;
	if (*size != 0 && end == gz->filesize)
		return (0);
	if (*size != 0 && end < gz->filesize) {
		if (read_header(kd, end, next) == -1 ||
		    (*next == 0 && is_full(kd, end, &full) == -1))
			return (-1);
		if (*next != 0 || full)
			return (0);
	}
	if (find_header(kd, gz, ofs, &found) == -1)
		return (-1);
	if (found != 0) {
		if (gz->sure > gz->nmembers)
			gz->sure = gz->nmembers;
		*size = found;
		return (read_header(kd, ofs + found, next));
	}
	if (end > gz->filesize)
		*size = 0;
	return (0);
}

/*
 * How many bytes the members have that begin at byte ofs and are empty: what
 * gunzip passes over, as one that other tools put at the end.  "*next" is the
 * size of the first, and becomes what the header behind them says.
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
 * Make the index.  What comes after the last member is told, and ignored; but
 * if it has to be a member, and can be a whole one, it is a damaged one.
 */
static int
index_members(kvm_t *kd, struct minidump_gz *gz)
{
	uint64_t empty, last, ofs, rest;
	u_int next, said, size;
	int full;

	full = 1;
	said = 0;
	empty = last = 0;
	gz->sure = UINT64_MAX;
	if (read_header(kd, 0, &next) == -1)
		return (-1);
	for (ofs = 0; ofs < gz->filesize; ofs = last + empty) {
		said = size = next;
		if (measure(kd, gz, ofs, &size, &next) == -1)
			return (-1);
		if (size == 0)
			break;
		/* The empty ones before it are taken for a part of it. */
		if (add_member(kd, gz, ofs - empty, empty + size) == -1)
			return (-1);
		last = ofs + size;
		if (skip_empty(kd, last, &next, &empty) == -1)
			return (-1);
	}
	rest = gz->filesize - ofs;
	if (rest == 0)
		return (0);
	if (gz->nmembers > 0 && is_full(kd, last, &full) == -1)
		return (-1);
	if (said == 0 && full && rest <= MINIDUMP_GZ_MAX &&
	    rest >= MINIDUMP_GZ_HEADER + MINIDUMP_GZ_TRAILER)
		return (add_member(kd, gz, ofs, rest));
	if (said != 0 || (full && rest < MINIDUMP_GZ_HEADER))
		_kvm_minidump_warn(kd, "gzip member %ju at byte %ju: "
		    "incomplete, the file ends after %ju bytes of it",
		    (uintmax_t)gz->nmembers, (uintmax_t)ofs, (uintmax_t)rest);
	else
		_kvm_minidump_warn(kd, "byte %ju: %ju bytes that are no gzip "
		    "member", (uintmax_t)ofs, (uintmax_t)rest);
	return (0);
}

/*
 * Check the header of member n, "size" bytes at p, and return how long it is;
 * 0 with the error message set if it is damaged.
 */
static u_int
check_header(kvm_t *kd, const struct minidump_gz *gz, uint64_t n,
    const u_char *p, u_int size)
{
	u_int said, xlen;
	int i;

	i = wrong_byte(p, size, n == 0);
	if (i != -1) {
		member_err(kd, gz, n, "damaged: byte %d of its header is "
		    "0x%02x, not 0x%02x", i, p[i], _kvm_minidump_gz_start[i]);
		return (0);
	}
	said = le16dec(p + MINIDUMP_GZ_START) + 1;
	if (said != size) {
		member_err(kd, gz, n, "damaged: it says that it has %u bytes, "
		    "and has %u", said, size);
		return (0);
	}
	xlen = le16dec(p + XLEN);
	if (_kvm_minidump_gz_header(p, size, n == 0) == 0 ||
	    (xlen != XLEN_BC && (p[MINIDUMP_GZ_HEADER] != 'M' ||
	    p[MINIDUMP_GZ_HEADER + 1] != 'P' ||
	    le16dec(p + MINIDUMP_GZ_HEADER + 2) !=
	    xlen - XLEN_BC - XLEN_MP))) {
		member_err(kd, gz, n, "damaged: its extra field of %u bytes is "
		    "not BC and padding", xlen);
		return (0);
	}
	return (XFIELD + xlen);
}

/*
 * How many bytes the empty member has that is before another in these bytes; 0
 * if there is none.
 */
static u_int
is_empty(const u_char *p, u_int n)
{
	u_int size;

	size = _kvm_minidump_gz_header(p, n, 0);
	return (size != 0 && size <= EMPTY_MAX && size < n &&
	    le32dec(p + size - 4) == 0 ? size : 0);
}

/*
 * Decompress what is in gz->buf, member n of the file, and check all of it.
 */
static int
decompress(kvm_t *kd, struct minidump_gz *gz, uint64_t n, u_int size,
    struct slot *slot)
{
	const u_char *trailer;
	const char *what;
	uint32_t is, said;
	u_char *p;
	u_int empty, hdrsize;
	int error;

	for (p = gz->buf; (empty = is_empty(p, size)) != 0; p += empty)
		size -= empty;
	hdrsize = check_header(kd, gz, n, p, size);
	if (hdrsize == 0)
		return (-1);
	gz->z.next_in = p + hdrsize;
	gz->z.avail_in = size - hdrsize - MINIDUMP_GZ_TRAILER;
	gz->z.next_out = slot->plain;
	gz->z.avail_out = sizeof(slot->plain);
	error = inflateReset(&gz->z);
	if (error == Z_OK)
		error = inflate(&gz->z, Z_FINISH);
	slot->len = sizeof(slot->plain) - gz->z.avail_out;
	if (error != Z_STREAM_END || gz->z.avail_in != 0) {
		member_err(kd, gz, n, "damaged: %s after %u bytes, with %u "
		    "still to read", gz->z.msg != NULL ? gz->z.msg :
		    "wrong end", slot->len, gz->z.avail_in);
		return (-1);
	}
	trailer = p + size - MINIDUMP_GZ_TRAILER;
	what = "crc32";
	said = le32dec(trailer);
	is = crc32(0, slot->plain, slot->len);
	if (said == is) {
		what = "length";
		said = le32dec(trailer + 4);
		is = slot->len;
	}
	if (said == is && n + 1 < gz->nmembers)
		is = MINIDUMP_GZ_PLAIN;
	if (said != is) {
		member_err(kd, gz, n, "damaged: %s 0x%x, not 0x%x", what,
		    (u_int)said, (u_int)is);
		return (-1);
	}
	return (0);
}

/*
 * Get member n decompressed; NULL with the error message set if that cannot be.
 */
static const struct slot *
get_member(kvm_t *kd, struct minidump_gz *gz, uint64_t n)
{
	struct slot *slot;
	uint64_t ofs;
	ssize_t got;
	u_int i, size;

	slot = &gz->slot[0];
	for (i = 0; i < NSLOTS; i++) {
		if (gz->slot[i].used != 0 && gz->slot[i].member == n) {
			gz->slot[i].used = ++gz->clock;
			return (&gz->slot[i]);
		}
		if (gz->slot[i].used < slot->used)
			slot = &gz->slot[i];
	}
	slot->used = 0;
	ofs = where(gz, n, &size);
	got = _kvm_minidump_rawpread(kd, gz->buf, size, ofs);
	if (got == -1)
		return (NULL);
	if (got != (ssize_t)size) {
		member_err(kd, gz, n, "the file has become shorter");
		return (NULL);
	}
	if (decompress(kd, gz, n, size, slot) == -1)
		return (NULL);
	slot->member = n;
	slot->used = ++gz->clock;
	return (slot);
}

/* All of opening but the memory. */
static int
open_members(kvm_t *kd, struct minidump_gz *gz)
{
	const struct slot *slot;
	u_int size;
	int full;

	if (inflateInit2(&gz->z, -MAX_WBITS) != Z_OK) {
		_kvm_err(kd, kd->program, "inflateInit2: %s",
		    gz->z.msg != NULL ? gz->z.msg : "failed");
		return (-1);
	}
	gz->zready = 1;
	if (read_header(kd, 0, &size) == -1)
		return (-1);
	if (size == 0) {
		_kvm_err(kd, kd->program, "gzip file, but not made of members "
		    "that tell their size: gunzip it first");
		return (-1);
	}
	if (index_members(kd, gz) == -1)
		return (-1);
	if (gz->nmembers == 0) {
		_kvm_err(kd, kd->program, "the file's %ju bytes end in the "
		    "first gzip member", (uintmax_t)gz->filesize);
		return (-1);
	}
	trim_index(gz);
	(void)where(gz, 0, &size);
	if (gz->nmembers > 1 && is_full(kd, size, &full) == -1)
		return (-1);
	if (gz->nmembers > 1 && !full) {
		_kvm_err(kd, kd->program, "gzip file, but its first member "
		    "has not %u bytes of a dump: gunzip it first",
		    MINIDUMP_GZ_PLAIN);
		return (-1);
	}

	/* The last one has as many bytes as it happens to have. */
	gz->size = (gz->nmembers - 1) * MINIDUMP_GZ_PLAIN;
	slot = get_member(kd, gz, gz->nmembers - 1);
	if (slot != NULL)
		gz->size += slot->len;
	else if (gz->nmembers > 1)
		gz->more = MINIDUMP_GZ_PLAIN;
	else
		return (-1);
	return (0);
}

struct minidump_gz *
_kvm_minidump_gz_open(kvm_t *kd, uint64_t filesize)
{
	struct minidump_gz *gz;

	gz = _kvm_malloc(kd, sizeof(*gz));
	if (gz == NULL)
		return (NULL);
	gz->filesize = filesize;
	if (open_members(kd, gz) == -1) {
		_kvm_minidump_gz_close(gz);
		return (NULL);
	}
	return (gz);
}

void
_kvm_minidump_gz_close(struct minidump_gz *gz)
{

	if (gz == NULL)
		return;
	if (gz->zready)
		(void)inflateEnd(&gz->z);
	free(gz->groups);
	free(gz);
}

uint64_t
_kvm_minidump_gz_nmembers(const struct minidump_gz *gz)
{

	return (gz->nmembers);
}

uint64_t
_kvm_minidump_gz_size(const struct minidump_gz *gz)
{

	return (gz->size);
}

/*
 * Between two headers there is one member: but if both of two in a row are
 * damaged there were two, and all that follows is not where it seems to be.
 * The size of the dump tells.
 */
uint64_t
_kvm_minidump_gz_fit(kvm_t *kd, const struct minidump_gz *gz, uint64_t size)
{
	u_int msize;

	if (size == gz->size || (size > gz->size &&
	    size - gz->size <= gz->more))
		return (size);
	if (gz->sure >= gz->nmembers)
		return (gz->size);
	_kvm_minidump_warn(kd, "gzip member %ju at byte %ju: damaged, and what "
	    "follows it cannot be placed", (uintmax_t)gz->sure,
	    (uintmax_t)where(gz, gz->sure, &msize));
	return (gz->sure * MINIDUMP_GZ_PLAIN);
}

ssize_t
_kvm_minidump_gz_pread(kvm_t *kd, struct minidump_gz *gz, void *buf, size_t len,
    uint64_t ofs)
{
	const struct slot *slot;
	size_t done, n;
	u_int at;

	for (done = 0; done < len; done += n) {
		if ((ofs + done) / MINIDUMP_GZ_PLAIN >= gz->nmembers)
			break;
		slot = get_member(kd, gz, (ofs + done) / MINIDUMP_GZ_PLAIN);
		if (slot == NULL)
			return (-1);
		at = (ofs + done) % MINIDUMP_GZ_PLAIN;
		if (at >= slot->len)
			break;
		n = slot->len - at;
		if (n > len - done)
			n = len - done;
		memcpy((char *)buf + done, slot->plain + at, n);
	}
	return (done);
}
