/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * vmcore verify: check all of a dump's structure.  What the library checks
 * when it opens the dump is not repeated here.
 */

#include <sys/types.h>

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include <sys/minidump.h>
#include "vmcore.h"
#include "kvm_minidump.h"

#define	CHUNK		(256 * MINIDUMP_PAGE_SIZE)

/* Read all of the file.  Returns -1 after printing what cannot be read. */
static int
check_readable(kvm_t *kd, const char *file, uint64_t size)
{
	uint64_t ofs;
	char *buf;
	ssize_t n;

	buf = malloc(CHUNK);
	if (buf == NULL) {
		xwarn("%s", file);
		return (-1);
	}
	for (ofs = 0; ofs < size; ofs += n) {
		n = _kvm_minidump_pread(kd, buf, CHUNK, ofs);
		if (n == -1)
			xwarnx("%s", kvm_geterr(kd));
		else if (n == 0)
			xwarnx("%s: byte %ju: the file has become shorter",
			    file, (uintmax_t)ofs);
		if (n <= 0)
			break;
	}
	free(buf);
	return (ofs < size ? -1 : 0);
}

/* Check that bytes up to the next page are zero, if the file has them. */
static int
check_padding(kvm_t *kd, const char *file, const char *what, uint64_t ofs)
{
	char buf[MINIDUMP_PAGE_SIZE];
	ssize_t i, n;

	if (ofs % MINIDUMP_PAGE_SIZE == 0)
		return (0);
	n = _kvm_minidump_pread(kd, buf, MINIDUMP_PAGE_SIZE -
	    ofs % MINIDUMP_PAGE_SIZE, ofs);
	if (n == -1) {
		xwarnx("%s", kvm_geterr(kd));
		return (-1);
	}
	for (i = 0; i < n; i++)
		if (buf[i] != 0) {
			xwarnx("%s: byte %ju: not zero, but is padding after "
			    "the %s", file, (uintmax_t)(ofs + i), what);
			return (-1);
		}
	return (0);
}

/*
 * Check that the page tables map pages of the dump: those of another dump, or
 * what is no page table, would not.  Entries may map what is not in the dump.
 */
static int
check_ptes(kvm_t *kd, const char *file, const struct minidump *md)
{
	uint64_t mapped, n, pte, valid;
	off_t ofs;

	mapped = valid = 0;
	for (n = 0; n < _kvm_minidump_nptes(md); n++) {
		if (_kvm_minidump_pte(kd, n, &pte) == -1) {
			xwarnx("%s", kvm_geterr(kd));
			return (-1);
		}
		if ((pte & MINIDUMP_PTE_V) == 0)
			continue;
		valid++;
		pte &= MINIDUMP_PTE_FRAME;
		if (pte <= md->lastpage &&
		    _kvm_minidump_patoofs(kd, md->kernbase +
		    n * MINIDUMP_PAGE_SIZE, pte, &ofs) > 0)
			mapped++;
	}
	if (mapped == 0) {
		xwarnx("%s: ptesize %ju: of %ju valid page table entries none "
		    "maps a page of the dump", file, (uintmax_t)md->ptes.size,
		    (uintmax_t)valid);
		return (-1);
	}
	return (0);
}

int
cmd_verify(int argc, char **argv)
{
	const struct minidump *md;
	const char *file;
	kvm_t *kd;
	int status, truncated;

	if (getopt(argc, argv, "") != -1 || argc - optind != 1)
		return (STATUS_USAGE);
	file = argv[optind];
	kd = open_dump(NULL, file);
	if (kd == NULL)
		return (STATUS_FAILED);
	md = _kvm_minidump(kd);
	/* If it is, open_dump() has said so. */
	truncated = _kvm_minidump_truncated(md);
	status = truncated ? STATUS_FAILED : STATUS_OK;
	if (md->npages > 0 && md->lastpage >= md->physend) {
		xwarnx("%s: bitmap: page 0x%jx is in the dump, but no memory "
		    "can be at 0x%jx or above", file, (uintmax_t)md->lastpage,
		    (uintmax_t)md->physend);
		status = STATUS_FAILED;
	}
	if (check_padding(kd, file, "header", md->hdrsize) == -1 ||
	    check_padding(kd, file, "bitmap", md->bitmap.ofs +
	    md->bitmap.size) == -1 ||
	    (!truncated && check_ptes(kd, file, md) == -1) ||
	    check_readable(kd, file, md->filesize) == -1)
		status = STATUS_FAILED;
	if (status == STATUS_OK)
		printf("%s: complete: %ju pages\n", file,
		    (uintmax_t)md->npages);
	kvm_close(kd);
	return (status);
}
