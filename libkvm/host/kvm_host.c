/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * kvm(3) for programs on any host: opening, reading and symbols.  The minidump
 * code is shared with FreeBSD's libkvm and is one directory up; the ELF code is
 * in kvm_elf.c.
 */

#include <sys/types.h>

#include <errno.h>
#include <fcntl.h>
#include <kvm.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kvm_private.h"
#include "../kvm_minidump.h"

/* Bytes of a version string that are compared and printed. */
#define	VERSIONLEN	256

/*
 * Make a string from outside fit to be printed.  Escapes non-ASCII characters
 * as well if "all" is set.
 */
static void
escape(char *dst, size_t dstlen, const char *src, int all)
{
	uint32_t c;
	size_t len, n, used;
	int show;

	used = 0;
	for (len = strlen(src); len > 0 && used + 5 < dstlen; src += n,
	    len -= n) {
		n = kvm_nextchar(src, all ? 1 : len, &c, &show);
		if (show) {
			memcpy(dst + used, src, n);
			used += n;
			continue;
		}
		n = 1;
		used += snprintf(dst + used, dstlen - used, *src == '\n' ?
		    "\\n" : "\\%03o", (unsigned char)*src);
	}
	dst[used] = '\0';
}

static void __printflike(4, 0)
set_error(kvm_t *kd, const char *program, int error, const char *fmt,
    va_list ap)
{
	char msg[sizeof(kd->errbuf)], text[sizeof(kd->errbuf)];

	vsnprintf(msg, sizeof(msg), fmt, ap);
	/* Text that does not fit is cut off. */
	if (snprintf(text, sizeof(text), "%s%s%s%s%s",
	    kd->file != NULL ? kd->file : "", kd->file != NULL ? ": " : "",
	    msg, error != 0 ? ": " : "", error != 0 ? strerror(error) : "") < 0)
		text[0] = '\0';
	escape(kd->errbuf, sizeof(kd->errbuf), text, 0);
	if (program != NULL)
		fprintf(stderr, "%s: %s\n", program, kd->errbuf);
}

/*
 * Set the error message, and print it if "program" is not NULL.
 */
void
_kvm_err(kvm_t *kd, const char *program, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set_error(kd, program, 0, fmt, ap);
	va_end(ap);
}

/* The same, followed by the message for errno. */
void
_kvm_syserr(kvm_t *kd, const char *program, const char *fmt, ...)
{
	va_list ap;
	int error;

	error = errno;
	va_start(ap, fmt);
	set_error(kd, program, error, fmt, ap);
	va_end(ap);
}

/*
 * Allocate zeroed memory.  Returns NULL with the error message set if there is
 * none.
 */
void *
_kvm_malloc(kvm_t *kd, size_t size)
{
	void *p;

	p = calloc(1, size);
	if (p == NULL)
		_kvm_syserr(kd, kd->program, "%zu bytes of memory", size);
	return (p);
}

/* Make the last error message a warning. */
static void
warning(kvm_t *kd)
{

	if (kd->nwarnings < NWARNINGS)
		memcpy(kd->warning[kd->nwarnings++], kd->errbuf,
		    sizeof(kd->errbuf));
	kd->errbuf[0] = '\0';
}

/*
 * Check that the dump has the kernel's version string where the kernel has it.
 * If it has not, or if it cannot be read, the user is warned: the addresses of
 * the kernel's symbols cannot be trusted then.
 */
static void
check_version(kvm_t *kd)
{
	char dump[VERSIONLEN + 1], kernel[VERSIONLEN + 1];
	char dumpesc[VERSIONLEN * 2], kernelesc[VERSIONLEN * 2];
	uint64_t size;
	kvaddr_t va;
	size_t len;

	memset(dump, 0, sizeof(dump));
	memset(kernel, 0, sizeof(kernel));
	len = 0;
	if (kvm_symbol(kd, "version", &va, &size) == 0)
		len = _kvm_elf_read(kd, va, kernel,
		    size == 0 || size > VERSIONLEN ? VERSIONLEN : size);
	kernel[len] = '\0';
	len = strlen(kernel);
	if (len == 0) {
		kd->file = kd->kernelname;
		_kvm_err(kd, kd->program, "no version string: it may not be "
		    "the kernel that crashed");
	} else if (kvm_read2(kd, va, dump, len + 1) < (ssize_t)len) {
		/* The message gives the reason; its file is the dump. */
		memcpy(dump, kd->errbuf, VERSIONLEN);
		escape(dumpesc, sizeof(dumpesc), dump, 1);
		kd->file = kd->kernelname;
		_kvm_err(kd, kd->program, "may not be the kernel that "
		    "crashed: the dump's version string is not there: %s",
		    dumpesc);
	} else if (strcmp(kernel, dump) != 0) {
		/* The string in the dump may be longer. */
		(void)kvm_read2(kd, va, dump, VERSIONLEN);
		escape(dumpesc, sizeof(dumpesc), dump, 1);
		escape(kernelesc, sizeof(kernelesc), kernel, 1);
		kd->file = kd->kernelname;
		_kvm_err(kd, kd->program, "not the kernel that crashed: its "
		    "version is \"%s\", the dump %s has \"%s\" there",
		    kernelesc, kd->dumpname, dumpesc);
	} else
		return;
	warning(kd);
}

