/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The promises of libkvm: what the manifest says is mapped can be read, and
 * nothing else can.
 */

#include <sys/types.h>

#include <fcntl.h>
#include <inttypes.h>
#include <kvm.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

/* A clear error names the address. */
static int
clear_error(kvm_t *kd, uint64_t va)
{
	char hex[32];

	snprintf(hex, sizeof(hex), "%jx", (uintmax_t)va);
	return (strstr(kvm_geterr(kd), hex) != NULL);
}

static int
refused(kvm_t *kd, uint64_t va)
{
	uint8_t buf[8];
	ssize_t n;

	n = kvm_read2(kd, va, buf, sizeof(buf));
	if (n != -1)
		return (fail("0x%jx: %zd bytes read", (uintmax_t)va, n));
	if (!clear_error(kd, va))
		return (fail("0x%jx: error \"%s\"", (uintmax_t)va,
		    kvm_geterr(kd)));
	return (1);
}

/* Return the frame's page if the dump has it. */
static const uint8_t *
page_of(const struct manifest *m, uint64_t pa)
{

	return (pa < m->memend ? m->frame[pa / PAGESIZE].page : NULL);
}

static const uint8_t *
page_at(const struct manifest *m, uint64_t i)
{

	return (i < m->nkva && (m->kva[i].pte & PTE_V) != 0 ?
	    page_of(m, m->kva[i].pte & PTE_FRAME) : NULL);
}

static int
reads(kvm_t *kd, uint64_t va, const uint8_t *page)
{
	uint8_t buf[PAGESIZE];
	ssize_t n;

	n = kvm_read2(kd, va, buf, sizeof(buf));
	if (n != PAGESIZE)
		return (fail("0x%jx: %zd bytes read: %s", (uintmax_t)va, n,
		    kvm_geterr(kd)));
	if (memcmp(buf, page, PAGESIZE) != 0)
		return (fail("0x%jx: not what is there", (uintmax_t)va));
	return (1);
}

/* Read 16 bytes from 8 before the end of page i. */
static void
reads_across(const struct manifest *m, kvm_t *kd, uint64_t i)
{
	const uint8_t *next;
	uint8_t buf[16], want[16];
	uint64_t va;
	ssize_t n;

	va = m->kernbase + (i + 1) * PAGESIZE;
	if (m->kva[i + 1].window)
		return;
	next = page_at(m, i + 1);
	n = kvm_read2(kd, va - 8, buf, sizeof(buf));
	if (n != (next != NULL ? 16 : 8)) {
		fail("0x%jx: %zd bytes read across a page", (uintmax_t)va, n);
		return;
	}
	memcpy(want, page_at(m, i) + PAGESIZE - 8, 8);
	if (next != NULL)
		memcpy(want + 8, next, 8);
	if (memcmp(buf, want, n) != 0)
		fail("0x%jx: not what is there across a page", (uintmax_t)va);
	if (n == 8 && !clear_error(kd, va))
		fail("0x%jx: error \"%s\"", (uintmax_t)va, kvm_geterr(kd));
}

static void
check_mapped(const struct manifest *m, kvm_t *kd)
{
	uint64_t i, n;

	promise("libkvm reads every mapped page, and across pages");
	for (i = n = 0; i < m->nkva; i++) {
		if (m->kva[i].window || page_at(m, i) == NULL)
			continue;
		n++;
		reads(kd, m->kernbase + i * PAGESIZE, page_at(m, i));
		if (i + 1 < m->nkva)
			reads_across(m, kd, i);
	}
	kept(": %ju", (uintmax_t)n);
}

