/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Minidumps: the reader.  What libkvm calls is here, and what opens a dump: its
 * header, where its sections are, and whether the file has them.  The table
 * "formats" has what the layouts and versions differ in, and the files
 * kvm_minidump_*.c have the parts: kvm_minidump.h says which.  kvm_<arch>.c of
 * libkvm calls the functions that kvm_private.h declares, once it has seen that
 * the dump is a minidump.
 *
 * Nothing in the file is trusted, here and in the parts: every size is checked
 * before anything is allocated or read by it, and memory is bounded by the size
 * of the dump.  Those pieces of the bitmap and pages of the page tables that
 * were used are kept in memory.  The file may be cut short, even while it is
 * open: what is not there gives an error when it is asked for.
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

/* The magic of any architecture begins with this, and any gzip file. */
#define	ANYMAGIC	"minidump "
#define	GZIPMAGIC	"\037\213"

static const struct minidump_ops *const formats[] = {
	_kvm_minidump_amd64,
	_kvm_minidump_i386,
};
#define	NFORMATS	(sizeof(formats) / sizeof(formats[0]))

const struct minidump *
_kvm_minidump(kvm_t *kd)
{

	return (kd->minidump ? &kd->vmst->md : NULL);
}

int
_kvm_minidump_truncated(const struct minidump *md)
{

	return (md->size < md->pages.ofs + md->pages.size);
}

int
_kvm_minidump_isfull(const struct minidump *md)
{

	return (md->ops->magic == NULL);
}

void
_kvm_minidump_warn(kvm_t *kd, const char *fmt, ...)
{
	struct minidump *md;
	char text[MINIDUMP_WARNINGLEN];
	va_list ap;

	md = &kd->vmst->md;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	_kvm_err(kd, kd->program, "%s", text);
	if (md->nwarnings < MINIDUMP_NWARNINGS)
		memcpy(md->warning[md->nwarnings++], text, sizeof(text));
}

ssize_t
_kvm_minidump_rawpread(kvm_t *kd, void *buf, size_t len, uint64_t ofs)
{
	uint64_t end;
	size_t done;
	ssize_t n;

	/* What has been added to the file since is no part of the dump. */
	end = kd->vmst->md.filesize;
	if (ofs > end)
		ofs = end;
	if (len > end - ofs)
		len = end - ofs;
	for (done = 0; done < len; done += n) {
		n = pread(kd->pmfd, (char *)buf + done, len - done,
		    (off_t)(ofs + done));
		if (n == -1 && errno == EINTR)
			n = 0;
		else if (n == -1) {
			_kvm_syserr(kd, kd->program, "reading at byte %ju",
			    (uintmax_t)(ofs + done));
			return (-1);
		} else if (n == 0)
			break;
	}
	return (done);
}