static int
open_files(kvm_t *kd, const char *kernel, const char *dump, int flags)
{
	const struct opendump *md;
	u_int n;

	if (dump == NULL || flags != O_RDONLY) {
		_kvm_err(kd, kd->program, dump == NULL ? "no dump is given" :
		    "flags are not O_RDONLY");
		return (-1);
	}
	kd->dumpname = strdup(dump);
	kd->kernelname = strdup(kernel != NULL ? kernel : "");
	if (kd->dumpname == NULL || kd->kernelname == NULL) {
		_kvm_syserr(kd, kd->program, "memory for names");
		return (-1);
	}
	kd->file = kd->dumpname;
	kd->pmfd = open(dump, O_RDONLY | O_CLOEXEC);
	if (kd->pmfd == -1) {
		_kvm_syserr(kd, kd->program, "open");
		return (-1);
	}
	if (_kvm_minidump_init(kd, _kvm_full_format) == -1)
		return (-1);
	md = _kvm_minidump(kd);
	for (n = 0; n < md->nwarnings; n++) {
		_kvm_err(kd, NULL, "%s", md->warning[n]);
		warning(kd);
	}
	/* Damage found so far is reported when the damaged part is needed. */
	kd->errbuf[0] = '\0';
	if (kernel == NULL)
		return (_kvm_info_make(kd));

	kd->file = kd->kernelname;
	kd->nlfd = open(kernel, O_RDONLY | O_CLOEXEC);
	if (kd->nlfd == -1) {
		_kvm_syserr(kd, kd->program, "open");
		return (-1);
	}
	if (_kvm_elf_open(kd, md->arch) == -1)
		return (-1);
	kd->file = kd->dumpname;
	if (md->isfull && _kvm_full_kernel(kd) == -1)
		warning(kd);
	check_version(kd);
	kd->file = kd->dumpname;
	return (_kvm_info_make(kd));
}

/* Open a dump.  Messages are printed after "program", or left in "errbuf". */
static kvm_t *
open_kvm(const char *kernel, const char *dump, int flags, const char *program,
    char *errbuf)
{
	kvm_t *kd;

	kd = calloc(1, sizeof(*kd));
	if (kd == NULL) {
		if (errbuf != NULL)
			snprintf(errbuf, _POSIX2_LINE_MAX, "%s",
			    strerror(errno));
		if (program != NULL)
			fprintf(stderr, "%s: %s\n", program, strerror(errno));
		return (NULL);
	}
	kd->program = program;
	kd->pmfd = kd->nlfd = -1;
	if (open_files(kd, kernel, dump, flags) == 0)
		return (kd);
	if (errbuf != NULL)
		memcpy(errbuf, kd->errbuf, sizeof(kd->errbuf));
	kvm_close(kd);
	return (NULL);
}

kvm_t *
kvm_openfiles(const char *execfile, const char *corefile,
    const char *swapfile, int flags, char *errbuf)
{

	(void)swapfile;
	return (open_kvm(execfile, corefile, flags, NULL, errbuf));
}

kvm_t *
kvm_open(const char *execfile, const char *corefile, const char *swapfile,
    int flags, const char *errstr)
{

	(void)swapfile;
	return (open_kvm(execfile, corefile, flags, errstr, NULL));
}

int
kvm_close(kvm_t *kd)
{

	if (kd->vmst != NULL)
		_kvm_minidump_freevtop(kd);
	_kvm_full_close(kd);
	_kvm_elf_close(kd);
	if (kd->pmfd != -1)
		close(kd->pmfd);
	if (kd->nlfd != -1)
		close(kd->nlfd);
	free(kd->info);
	free(kd->dumpname);
	free(kd->kernelname);
	free(kd);
	return (0);
}

