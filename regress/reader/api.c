/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * api name kernel otherkernel dump truncated: kvm(3) as programs call it, with
 * the dump that standard.dump describes and the kernel of kernel.S.  The
 * truncated dump lacks its last byte, and does not survive the test.
 */

#include <fcntl.h>
#include <kvm.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../report.h"

static const char *name;

/* A descriptor that the library must not leave open. */
static int
lowest_fd(void)
{
	int fd;

	fd = dup(STDIN_FILENO);
	close(fd);
	return (fd);
}

static void
test_open(const char *kernel, const char *other, const char *dump,
    const char *truncated)
{
	char errbuf[_POSIX2_LINE_MAX];
	kvm_t *kd;
	int fd;

	fd = lowest_fd();
	kd = kvm_openfiles(kernel, dump, NULL, O_RDONLY, errbuf);
	report(kd != NULL && kvm_warning(kd, 0) == NULL &&
	    strcmp(kvm_geterr(kd), "") == 0, "%s open", name);
	if (kd != NULL)
		kvm_close(kd);
	kd = kvm_openfiles(kernel, "/nonexistent", NULL, O_RDONLY, errbuf);
	report(kd == NULL && strstr(errbuf, "/nonexistent: ") == errbuf,
	    "%s open no dump", name);
	kd = kvm_openfiles("/nonexistent", dump, NULL, O_RDONLY, errbuf);
	report(kd == NULL && strstr(errbuf, "/nonexistent: ") == errbuf,
	    "%s open no kernel", name);
	kd = kvm_openfiles(dump, dump, NULL, O_RDONLY, errbuf);
	report(kd == NULL && strstr(errbuf, "not an ELF file") != NULL,
	    "%s open kernel not ELF", name);
	report(kvm_openfiles(kernel, NULL, NULL, O_RDONLY, errbuf) == NULL,
	    "%s open NULL", name);
	report(kvm_openfiles(kernel, dump, NULL, O_RDWR, errbuf) == NULL,
	    "%s open for writing", name);
	report(kvm_openfiles(kernel, "/nonexistent", NULL, O_RDONLY, NULL) ==
	    NULL, "%s open without errbuf", name);

	kd = kvm_openfiles(other, truncated, NULL, O_RDONLY, errbuf);
	report(kd != NULL && kvm_warning(kd, 0) != NULL &&
	    strstr(kvm_warning(kd, 0), "truncated") != NULL &&
	    kvm_warning(kd, 1) != NULL &&
	    strstr(kvm_warning(kd, 1), other) != NULL &&
	    kvm_warning(kd, 2) == NULL, "%s warnings", name);
	if (kd != NULL)
		kvm_close(kd);
	kd = kvm_open(kernel, dump, NULL, O_RDONLY, "api");
	report(kd != NULL, "%s kvm_open", name);
	if (kd != NULL)
		kvm_close(kd);
	report(lowest_fd() == fd, "%s descriptors", name);
}

static void
test_symbols(kvm_t *kd)
{
	static char version[] = "_version", end[] = "", none[] = "nosuch";
	static char counter[] = "counter";
	struct nlist nl[4];
	struct kvm_nlist nl2[4];
	kvaddr_t va;
	uint64_t size;
	char buf[8];
	int missing, n;

	memset(nl2, 0, sizeof(nl2));
	nl2[0].n_name = version;
	nl2[1].n_name = none;
	nl2[1].n_value = 1;
	nl2[2].n_name = counter;
	report(kvm_nlist2(kd, nl2) == 1 && nl2[0].n_type != 0 &&
	    nl2[1].n_type == 0 && nl2[1].n_value == 0 &&
	    (nl2[2].n_value & 0xfffffff) == 0x101000, "%s kvm_nlist2", name);

	memset(nl, 0, sizeof(nl));
	nl[0].n_name = version;
	nl[1].n_name = none;
	nl[2].n_name = counter;
	nl[3].n_name = end;
	missing = kvm_nlist(kd, nl);
	if ((unsigned long)nl2[0].n_value != nl2[0].n_value)
		report(missing == -1 && strstr(kvm_geterr(kd), "kvm_nlist2") !=
		    NULL, "%s kvm_nlist too large", name);
	else {
		for (n = 0; n < 3; n++)
			if ((unsigned long)nl[n].n_value != nl2[n].n_value ||
			    (nl[n].n_type != 0) != (nl2[n].n_type != 0))
				break;
		report(missing == 1 && n == 3, "%s kvm_nlist", name);
	}
	report(kvm_symbol(kd, "counter", &va, &size) == 0 &&
	    va == nl2[2].n_value && size == 8 &&
	    kvm_symbol(kd, none, &va, &size) == -1 &&
	    strstr(kvm_geterr(kd), none) != NULL, "%s kvm_symbol", name);
	report(kvm_read2(kd, nl2[0].n_value, buf, 8) == 8 &&
	    memcmp(buf, "FreeBSD ", 8) == 0, "%s kvm_read2", name);
}

