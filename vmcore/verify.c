/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * vmcore verify: checks the structure of a whole dump.  This does not repeat
 * what the library checks when it opens the dump.
 */

#include <sys/types.h>

#include <inttypes.h>
#include <unistd.h>
#include <sys/minidump.h>

#include "vmcore.h"

/*
 * Read all of the dump.  Returns -1 after printing what cannot be read: in a
 * compressed dump all damaged members, as these do not affect each other.
 */
static int
check_readable(kvm_t *kd, const char *file, const struct kvm_dumpinfo *ki)
{
	static char buf[MINIDUMP_GZ_PLAIN];
	uint64_t ofs;
	ssize_t n;
	int error;

	error = 0;
	for (ofs = 0; ofs < ki->ki_size; ofs += sizeof(buf)) {
		n = kvm_pread(kd, buf, sizeof(buf), ofs);
		if (n == (ssize_t)sizeof(buf) ||
		    (n > 0 && ofs + n == ki->ki_size))
			continue;
		error = -1;
		if (n == -1)
			xwarnx("%s", kvm_geterr(kd));
		else
			xwarnx("%s: byte %ju: the file has become shorter",
			    file, (uintmax_t)ofs);
		if (n != -1 || ki->ki_members == 0)
			break;
	}
	return (error);
}

/* Check that these bytes are zero, as far as the file has them. */
static int
check_padding(kvm_t *kd, const char *file, const char *what, uint64_t ofs,
    uint64_t end)
{
	char buf[MINIDUMP_PAGE_SIZE];
	ssize_t i, n;

	n = kvm_pread(kd, buf, end - ofs, ofs);
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

/* Numbers of pages that the page tables map. */
struct mapped {
	uint64_t	valid;
	uint64_t	dumped;
};

static int
count_mapped(struct kvm_page *kp, void *arg)
{
	struct mapped *m;

	m = arg;
	if (kp->kp_kmap_vaddr == 0)
		return (1);
	m->valid += kp->kp_len / MINIDUMP_PAGE_SIZE;
	if (kp->kp_offset != -1)
		m->dumped += kp->kp_len / MINIDUMP_PAGE_SIZE;
	return (1);
}

/*
 * Check that the page tables map pages of the dump; other data, or the tables
 * of another dump, would not.  Single entries may map pages that were not
 * dumped.
 */
static int
check_ptes(kvm_t *kd, const char *file, const struct kvm_dumpinfo *ki)
{
	struct mapped m;

	m.valid = m.dumped = 0;
	if (kvm_walk_pages(kd, count_mapped, &m) == -1) {
		xwarnx("%s", kvm_geterr(kd));
		return (-1);
	}
	if (m.dumped == 0) {
		xwarnx("%s: ptesize %ju: of %ju valid page table entries none "
		    "maps a page of the dump", file,
		    (uintmax_t)ki->ki_ptes.ks_size, (uintmax_t)m.valid);
		return (-1);
	}
	return (0);
}

/* Check the sections of a minidump. */
static int
check_sections(kvm_t *kd, const char *file, const struct kvm_dumpinfo *ki)
{

	if (ki->ki_npages > 0 && ki->ki_lastpage >= ki->ki_physend) {
		xwarnx("%s: bitmap: page 0x%jx is in the dump, but no memory "
		    "can be at 0x%jx or above", file,
		    (uintmax_t)ki->ki_lastpage, (uintmax_t)ki->ki_physend);
		return (-1);
	}
	/* Except for tables, the rest of the header page is padding. */
	if (check_padding(kd, file, "header", ki->ki_header.ks_size,
	    MINIDUMP_LEFTOUT_OFFSET) == -1 ||
	    check_padding(kd, file, "header", MINIDUMP_LEFTOUT_OFFSET +
	    ki->ki_lefttable.ks_size, MINIDUMP_NOTREAD_OFFSET) == -1 ||
	    check_padding(kd, file, "header", MINIDUMP_NOTREAD_OFFSET +
	    ki->ki_losttable.ks_size, MINIDUMP_LIVE_OFFSET) == -1 ||
	    check_padding(kd, file, "header", MINIDUMP_LIVE_OFFSET +
	    ki->ki_liverecord.ks_size, MINIDUMP_PAGE_SIZE) == -1 ||
	    check_padding(kd, file, "dump_avail", ki->ki_avail.ks_offset +
	    ki->ki_avail.ks_size, ki->ki_bitmap.ks_offset) == -1 ||
	    check_padding(kd, file, "bitmap", ki->ki_bitmap.ks_offset +
	    ki->ki_bitmap.ks_size, ki->ki_ptes.ks_offset) == -1)
		return (-1);
	return (ki->ki_truncated ? 0 : check_ptes(kd, file, ki));
}

int
cmd_verify(int argc, char **argv)
{
	const struct kvm_dumpinfo *ki;
	const char *file;
	kvm_t *kd;
	int status;

	if (getopt(argc, argv, "") != -1)
		return (unknown_option(argv));
	if (argc - optind != 1)
		return (STATUS_USAGE);
	file = argv[optind];
	kd = open_dump(NULL, file);
	if (kd == NULL)
		return (STATUS_FAILED);
	ki = kvm_dumpinfo(kd);
	/* open_dump() has printed the warnings. */
	status = kvm_warning(kd, 0) != NULL ? STATUS_FAILED : STATUS_OK;
	if (!ki->ki_full && check_sections(kd, file, ki) == -1)
		status = STATUS_FAILED;
	if (check_readable(kd, file, ki) == -1)
		status = STATUS_FAILED;
	if (status == STATUS_OK) {
		print_name(stdout, file);
		printf(": complete: %ju pages\n", (uintmax_t)ki->ki_npages);
	}
	kvm_close(kd);
	return (status);
}