char *
kvm_geterr(kvm_t *kd)
{

	return (kd->errbuf);
}

const char *
kvm_warning(kvm_t *kd, unsigned int n)
{

	return (n < kd->nwarnings ? kd->warning[n] : NULL);
}

ssize_t
kvm_read2(kvm_t *kd, kvaddr_t va, void *buf, size_t len)
{
	size_t done, n;
	ssize_t got;
	off_t ofs;

	for (done = 0; done < len; done += got) {
		n = _kvm_minidump_vatop64(kd, va + done, &ofs);
		if (n == 0)
			break;
		if (n > len - done)
			n = len - done;
		got = _kvm_minidump_read(kd, ofs, (char *)buf + done, n);
		if (got == -1)
			break;
	}
	return (done == 0 && len > 0 ? -1 : (ssize_t)done);
}

size_t
kvm_gap(kvm_t *kd, kvaddr_t va)
{
	const struct minidump_lost *lost;
	uint64_t pa;
	size_t page;
	off_t ofs;

	page = PGSIZE - va % PGSIZE;
	if (_kvm_minidump_vatopa(kd, va, &pa) == -1 ||
	    _kvm_minidump_locate(kd, "page", va, pa, &ofs) == 0)
		return (page);
	lost = _kvm_minidump_findlost(_kvm_minidump(kd), ofs, 1);
	if (lost == NULL || lost->end - ofs > page)
		return (page);
	return (lost->end - ofs);
}

ssize_t
kvm_read(kvm_t *kd, unsigned long va, void *buf, size_t len)
{

	return (kvm_read2(kd, va, buf, len));
}

/* kvm_symbol(), and the symbol's type for nlist. */
static int
symbol(kvm_t *kd, const char *name, kvaddr_t *va, uint64_t *size,
    unsigned char *type)
{
	int error;

	if (kd->kernel == NULL) {
		_kvm_err(kd, NULL, "symbol %s: no kernel file is given", name);
		return (-1);
	}
	kd->file = kd->kernelname;
	error = _kvm_elf_symbol(kd, name, va, size, type);
	if (error == -1 && name[0] == '_')
		error = _kvm_elf_symbol(kd, name + 1, va, size, type);
	if (error == -1)
		_kvm_err(kd, NULL, "symbol %s: not there", name);
	kd->file = kd->dumpname;
	return (error);
}

int
kvm_symbol(kvm_t *kd, const char *name, kvaddr_t *va, uint64_t *size)
{
	unsigned char type;

	return (symbol(kd, name, va, size, &type));
}

int
kvm_segment(kvm_t *kd, unsigned int n, kvaddr_t *va, uint64_t *size)
{

	return (kd->kernel == NULL ? -1 : _kvm_elf_segment(kd, n, va, size));
}

int
kvm_nlist2(kvm_t *kd, struct kvm_nlist *nl)
{
	uint64_t size;
	int missing;

	if (kd->kernel == NULL) {
		_kvm_err(kd, NULL, "no kernel file is given");
		return (-1);
	}
	missing = 0;
	for (; nl->n_name != NULL && nl->n_name[0] != '\0'; nl++) {
		nl->n_type = 0;
		nl->n_value = 0;
		if (symbol(kd, nl->n_name, &nl->n_value, &size,
		    &nl->n_type) == -1)
			missing++;
	}
	return (missing);
}

int
kvm_nlist(kvm_t *kd, struct nlist *nl)
{
	struct kvm_nlist one[2];
	int missing, n;

	one[1].n_name = NULL;
	missing = 0;
	for (; nl->n_name != NULL && nl->n_name[0] != '\0'; nl++) {
		one[0].n_name = nl->n_name;
		n = kvm_nlist2(kd, one);
		if (n == -1)
			return (-1);
		missing += n;
		nl->n_type = one[0].n_type;
		nl->n_value = one[0].n_value;
		if ((unsigned long)nl->n_value != one[0].n_value) {
			_kvm_err(kd, NULL, "symbol %s: 0x%jx does not fit "
			    "into a long: use kvm_nlist2()", nl->n_name,
			    (uintmax_t)one[0].n_value);
			return (-1);
		}
	}
	return (missing);
}
