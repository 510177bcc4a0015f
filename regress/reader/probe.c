/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * probe name dump [kernel] < list: check the words that mkdump listed.  Part of
 * steps.c's program.
 *
 * The first line of the list is the size of the dump.  Each other line is an
 * address and what the library should find there; an address that fits into an
 * unsigned long is read by both kvm_read() calls.  The list is read from both
 * ends, so that no read is near the previous one.  Then kvm_walk_pages() has to
 * report the same for each.
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

/* Read a little-endian word.  Returns the library's result. */
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
 * The function that FreeBSD's libkvm calls: check that it finds n bytes of a
 * word at va, and where, and no more than the page and the file have.
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
	/* Data in a damaged member exists, but cannot be read. */
	if (n == 0 && strstr(text, "damaged") != NULL)
		return (1);
	if (n == 0 || got == 0)
		return (n == got);
	if (size - ofs < 4096 - va % 4096)
		return (got == (int)(size - ofs));
	return (got == (int)(4096 - va % 4096));
}

/* Check a line.  Returns 0 if it is wrong. */
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
	/* A word that is cut must also give a reason. */
	return (check_vatop(kd, va, n, "") && got == n && v == want &&
	    (n == 8 || strstr(kvm_geterr(kd), "beyond the end") != NULL));
}

/* What kvm_walk_pages() reports. */
static struct {
	kvm_t		*kd;
	struct kvm_page	*runs;
	size_t		nruns;
	uint64_t	nextofs;	/* of the next page of the dump */
	const char	*bad;		/* what is wrong with it */
} walk;

static kvaddr_t
runva(const struct kvm_page *kp)
{

	return (kp->kp_kmap_vaddr != 0 ? kp->kp_kmap_vaddr :
	    kp->kp_dmap_vaddr);
}

/*
 * Check a run of mapped pages, which follows "last", or is the first if NULL.
 */
static void
walk_kmap(const struct kvm_page *kp, const struct kvm_page *last)
{
	int prot;

	if (last != NULL && (last->kp_kmap_vaddr == 0 ||
	    kp->kp_kmap_vaddr - last->kp_kmap_vaddr < last->kp_len))
		walk.bad = "order of kp_kmap_vaddr";
	else if (last != NULL &&
	    last->kp_kmap_vaddr + last->kp_len == kp->kp_kmap_vaddr &&
	    last->kp_paddr + last->kp_len == kp->kp_paddr &&
	    (last->kp_offset == -1) == (kp->kp_offset == -1))
		walk.bad = "runs are not joined";
	/* mkdump sets the no-execute bit where possible. */
	prot = KVM_PROT_READ | KVM_PROT_WRITE;
	if (_kvm_minidump(walk.kd)->paging->entsize == 4)
		prot |= KVM_PROT_EXECUTE;
	if (kp->kp_prot != prot)
		walk.bad = "kp_prot";
}

static int
walk_cb(struct kvm_page *kp, void *arg)
{
	const struct opendump *md;

	(void)arg;
	md = _kvm_minidump(walk.kd);
	if (kp->kp_version != KVM_PAGE_VERSION || kp->kp_len == 0 ||
	    kp->kp_len % 4096 != 0 || kp->kp_paddr % 4096 != 0 ||
	    runva(kp) % 4096 != 0)
		walk.bad = "no whole pages";
	if (kp->kp_dmap_vaddr != (kp->kp_paddr < md->dmapend - md->dmapbase ?
	    kp->kp_paddr + md->dmapbase : 0))
		walk.bad = "kp_dmap_vaddr";
	if (kp->kp_kmap_vaddr != 0)
		walk_kmap(kp, walk.nruns > 0 ? &walk.runs[walk.nruns - 1] :
		    NULL);
	else if ((uint64_t)kp->kp_offset != walk.nextofs &&
	    ((uint64_t)kp->kp_offset < walk.nextofs || md->nlost == 0))
		walk.bad = "kp_offset of the pages of the dump";
	else
		walk.nextofs = kp->kp_offset + kp->kp_len;
	walk.runs = realloc(walk.runs, (walk.nruns + 1) * sizeof(*kp));
	walk.runs[walk.nruns++] = *kp;
	return (walk.bad == NULL);
}