static void
check_unmapped(const struct manifest *m, kvm_t *kd)
{
	uint64_t end, i, n;

	promise("libkvm refuses every other address by name");
	for (i = n = 0; i < m->nkva; i++) {
		if (m->kva[i].window || page_at(m, i) != NULL)
			continue;
		n++;
		refused(kd, m->kernbase + i * PAGESIZE);
	}
	end = m->kernbase + m->nkva * PAGESIZE;
	if (end != 0 && (m->amd64 || end <= UINT32_MAX))
		n += refused(kd, end);
	n += refused(kd, m->kernbase - 8);
	n += refused(kd, 0x1000);
	if (m->amd64) {
		n += refused(kd, m->dmapend);
		n += refused(kd, m->dmapbase - 8);
		n += refused(kd, m->dmapbase + m->memend);
		n += refused(kd, m->dmapend - PAGESIZE);
	}
	kept(": %ju pages", (uintmax_t)n);
}

static void
check_dmap(const struct manifest *m, kvm_t *kd)
{
	uint64_t i, n, none;

	if (m->dmapend == 0)
		return;
	promise("libkvm reads the direct map where the dump has pages only");
	for (i = n = none = 0; i < m->nframes; i++)
		if (m->frame[i].page != NULL) {
			n++;
			reads(kd, m->dmapbase + i * PAGESIZE,
			    m->frame[i].page);
		} else {
			none++;
			refused(kd, m->dmapbase + i * PAGESIZE);
		}
	kept(": %ju, not %ju", (uintmax_t)n, (uintmax_t)none);
}

static uint64_t
symbol(kvm_t *kd, const char *name)
{
	struct kvm_nlist nl[2];

	memset(nl, 0, sizeof(nl));
	nl[0].n_name = name;
	if (kvm_nlist2(kd, nl) != 0)
		fail("%s: no such symbol", name);
	return (nl[0].n_value);
}

static void
check_symbols(const struct manifest *m, kvm_t *kd)
{
	char buf[512];
	const struct word *wp;
	uint64_t at, size, va;
	uint32_t x;
	ssize_t want;
	int i;

	promise("libkvm reads variables by their symbols");
	for (i = 0; i < m->nwords; i++) {
		wp = &m->word[i];
		if (strcmp(wp->kind, "var") == 0) {
			x = 0;
			if (kvm_read2(kd, symbol(kd, wp->name), &x,
			    sizeof(x)) != sizeof(x) ||
			    x != strtoul(wp->text, NULL, 16))
				fail("%s is 0x%x, not 0x%s", wp->name, x,
				    wp->text);
		} else if (strcmp(wp->kind, "string") == 0) {
			at = symbol(kd, wp->name);
			/* panicstr is a pointer, all others are arrays. */
			if (strcmp(wp->name, "panicstr") == 0) {
				va = 0;
				want = m->amd64 ? 8 : 4;
				if (kvm_read2(kd, at, &va, want) != want)
					fail("%s", wp->name);
				at = va;
			}
			want = strlen(wp->text);
			if (kvm_read2(kd, at, buf, want) != want ||
			    memcmp(buf, wp->text, want) != 0)
				fail("%s is not \"%s\"", wp->name, wp->text);
		}
	}
	if (kvm_symbol(kd, "no_such_symbol", &va, &size) != -1)
		fail("no_such_symbol is at 0x%jx", (uintmax_t)va);
	kept("%s", "");
}

void
check_kvm(const struct manifest *m, const struct dump *d, const char *kernel,
    const char *core)
{
	char errbuf[_POSIX2_LINE_MAX];
	kvm_t *kd;

	promise("libkvm opens it");
	kd = kvm_openfiles(kernel, core, NULL, O_RDONLY, errbuf);
	if (kd == NULL)
		fail("%s", errbuf);
	else if (kvm_warning(kd, 0) != NULL && !d->bare)
		fail("with the warning %s", kvm_warning(kd, 0));
	kept("%s", "");
	if (kd == NULL)
		return;
	check_mapped(m, kd);
	check_unmapped(m, kd);
	check_dmap(m, kd);
	if (!d->bare)
		check_symbols(m, kd);
	kvm_close(kd);
}
