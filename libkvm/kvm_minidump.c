/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Minidumps: opening one, and the functions that libkvm calls.
 *
 * This is the top layer of the reader; kvm_minidump_impl.h lists the others.
 * libkvm's kvm_<arch>.c calls the functions that kvm_private.h declares if the
 * dump is a minidump; the host library calls init().
 *
 * No layer trusts the file: every size is checked before it is used to allocate
 * or to read, and memory is bounded by the size of the dump.  The parts of the
 * bitmap and the page tables that have been used stay in memory.  The file may
 * be truncated, even while it is open: reading missing data fails.
 *
 * This compiles as part of 6.x's libkvm and on any other host, whatever its
 * byte order and word size.
 */

#include <sys/types.h>
#include <sys/endian.h>
#include <sys/minidump.h>

#include <err.h>
#include <errno.h>
#include <kvm.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kvm_private.h"
#include "kvm_minidump.h"
#include "kvm_minidump_impl.h"

const struct opendump *
_kvm_minidump(kvm_t *kd)
{

	return (kd->minidump ? &kd->vmst->md : NULL);
}

int
_kvm_minidump_truncated(const struct opendump *md)
{

	return (md->size < md->pages.ofs + md->pages.size);
}

/* Format the header's section sizes for a message. */
static void
sizes(const struct opendump *md, char *text, size_t len)
{

	if (md->isfull)
		snprintf(text, len, "the program headers' %u segments",
		    md->nranges);
	else if (md->hasavail)
		snprintf(text, len, "msgbufsize %ju, dumpavailsize %ju, "
		    "bitmapsize %ju, ptesize %ju", (uintmax_t)md->msgbuf.size,
		    (uintmax_t)md->avail.size, (uintmax_t)md->bitmap.size,
		    (uintmax_t)md->ptes.size);
	else
		snprintf(text, len, "msgbufsize %ju, bitmapsize %ju, ptesize "
		    "%ju", (uintmax_t)md->msgbuf.size,
		    (uintmax_t)md->bitmap.size, (uintmax_t)md->ptes.size);
}

/*
 * Return whether the data after the dump, from byte "end" on, is unrelated to
 * it.  If a section size or the bitmap is damaged, whole pages are left over,
 * and every page of the dump is at the wrong offset.  Less than a page is
 * harmless; so is data that begins with a kernel dump header, as when a disk
 * was copied from the start of the dump on.
 */