static int
stop_cb(struct kvm_page *kp, void *arg)
{
	int *n;

	(void)kp;
	n = arg;
	return (--*n > 0);
}

/* Check that the walk has reported the same as a line. */
static int
check_run(kvm_t *kd, const char *line)
{
	const struct kvm_page *kp;
	char buf[4096], want[8];
	uint64_t pa;
	kvaddr_t va;
	size_t i;

	if (sscanf(line, "%" SCNx64, &va) != 1)
		return (0);
	kp = NULL;
	for (i = 0; i < walk.nruns && kp == NULL; i++)
		if (runva(&walk.runs[i]) != 0 &&
		    va - runva(&walk.runs[i]) < walk.runs[i].kp_len)
			kp = &walk.runs[i];
	if (strstr(line, "damaged") != NULL)
		return (1);
	if (strstr(line, "not mapped") != NULL ||
	    strstr(line, "outside") != NULL || strstr(line, "entry") != NULL ||
	    strstr(line, "page table") != NULL)
		return (kp == NULL);
	if (kp != NULL && (_kvm_minidump_vatopa(kd, va, &pa) == -1 ||
	    kp->kp_paddr + (va - runva(kp)) != pa))
		return (0);
	/* A page that is only partly there is not reported. */
	if (strstr(line, " = ") == NULL ||
	    kvm_read2(kd, va - va % 4096, buf, 4096) != 4096)
		return (kp == NULL ? va < _kvm_minidump(kd)->dmapend :
		    kp->kp_offset == -1);
	return (kp != NULL && kp->kp_offset != -1 &&
	    _kvm_minidump_pread(kd, buf, 8, kp->kp_offset +
	    (va - runva(kp))) == 8 && kvm_read2(kd, va, want, 8) == 8 &&
	    memcmp(buf, want, 8) == 0);
}

/* Check everything that the walk reports.  Returns what is wrong with it. */
static const char *
check_walk(kvm_t *kd, char **lines, int n)
{
	const struct opendump *md;
	int i, lost, want;

	md = _kvm_minidump(kd);
	walk.kd = kd;
	walk.nextofs = md->pages.ofs;
	for (i = lost = 0; i < n; i++)
		lost |= strstr(lines[i], "entry") != NULL ||
		    strstr(lines[i], "page table 0x") != NULL;
	i = kvm_walk_pages(kd, walk_cb, NULL);
	if (walk.bad != NULL)
		return (walk.bad);
	/* mkdump does not list tables in damaged or lost parts. */
	if (i != (lost ? -1 : 1) &&
	    strstr(kvm_geterr(kd), "damaged") == NULL &&
	    strstr(kvm_geterr(kd), "not read") == NULL)
		return ("what kvm_walk_pages() returned");
	if (i == -1 && strcmp(kvm_geterr(kd), "") == 0)
		return ("no error message");
	if (md->nlost == 0 && md->size > md->pages.ofs &&
	    walk.nextofs != md->size -
	    (md->size - md->pages.ofs) % 4096)
		return ("where the pages of the dump end");
	want = (walk.nruns + 1) / 2;
	i = want;
	if (want > 0 && (kvm_walk_pages(kd, stop_cb, &i) != 0 || i != 0))
		return ("it was not stopped");
	for (i = 0; i < n; i++)
		if (!check_run(kd, lines[i]))
			return (lines[i]);
	return (NULL);
}

int
main(int argc, char **argv)
{
	static char *lines[MAXLINES];
	char errbuf[_POSIX2_LINE_MAX], line[256];
	const char *bad;
	kvm_t *kd;
	int i, k, n;

	if (argc != 3 && argc != 4)
		return (2);
	memset(&walk, 0, sizeof(walk));
	if (scanf("size %" SCNu64 "\n", &size) != 1)
		return (2);
	kd = kvm_openfiles(argv[3], argv[2], NULL, O_RDONLY, errbuf);
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
	bad = check_walk(kd, lines, n);
	report(bad == NULL, "%s walk%s%s", argv[1], bad != NULL ? ": " : "",
	    bad != NULL ? bad : "");
	free(walk.runs);
	for (i = 0; i < n; i++)
		free(lines[i]);
	kvm_close(kd);
	return (report_status());
}
