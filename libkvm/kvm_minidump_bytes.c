/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Bytes of the dump, whether the file is compressed or not, except those that
 * were not read from the disk when the dump was saved.
 *
 * All layers above read through this; below are the file and its members.
 */

#include <sys/types.h>

#include <kvm.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#include "kvm_private.h"
#include "kvm_minidump.h"
#include "kvm_minidump_impl.h"

const struct minidump_lost *
_kvm_minidump_findlost(const struct opendump *md, uint64_t ofs, uint64_t len)
{
	const struct minidump_lost *lost;

	for (lost = md->lost; lost < md->lost + md->nlost; lost++)
		if (ofs < lost->end && lost->start < ofs + len)
			return (lost);
	return (NULL);
}

ssize_t
_kvm_minidump_pread(kvm_t *kd, void *buf, size_t len, uint64_t ofs)
{
	const struct minidump_lost *lost;
	const struct opendump *md;

	/* Bytes after the end of the dump are not part of it. */
	md = &kd->vmst->md;
	if (ofs > md->size)
		ofs = md->size;
	if (len > md->size - ofs)
		len = md->size - ofs;
	lost = _kvm_minidump_findlost(md, ofs, len);
	if (lost != NULL) {
		_kvm_err(kd, kd->program, "bytes %ju to %ju of the dump: not "
		    "read from the disk when it was saved",
		    (uintmax_t)lost->start, (uintmax_t)lost->end - 1);
		return (-1);
	}
	if (kd->vmst->gz != NULL)
		return (_kvm_minidump_gz_pread(kd, kd->vmst->gz, buf, len,
		    ofs));
	return (_kvm_minidump_rawpread(kd, buf, len, ofs));
}

ssize_t
_kvm_minidump_read(kvm_t *kd, off_t ofs, void *buf, size_t len)
{
	ssize_t n;

	n = _kvm_minidump_pread(kd, buf, len, ofs);
	if (n != 0)
		return (n);
	/* It was there when the dump was opened. */
	_kvm_err(kd, kd->program, "reading at byte %ju: the file has become "
	    "shorter", (uintmax_t)ofs);
	return (-1);
}
