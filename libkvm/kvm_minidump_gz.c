/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Compressed minidumps: reads the bytes of the plain dump from the gzip members
 * that it was cut into.  kvm_minidump.c opens it; kvm_minidump_bytes.c, and
 * nothing else, calls this for every byte of a compressed dump.
 *
 * The members used last are kept decompressed; with what zlib needs this takes
 * 320 KB.  A member is checked when it is decompressed.
 *
 * From zlib this needs inflate() and crc32() as in version 1.2.2.
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
#include "kvm_minidump_impl.h"

/* Number of members that are kept decompressed. */
#define	NSLOTS		4

/* A decompressed member. */
struct slot {
	uint64_t	member;
	uint64_t	used;			/* when; 0: empty slot */
	u_int		len;
	u_char		plain[MINIDUMP_GZ_PLAIN];
};

struct minidump_gz {
	struct minidump_gzindex idx;
	uint64_t	size;			/* bytes, decompressed ... */
	u_int		more;			/* ... and maybe more */
	int		zready;			/* inflateInit2() is done */
	z_stream	z;
	uint64_t	clock;
	struct slot	slot[NSLOTS];
};

/* Set the error message: the member, and what is wrong with it. */
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
	ofs = _kvm_minidump_gzindex_where(&gz->idx, n, &size);
	_kvm_err(kd, kd->program, "gzip member %ju at byte %ju: %s",
	    (uintmax_t)n, (uintmax_t)ofs, text);
}

/*
 * Check the header of member n, "size" bytes at p.  Returns its length, or 0
 * with the error message set if it is damaged.
 */
static u_int
check_header(kvm_t *kd, const struct minidump_gz *gz, uint64_t n,
    const u_char *p, u_int size)
{
	const u_char *sizes;
	uint32_t number;
	u_int length, nsizes, said;
	int i;

	i = _kvm_minidump_gz_wrongbyte(p, size);
	if (i != -1) {
		member_err(kd, gz, n, "damaged: byte %d of its header is "
		    "0x%02x, not 0x%02x", i, p[i],
		    (u_char)MINIDUMP_GZ_START[i]);
		return (0);
	}
	said = le16dec(p + MINIDUMP_GZ_STARTLEN) + 1;
	if (said != size) {
		member_err(kd, gz, n, "damaged: it says that it has %u bytes, "
		    "and has %u", said, size);
		return (0);
	}
	number = le32dec(p + MINIDUMP_GZ_NUMBER);
	if (number != (gz->idx.numbered ? n : 0)) {
		member_err(kd, gz, n, "damaged: it says that it is member %u",
		    (u_int)number);
		return (0);
	}
	length = MINIDUMP_GZ_XFIELD + le16dec(p + MINIDUMP_GZ_XLEN);
	if (_kvm_minidump_gz_header(p, size) == 0 ||
	    (n != 0 && !gz->idx.numbered && length != MINIDUMP_GZ_HEADER) ||
	    _kvm_minidump_gz_extra(p, length, &sizes, &nsizes) == -1) {
		member_err(kd, gz, n, "damaged: its extra field of %u bytes",
		    length - MINIDUMP_GZ_XFIELD);
		return (0);
	}
	return (length);
}

/* Decompress member n of the file, in gz->idx.buf, and check all of it. */
static int
decompress(kvm_t *kd, struct minidump_gz *gz, uint64_t n, u_int size,
    struct slot *slot)
{
	const u_char *trailer;
	const char *what;
	uint32_t is, said;
	u_char *p;
	u_int hdrsize, skip;
	int error;

	for (p = gz->idx.buf; (skip = _kvm_minidump_gzindex_skip(&gz->idx, p,
	    size, n)) != 0; p += skip)
		size -= skip;
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
	if (said == is && n + 1 < gz->idx.nmembers)
		is = MINIDUMP_GZ_PLAIN;
	if (said != is) {
		member_err(kd, gz, n, "damaged: %s 0x%x, not 0x%x", what,
		    (u_int)said, (u_int)is);
		return (-1);
	}
	return (0);
}

/*
 * Get member n, decompressed.  Returns NULL with the error message set on
 * failure.
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
	ofs = _kvm_minidump_gzindex_where(&gz->idx, n, &size);
	if (size == 0) {
		member_err(kd, gz, n, "missing");
		return (NULL);
	}
	got = _kvm_minidump_rawpread(kd, gz->idx.buf, size, ofs);
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

/* Open the members, once memory is allocated. */
static int
open_members(kvm_t *kd, struct minidump_gz *gz)
{
	const struct slot *slot;

	if (inflateInit2(&gz->z, -MAX_WBITS) != Z_OK) {
		_kvm_err(kd, kd->program, "inflateInit2: %s",
		    gz->z.msg != NULL ? gz->z.msg : "failed");
		return (-1);
	}
	gz->zready = 1;
	if (_kvm_minidump_gzindex_make(kd, &gz->idx) == -1)
		return (-1);

	/*
	 * The length of the last member can only be found by decompressing it.
	 */
	gz->size = (gz->idx.nmembers - 1) * MINIDUMP_GZ_PLAIN;
	slot = get_member(kd, gz, gz->idx.nmembers - 1);
	if (slot != NULL)
		gz->size += slot->len;
	else if (gz->idx.nmembers > 1)
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
	gz->idx.filesize = filesize;
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
	_kvm_minidump_gzindex_free(&gz->idx);
	free(gz);
}

uint64_t
_kvm_minidump_gz_nmembers(const struct minidump_gz *gz)
{

	return (gz->idx.nmembers);
}

uint64_t
_kvm_minidump_gz_size(const struct minidump_gz *gz)
{

	return (gz->size);
}

/*
 * Bytes from one header to the next count as one member.  If two headers in a
 * row are damaged, they were two, and everything behind them is misplaced.  The
 * size of the dump shows this.
 */
uint64_t
_kvm_minidump_gz_fit(kvm_t *kd, const struct minidump_gz *gz, uint64_t size)
{
	u_int msize;

	if (size == gz->size || (size > gz->size &&
	    size - gz->size <= gz->more))
		return (size);
	if (gz->idx.sure >= gz->idx.nmembers)
		return (gz->size);
	_kvm_minidump_warn(kd, "gzip member %ju at byte %ju: damaged, and what "
	    "follows it cannot be placed", (uintmax_t)gz->idx.sure,
	    (uintmax_t)_kvm_minidump_gzindex_where(&gz->idx, gz->idx.sure,
	    &msize));
	return (gz->idx.sure * MINIDUMP_GZ_PLAIN);
}

ssize_t
_kvm_minidump_gz_pread(kvm_t *kd, struct minidump_gz *gz, void *buf, size_t len,
    uint64_t ofs)
{
	const struct slot *slot;
	size_t done, n;
	u_int at;

	for (done = 0; done < len; done += n) {
		if ((ofs + done) / MINIDUMP_GZ_PLAIN >= gz->idx.nmembers)
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