/* Reads of more than a page, and of data that is partly missing. */
static void
test_long(kvm_t *kd, kvaddr_t base)
{
	static char buf[0x50000], page[4096];
	int i;

	report(kvm_read2(kd, base + 0x100ff0, buf, 0x3f010) == 0x3f010 &&
	    kvm_read2(kd, base + 0x13f000, page, 4096) == 4096 &&
	    memcmp(buf + 0x3e010, page, 4096) == 0, "%s read many pages",
	    name);
	memset(buf, 0x55, sizeof(buf));
	i = kvm_read2(kd, base + 0x13fff0, buf, 4096);
	report(i == 16 && buf[16] == 0x55 &&
	    strstr(kvm_geterr(kd), "140000: not mapped") != NULL,
	    "%s read up to a hole", name);
	report(kvm_read2(kd, base + 0x140000, buf, 1) == -1,
	    "%s read a hole", name);
	report(kvm_read2(kd, base + 0x100000, buf, 0) == 0, "%s read nothing",
	    name);
	report(kvm_read2(kd, UINT64_MAX - 3, buf, 8) == -1,
	    "%s read the last address", name);
}

/*
 * If a file grows while it is read, its size stays what it was: the last byte
 * of the dump is missing.
 */
static void
test_grow(const char *kernel, const char *dump)
{
	char buf[4096], errbuf[_POSIX2_LINE_MAX];
	uint64_t size;
	kvaddr_t va;
	kvm_t *kd;
	off_t end;
	int fd;

	memset(buf, 0x5a, sizeof(buf));
	kd = kvm_openfiles(kernel, dump, NULL, O_RDONLY, errbuf);
	fd = open(dump, O_WRONLY | O_APPEND);
	end = lseek(fd, 0, SEEK_END);
	report(kd != NULL && fd != -1 && write(fd, buf, sizeof(buf)) ==
	    (ssize_t)sizeof(buf) &&
	    kvm_symbol(kd, "counter", &va, &size) == 0 &&
	    kvm_read2(kd, va + 0x10effe, buf, 2) == 1 && buf[0] != 0x5a &&
	    kvm_read2(kd, va + 0x10efff, buf, 1) == -1 &&
	    strstr(kvm_geterr(kd), "beyond the end") != NULL &&
	    ftruncate(fd, end) == 0, "%s file grows", name);
	if (kd != NULL)
		kvm_close(kd);
	close(fd);
}

/* If a file shrinks while it is read, there are errors. */
static int
entry_is_gone(kvm_t *kd, kvaddr_t va)
{
	char c;

	return (kvm_read2(kd, va, &c, 1) == -1 && strstr(kvm_geterr(kd),
	    "entry is beyond the end") != NULL);
}

static void
test_shrink(const char *kernel, const char *dump, int compressed)
{
	char buf[8], errbuf[_POSIX2_LINE_MAX];
	uint64_t size;
	kvaddr_t va;
	kvm_t *kd;

	kd = kvm_openfiles(kernel, dump, NULL, O_RDONLY, errbuf);
	report(kd != NULL && kvm_symbol(kd, "counter", &va, &size) == 0 &&
	    kvm_read2(kd, va, buf, 8) == 8 && truncate(dump, 4096) == 0 &&
	    kvm_read2(kd, va + 0x3e000, buf, 8) == -1 && strstr(kvm_geterr(kd),
	    "shorter") != NULL, "%s file shrinks", name);
	/*
	 * The second page of entries, of either size.  The first was read, and
	 * so was all of their member, if they are in one.
	 */
	if (kd != NULL && !compressed)
		report(entry_is_gone(kd, va + 0x200000) ||
		    entry_is_gone(kd, va + 0x400000), "%s tables shrink",
		    name);
	/* A part of the bitmap that was not used before. */
	if (kd != NULL && !compressed && va > UINT32_MAX)
		report(kvm_read2(kd, 0xffffff0015000000ULL, buf, 8) == -1 &&
		    strstr(kvm_geterr(kd), "of the bitmap: the file has become "
		    "shorter") != NULL, "%s bitmap shrinks", name);
	if (kd != NULL)
		kvm_close(kd);
}

int
main(int argc, char **argv)
{
	char errbuf[_POSIX2_LINE_MAX];
	struct kvm_nlist nl[2];
	kvm_t *kd;

	if (argc != 6)
		return (2);
	name = argv[1];
	test_open(argv[2], argv[3], argv[4], argv[5]);
	kd = kvm_openfiles(argv[2], argv[4], NULL, O_RDONLY, errbuf);
	if (!report(kd != NULL, "%s open again", name))
		return (report_status());
	test_symbols(kd);
	memset(nl, 0, sizeof(nl));
	nl[0].n_name = "version";
	kvm_nlist2(kd, nl);
	test_long(kd, nl[0].n_value - 0x100000);
	kvm_close(kd);

	kd = kvm_openfiles(NULL, argv[4], NULL, O_RDONLY, errbuf);
	if (!report(kd != NULL, "%s open without kernel", name))
		return (report_status());
	report(kvm_nlist2(kd, nl) == -1 && strstr(kvm_geterr(kd),
	    "no kernel") != NULL, "%s symbols without kernel", name);
	kvm_close(kd);
	test_grow(argv[2], argv[5]);
	test_shrink(argv[2], argv[5], strstr(name, "gz") != NULL);
	return (report_status());
}
