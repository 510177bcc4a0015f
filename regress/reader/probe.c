/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * probe name dump < list: check the words that mkdump told of.
 *
 * The first line of the list is the size of the dump; each other one is an
 * address and what the library should find there, and one that fits into an
 * unsigned long is read by both kvm_read() calls.  The list is read from both
 * ends, so that no read is where the last one was.
 */

#include <sys/types.h>

#include <fcntl.h>
#include <inttypes.h>
#include <kvm.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../report.h"
#include "kvm_private.h"
#include "kvm_minidump.h"

#define	MAXLINES	(1024 * 1024)

static uint64_t size;		/* bytes of the dump, decompressed */

/* Read a little-endian word; returns what the library returned. */
static ssize_t
readword(kvm_t *kd, kvaddr_t va, uint64_t *v, int classic)
{
	unsigned char buf[8];
	ssize_t n;
	int i;

	memset(buf, 0, sizeof(buf));
	if (classic)
		n = kvm_read(kd, (unsigned long)va, buf, sizeof(buf));
	else
		n = kvm_read2(kd, va, buf, sizeof(buf));
	for (*v = 0, i = 7; i >= 0; i--)
		*v = *v << 8 | buf[i];
	return (n);
}

/*
 * What FreeBSD's libkvm calls: whether there are n bytes of a word at va, and
 * where, and no more than the page and the file have.
 */
static int
check_vatop(kvm_t *kd, kvaddr_t va, int n, const char *text)
{
	off_t ofs;
	int got;

	if ((u_long)va == va)
		got = _kvm_minidump_kvatop(kd, va, &ofs);
	else
		got = _kvm_minidump_vatop64(kd, va, &ofs);
	/* What is in a damaged member is there, and cannot be read. */
	if (n == 0 && strstr(text, "damaged") != NULL)
		return (1);
	if (n == 0 || got == 0)
		return (n == got);
	if (size - ofs < 4096 - va % 4096)
		return (got == (int)(size - ofs));
	return (got == (int)(4096 - va % 4096));
}

/* Check a line.  Returns 0 if it is not as it should be. */
static int
check(kvm_t *kd, const char *line, int classic)
{
	char text[64];
	uint64_t v, want;
	kvaddr_t va;
	ssize_t got, n;

	if (sscanf(line, "%" SCNx64 " ! %63[^\n]", &va, text) == 2) {
		if (classic && (unsigned long)va != va)
			return (1);
		return (check_vatop(kd, va, 0, text) &&
		    readword(kd, va, &v, classic) == -1 &&
		    strstr(kvm_geterr(kd), text) != NULL);
	}
	n = 8;
	if (sscanf(line, "%" SCNx64 " = %" SCNx64, &va, &want) != 2 &&
	    sscanf(line, "%" SCNx64 " < %zd %" SCNx64, &va, &n, &want) != 3)
		return (0);
	if (classic && (unsigned long)va != va)
		return (1);
	got = readword(kd, va, &v, classic);
	/* A word that is cut must say why as well. */
	return (check_vatop(kd, va, n, "") && got == n && v == want &&
	    (n == 8 || strstr(kvm_geterr(kd), "beyond the end") != NULL));
}

int
main(int argc, char **argv)
{
	static char *lines[MAXLINES];
	char errbuf[_POSIX2_LINE_MAX], line[256];
	const char *bad;
	kvm_t *kd;
	int i, k, n;

	if (argc != 3)
		return (2);
	if (scanf("size %" SCNu64 "\n", &size) != 1)
		return (2);
	kd = kvm_openfiles(NULL, argv[2], NULL, O_RDONLY, errbuf);
	if (kd == NULL) {
		report(0, "%s: %s", argv[1], errbuf);
		return (report_status());
	}
	for (n = 0; n < MAXLINES && fgets(line, sizeof(line), stdin) != NULL;
	    n++)
		lines[n] = strdup(line);
	bad = n == 0 ? "no lines to check" : NULL;
	for (i = 0; i < n && bad == NULL; i++) {
		k = i % 2 == 0 ? i / 2 : n - 1 - i / 2;
		if (!check(kd, lines[k], 0) || !check(kd, lines[k], 1))
			bad = lines[k];
	}
	if (bad != NULL) {
		snprintf(line, sizeof(line), "%s", bad);
		line[strcspn(line, "\n")] = '\0';
		report(0, "%s: wanted %s, last error \"%s\"", argv[1], line,
		    kvm_geterr(kd));
	} else
		report(1, "%s", argv[1]);
	for (i = 0; i < n; i++)
		free(lines[i]);
	kvm_close(kd);
	return (report_status());
}