ssize_t
_kvm_minidump_pread(kvm_t *kd, void *buf, size_t len, uint64_t ofs)
{
	const struct minidump_lost *lost;

	lost = _kvm_minidump_findlost(&kd->vmst->md, ofs, len);
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

/* What a file that is no minidump is, by its first bytes; NULL if unknown. */
static const char *
other_format(const struct minidumphdr *hdr, size_t n)
{
	static const struct {
		const char	*magic;
		const char	*what;
	} others[] = {
		{ "\177ELF",		"ELF file" },
		{ GZIPMAGIC,		"gzip file" },
		{ "\050\265\057\375",	"zstd file" },
		{ "FreeBSD Kernel Dump", "kernel dump header" },
	};
	const u_char *p;
	u_int i;

	p = (const u_char *)hdr;
	/* The type of an ELF file is two bytes in the file's own order. */
	if (n > 17 && memcmp(p, others[0].magic, 4) == 0 &&
	    p[16] + p[17] == 4)
		return ("ELF full dump");
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (n >= strlen(others[i].magic) &&
		    memcmp(p, others[i].magic, strlen(others[i].magic)) == 0)
			return (others[i].what);
	return (NULL);
}

static void
too_short(kvm_t *kd, size_t n)
{

	_kvm_err(kd, kd->program, "the file's %ju bytes are too few for the "
	    "header of a minidump", (uintmax_t)n);
}

/*
 * Find the operations for a dump by the n bytes of its header; NULL with the
 * error message set if there are none.
 */
static const struct minidump_ops *
find_format(kvm_t *kd, const struct minidumphdr *hdr, size_t n)
{
	char magic[sizeof(hdr->magic) + 1];
	const struct minidump_ops *ops;
	const char *arch, *other;
	uint32_t version;
	u_int i;

	other = other_format(hdr, n);
	if (other != NULL) {
		_kvm_err(kd, kd->program, "%s: not a minidump", other);
		return (NULL);
	}
	if (n < sizeof(*hdr)) {
		too_short(kd, n);
		return (NULL);
	}
	version = le32dec(&hdr->version);
	arch = NULL;
	for (i = 0; i < NFORMATS; i++) {
		ops = formats[i];
		if (strncmp(hdr->magic, ops->magic, sizeof(hdr->magic)) != 0)
			continue;
		arch = ops->arch;
		while (ops->magic != NULL && ops->version != version)
			ops++;
		if (ops->magic == NULL)
			continue;
		if (ops->availofs == 0 || n >= ops->availofs +
		    MINIDUMP_AVAILSIZE)
			return (ops);
		too_short(kd, n);
		return (NULL);
	}
	if (arch != NULL) {
		_kvm_err(kd, kd->program, "version %u: no version of %s "
		    "minidumps that this can read", version, arch);
		return (NULL);
	}
	for (i = 0; i < sizeof(hdr->magic) && hdr->magic[i] != '\0'; i++)
		magic[i] = hdr->magic[i] >= ' ' && hdr->magic[i] <= '~' ?
		    hdr->magic[i] : '?';
	magic[i] = '\0';
	_kvm_err(kd, kd->program, "magic \"%s\": not a minidump%s", magic,
	    strncmp(magic, ANYMAGIC, strlen(ANYMAGIC)) == 0 ?
	    " that this can read" : "");
	return (NULL);
}

/* Take the header apart, and check each field but that of dump_avail. */
static int
check_header(kvm_t *kd, const struct minidumphdr *hdr)
{
	struct minidump *md;
	uint64_t limit, span;

	md = &kd->vmst->md;
	md->top = md->ops->top;
	md->msgbuf.size = le32dec(&hdr->msgbufsize);
	md->bitmap.size = le32dec(&hdr->bitmapsize);
	md->ptes.size = le32dec(&hdr->ptesize);
	if ((*md->ops->header)(kd, hdr, md) == -1)
		return (-1);

	/* What one page of entries maps is aligned to its size. */
	span = _kvm_minidump_span(md->paging, md->top);
	limit = PGSIZE / md->paging->entsize * span;
	if (md->kernbase % limit != 0) {
		_kvm_err(kd, kd->program,
		    "kernbase 0x%jx: not a multiple of 0x%jx",
		    (uintmax_t)md->kernbase, (uintmax_t)limit);
		return (-1);
	}
	limit = md->kernlast - md->kernbase;
	if (md->msgbuf.size > limit) {
		_kvm_err(kd, kd->program, "msgbufsize %ju: more than kernel "
		    "address space from 0x%jx on", (uintmax_t)md->msgbuf.size,
		    (uintmax_t)md->kernbase);
		return (-1);
	}
	if (md->ptes.size == 0 || md->ptes.size % PGSIZE != 0) {
		_kvm_err(kd, kd->program,
		    "ptesize %ju: not a whole number of pages",
		    (uintmax_t)md->ptes.size);
		return (-1);
	}
	if (md->ptes.size / md->paging->entsize - 1 > limit / span) {
		_kvm_err(kd, kd->program, "ptesize %ju: more than kernel "
		    "address space from 0x%jx on", (uintmax_t)md->ptes.size,
		    (uintmax_t)md->kernbase);
		return (-1);
	}
	if (md->bitmap.size == 0 || md->bitmap.size % md->ptrsize != 0) {
		_kvm_err(kd, kd->program,
		    "bitmapsize %ju: not a whole number of %u-byte words",
		    (uintmax_t)md->bitmap.size, md->ptrsize);
		return (-1);
	}
	/* It may have been rounded up to a page. */
	limit = TRUNC_PAGE(md->bitmap.size - 1) * 8 * PGSIZE;
	if (limit != 0 && limit >= md->physend) {
		_kvm_err(kd, kd->program, "bitmapsize %ju: more memory than "
		    "there can be below 0x%jx", (uintmax_t)md->bitmap.size,
		    (uintmax_t)md->physend);
		return (-1);
	}
	return (0);
}

/* Read the header, and say where the sections are. */
static int
load_header(kvm_t *kd, minidump_other_t *other)
{
	struct minidumphdr hdr;
	struct minidump *md;
	u_char buf[sizeof(hdr) + MINIDUMP_AVAILSIZE];
	ssize_t n;

	md = &kd->vmst->md;
	memset(buf, 0, sizeof(buf));
	n = _kvm_minidump_pread(kd, buf, sizeof(buf), 0);
	if (n == -1)
		return (-1);
	memcpy(&hdr, buf, sizeof(hdr));
	if (other != NULL)
		md->ops = (*other)(buf, n);
	if (md->ops != NULL)
		return ((*md->ops->header)(kd, &hdr, md));
	md->ops = find_format(kd, &hdr, n);
	if (md->ops == NULL || check_header(kd, &hdr) == -1)
		return (-1);
	if (md->ops->availofs != 0) {
		md->hdrsize = md->ops->availofs + MINIDUMP_AVAILSIZE;
		md->avail.size = le32dec(buf + md->ops->availofs);
	}
	md->msgbuf.ofs = PGSIZE;
	md->avail.ofs = md->msgbuf.ofs + ROUND_PAGE(md->msgbuf.size);
	md->bitmap.ofs = md->avail.ofs + ROUND_PAGE(md->avail.size);
	md->ptes.ofs = md->bitmap.ofs + ROUND_PAGE(md->bitmap.size);
	md->pages.ofs = md->ptes.ofs + md->ptes.size;
	return (0);
}

/* What the header says of the sizes of the sections, for a message. */
static void
sizes(const struct minidump *md, char *text, size_t len)
{

	if (_kvm_minidump_isfull(md))
		snprintf(text, len, "the program headers' %u segments",
		    md->nranges);
	else if (md->ops->availofs != 0)
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
 * Whether what the file has behind the dump, from byte "end" on, is no part of
 * it.  If a size or the bitmap is not what was written, there are whole pages,
 * and every page of the dump is misplaced.  What is less than a page is none of
 * that, and neither is what begins with a kernel dump header: a disk was copied
 * from the dump on.
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
 * Compare what the dump says it has with what the file has.  What is missing
 * is for the user to know, and no error, and so is what comes after it.
 */
static int
check_filesize(kvm_t *kd)
{
	struct minidump *md;
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
		    text, _kvm_minidump_isfull(md) ? "their " :
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
	if (_kvm_minidump_isfull(md))
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

/* Whether the file begins with these bytes. */
static int
begins_with(kvm_t *kd, const char *magic, size_t len)
{
	char buf[sizeof(ANYMAGIC)];

	return (pread(kd->pmfd, buf, len, 0) == (ssize_t)len &&
	    memcmp(buf, magic, len) == 0);
}

/*
 * Whether kd->pmfd is for this reader, which is any minidump, of whatever
 * architecture and version, and any gzip file, to say what is wrong with it:
 * for kvm_<arch>.c, which reads the other formats.
 */
int
_kvm_minidump_probe(kvm_t *kd)
{

	return (begins_with(kd, ANYMAGIC, sizeof(ANYMAGIC) - 1) ||
	    begins_with(kd, GZIPMAGIC, sizeof(GZIPMAGIC) - 1));
}

/* Find out how many bytes there are. */
static int
load_size(kvm_t *kd)
{
	struct minidump *md;
	struct vmstate *vm;
	off_t end;

	vm = kd->vmst;
	md = &vm->md;
	end = lseek(kd->pmfd, 0, SEEK_END);
	if (end == -1) {
		_kvm_syserr(kd, kd->program, "size of the file");
		return (-1);
	}
	md->filesize = md->size = end;
	md->placed = UINT64_MAX;
	if (!begins_with(kd, GZIPMAGIC, sizeof(GZIPMAGIC) - 1))
		return (0);
	vm->gz = _kvm_minidump_gz_open(kd, md->filesize);
	if (vm->gz == NULL)
		return (-1);
	md->nmembers = _kvm_minidump_gz_nmembers(vm->gz);
	md->size = _kvm_minidump_gz_size(vm->gz);
	return (0);
}

/* What of the sections is needed at once; a full dump has none. */
static int
load_sections(kvm_t *kd)
{

	if (_kvm_minidump_isfull(&kd->vmst->md))
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
	    load_header(kd, other) == -1 || load_sections(kd) == -1 ||
	    check_filesize(kd) == -1) {
		_kvm_minidump_freevtop(kd);
		return (-1);
	}
	return (0);
}

/*
 * Open the minidump kd->pmfd.  A dump that is cut short is opened as well.  What
 * is missing is told on standard error, whoever opened it: kvm_openfiles() of
 * 6.x has no way to hand a warning out, and without it all that a user sees is
 * the first structure that a program does not find.  Returns -1 if it is no
 * minidump, or if a field of its header cannot be true.
 */
int
_kvm_minidump_initvtop(kvm_t *kd)
{
	const struct minidump *md;
	u_int n;

	if (_kvm_minidump_init(kd, NULL) == -1)
		return (-1);
	md = &kd->vmst->md;
	for (n = 0; n < md->nwarnings && kd->program == NULL; n++)
		warnx("core file: %s", md->warning[n]);
	return (0);
}

/* Free all that initvtop allocated.  kd->pmfd may be closed already. */
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
_kvm_minidump_locate(kvm_t *kd, const char *what, uint64_t va, uint64_t pa,
    off_t *ofs)
{
	const struct minidump_left *left;
	const struct minidump *md;
	uint64_t before, end, same;
	u_int len;
	int isset;

	md = &kd->vmst->md;
	len = PGSIZE - pa % PGSIZE;
	isset = _kvm_minidump_findbit(kd, pa, &before);
	if (isset == -1)
		return (0);
	if (isset == MINIDUMP_BITCUT) {
		_kvm_err(kd, NULL, "address 0x%jx: %s 0x%jx: its bit is "
		    "beyond the end of the file", (uintmax_t)va, what,
		    (uintmax_t)TRUNC_PAGE(pa));
		return (0);
	}
	if (!isset) {
		same = 1;
		left = _kvm_minidump_findleft(md, va, pa, &same);
		if (left != NULL)
			_kvm_err(kd, NULL, "address 0x%jx: left out of this "
			    "dump: %s", (uintmax_t)va, left->name);
		else
			_kvm_err(kd, NULL, "address 0x%jx: %s 0x%jx: not in "
			    "the dump", (uintmax_t)va, what,
			    (uintmax_t)TRUNC_PAGE(pa));
		return (0);
	}
	*ofs = md->pages.ofs + before * PGSIZE + pa % PGSIZE;
	end = md->size;
	if ((uint64_t)*ofs >= end) {
		_kvm_err(kd, NULL, "address 0x%jx: %s 0x%jx: beyond the end "
		    "of the truncated file", (uintmax_t)va, what,
		    (uintmax_t)TRUNC_PAGE(pa));
		return (0);
	}
	return (len > end - *ofs ? end - *ofs : len);
}

int
_kvm_minidump_patoofs(kvm_t *kd, uint64_t va, uint64_t pa, off_t *ofs)
{
	const struct minidump_lost *lost;
	u_int len;

	len = _kvm_minidump_locate(kd, "page", va, pa, ofs);
	if (len == 0)
		return (0);
	lost = _kvm_minidump_findlost(&kd->vmst->md, *ofs, len);
	if (lost == NULL)
		return (len);
	if (lost->start > (uint64_t)*ofs)
		return (lost->start - *ofs);
	_kvm_err(kd, NULL, "address 0x%jx: page 0x%jx: not read from the disk "
	    "when the dump was saved", (uintmax_t)va,
	    (uintmax_t)TRUNC_PAGE(pa));
	return (0);
}

int
_kvm_minidump_vatop64(kvm_t *kd, uint64_t va, off_t *ofs)
{
	uint64_t pa;

	if (_kvm_minidump_vatopa(kd, va, &pa) == -1)
		return (0);
	return (_kvm_minidump_patoofs(kd, va, pa, ofs));
}

/* vatop64() as libkvm declares it, for kernels with the host's word size. */
int
_kvm_minidump_kvatop(kvm_t *kd, u_long va, off_t *pa)
{

	return (_kvm_minidump_vatop64(kd, va, pa));
}