static int
is_tail(kvm_t *kd, uint64_t end)
{
	static const char *const magics[] = {
		"FreeBSD Kernel Dump", "Cleared Kernel Dump"
	};
	char buf[20];
	u_int i;

	if (kd->vmst->md.size - end < PGSIZE)
		return (1);
	if (_kvm_minidump_pread(kd, buf, sizeof(buf), end) !=
	    (ssize_t)sizeof(buf))
		return (0);
	for (i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
		if (memcmp(buf, magics[i], sizeof(buf)) == 0)
			return (1);
	return (0);
}

/*
 * Compare the size of the dump, by its header, with that of the file.  Missing
 * data, and data after the dump, only causes a warning.
 */
static int
check_filesize(kvm_t *kd)
{
	struct opendump *md;
	const char *where;
	char text[128];
	uint64_t end;

	md = &kd->vmst->md;
	md->pages.size = md->npages * PGSIZE;
	end = md->pages.ofs + md->pages.size;
	if (kd->vmst->gz != NULL)
		md->size = _kvm_minidump_gz_fit(kd, kd->vmst->gz, end);
	if (md->size > md->placed)
		md->size = md->placed;
	if (md->size > end && is_tail(kd, end)) {
		_kvm_minidump_warn(kd, "byte %ju: %ju bytes that are no part "
		    "of the dump", (uintmax_t)end,
		    (uintmax_t)(md->size - end));
		md->size = end;
	}
	if (md->size > end) {
		sizes(md, text, sizeof(text));
		_kvm_err(kd, kd->program, "the file has %ju bytes, which is "
		    "%ju more than %s and %s%ju pages need: one of these is "
		    "wrong", (uintmax_t)md->size, (uintmax_t)(md->size - end),
		    text, md->isfull ? "their " :
		    "the bitmap's ", (uintmax_t)md->npages);
		return (-1);
	}
	md->nmissing = _kvm_minidump_countlost(md);
	if (!_kvm_minidump_truncated(md))
		return (0);
	if (md->size >= md->pages.ofs) {
		md->nmissing += md->npages -
		    (md->size - md->pages.ofs) / PGSIZE;
		_kvm_minidump_warn(kd, "truncated: the file has %ju of %ju "
		    "bytes, %ju of %ju pages are missing",
		    (uintmax_t)md->size, (uintmax_t)end,
		    (uintmax_t)md->nmissing, (uintmax_t)md->npages);
		return (0);
	}
	md->nmissing = md->npages;
	where = "page tables";
	if (md->isfull)
		where = "header";
	else if (md->size < md->avail.ofs)
		where = "message buffer";
	else if (md->size < md->bitmap.ofs)
		where = "dump_avail";
	else if (md->size < md->ptes.ofs)
		where = "bitmap";
	sizes(md, text, sizeof(text));
	_kvm_minidump_warn(kd, "truncated: %s %ju bytes end before the %s "
	    "does, all pages are missing (%s)", md->size == md->placed ?
	    "its first" : "the file's", (uintmax_t)md->size, where, text);
	return (0);
}

/*
 * For kvm_<arch>.c, which reads other formats: return whether kd->pmfd is for
 * this reader.  This accepts minidumps of any architecture and version, and all
 * gzip files, so that it can report what is wrong with them.
 */
int
_kvm_minidump_probe(kvm_t *kd)
{

	return (_kvm_minidump_begins(kd, MINIDUMP_ANYMAGIC) ||
	    _kvm_minidump_begins(kd, MINIDUMP_GZMAGIC));
}

/* Find the size of the file and of the dump in it. */
static int
load_size(kvm_t *kd)
{
	struct opendump *md;
	struct vmstate *vm;

	vm = kd->vmst;
	md = &vm->md;
	if (_kvm_minidump_filesize(kd, &md->filesize) == -1)
		return (-1);
	md->size = md->filesize;
	md->placed = UINT64_MAX;
	if (!_kvm_minidump_begins(kd, MINIDUMP_GZMAGIC))
		return (0);
	vm->gz = _kvm_minidump_gz_open(kd, md->filesize);
	if (vm->gz == NULL)
		return (-1);
	md->nmembers = _kvm_minidump_gz_nmembers(vm->gz);
	md->size = _kvm_minidump_gz_size(vm->gz);
	return (0);
}

/* Read the sections that are always needed; a full dump has none. */
static int
load_sections(kvm_t *kd)
{

	if (kd->vmst->md.isfull)
		return (0);
	return (_kvm_minidump_loadmissing(kd) == -1 ||
	    _kvm_minidump_loadavail(kd) == -1 ||
	    _kvm_minidump_bitmap_open(kd) == -1 ? -1 : 0);
}

int
_kvm_minidump_init(kvm_t *kd, minidump_other_t *other)
{

	kd->vmst = _kvm_malloc(kd, sizeof(*kd->vmst));
	if (kd->vmst == NULL)
		return (-1);
	kd->minidump = 1;
	kd->vmst->tables = _kvm_minidump_tables_open(kd);
	if (kd->vmst->tables == NULL || load_size(kd) == -1 ||
	    _kvm_minidump_loadheader(kd, other) == -1 ||
	    load_sections(kd) == -1 || check_filesize(kd) == -1) {
		_kvm_minidump_freevtop(kd);
		return (-1);
	}
	return (0);
}

/*
 * Open the minidump kd->pmfd, which may be truncated.  Warnings are printed to
 * standard error even for kvm_openfiles(): in 6.x it cannot return them, and
 * without them a user only sees which structure a program failed to read.
 * Returns -1 if it is not a minidump, or if a field of its header is invalid.
 */
int
_kvm_minidump_initvtop(kvm_t *kd)
{
	const struct opendump *md;
	u_int n;

	if (_kvm_minidump_init(kd, NULL) == -1)
		return (-1);
	md = &kd->vmst->md;
	for (n = 0; n < md->nwarnings && kd->program == NULL; n++)
		warnx("core file: %s", md->warning[n]);
	return (0);
}

/* Free what initvtop() allocated.  kd->pmfd may already be closed. */
void
_kvm_minidump_freevtop(kvm_t *kd)
{
	struct vmstate *vm;

	vm = kd->vmst;
	_kvm_minidump_tables_close(vm->tables);
	_kvm_minidump_bitmap_close(vm->bitmap);
	_kvm_minidump_gz_close(vm->gz);
	free(vm->md.ranges);
	free(vm);
	kd->vmst = NULL;
	kd->minidump = 0;
}

int
_kvm_minidump_vatop64(kvm_t *kd, uint64_t va, off_t *ofs)
{
	uint64_t pa;

	if (_kvm_minidump_vatopa(kd, va, &pa) == -1)
		return (0);
	return (_kvm_minidump_patoofs(kd, va, pa, ofs));
}

/* vatop64() in libkvm's form, for kernels with the host's word size. */
int
_kvm_minidump_kvatop(kvm_t *kd, u_long va, off_t *pa)
{

	return (_kvm_minidump_vatop64(kd, va, pa));
}
