/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The header of a member of a compressed dump, as bytes in memory.
 * kvm_minidump_gzindex.c finds members by it, and kvm_minidump_gz.c checks it.
 */

#include <sys/types.h>
#include <sys/endian.h>

#include <kvm.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#include "kvm_private.h"
#include "kvm_minidump.h"
#include "kvm_minidump_impl.h"

int
_kvm_minidump_gz_wrongbyte(const u_char *p, size_t n)
{
	static const u_char start[] = MINIDUMP_GZ_START;
	size_t i;

	for (i = 0; i < MINIDUMP_GZ_STARTLEN && i < n; i++)
		if (p[i] != start[i] && i / 4 != MINIDUMP_GZ_NUMBER / 4 &&
		    i / 2 != MINIDUMP_GZ_XLEN / 2)
			return (i);
	return (-1);
}

u_int
_kvm_minidump_gz_header(const u_char *p, size_t n)
{
	u_int size, length;

	if (n < MINIDUMP_GZ_HEADER || _kvm_minidump_gz_wrongbyte(p, n) != -1)
		return (0);
	length = MINIDUMP_GZ_XFIELD + le16dec(p + MINIDUMP_GZ_XLEN);
	size = le16dec(p + MINIDUMP_GZ_STARTLEN) + 1;
	/* What is longer has a subfield. */
	return ((length == MINIDUMP_GZ_HEADER ||
	    length >= MINIDUMP_GZ_HEADER + 4) &&
	    size >= length + MINIDUMP_GZ_TRAILER ? size : 0);
}

int
_kvm_minidump_gz_extra(const u_char *p, u_int length, const u_char **sizes,
    u_int *nsizes)
{
	u_int i, len;

	*sizes = NULL;
	*nsizes = 0;
	for (i = MINIDUMP_GZ_HEADER; i < length; i += 4 + len) {
		if (length - i < 4 || p[i] != 'M')
			return (-1);
		len = le16dec(p + i + 2);
		if (len > length - i - 4)
			return (-1);
		if (p[i + 1] == 'P')
			/* It is the last. */
			return (len == length - i - 4 ? 0 : -1);
		if (p[i + 1] != 'I' || len < 4 || len % 2 != 0 ||
		    *sizes != NULL)
			return (-1);
		*sizes = p + i + 8;
		*nsizes = (len - 4) / 2;
	}
	return (0);
}
