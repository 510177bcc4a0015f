/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * vmcore info -v: what the pages of a dump are.
 *
 * The page tables show what is mapped, and how often.  They do not show which
 * mappings are superpages, as the kernel expands these when it dumps: the count
 * is of mappings that look like superpages.  Nor do they show which pages the
 * kernel itself is in.  A kernel file's segments do.  Without one, all pages
 * that are mapped at their physical address plus the base at which kernels of
 * this architecture are linked are counted, which includes memory loaded and
 * allocated with the kernel at boot.
 */

#include <sys/types.h>

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "pages.h"
#include "vmcore.h"

#define	NRUNS		5
/* More segments than a kernel has. */
#define	NSEGMENTS_MAX	64
/*
 * 64-bit kernels are linked into the last 2 GB, as their code model requires.
 */
#define	LAST_2GB	0xffffffff80000000ULL

/* Bitmaps, one bit for each page of the file: each has 1/32768 of its size. */
enum { BITS_MAPPED, BITS_SHARED, BITS_IMAGE, NBITS };

struct kinds {
	kvm_t		*kd;
	const struct kvm_dumpinfo *ki;
	int		haskernel;
	uint64_t	imagebase;
	u_char		*bits[NBITS];
	uint64_t	nset[NBITS];
	uint64_t	npages;			/* of the file */
	uint64_t	kva[NSTATES];		/* pages of address space */
	uint64_t	superpage;		/* bytes */
	uint64_t	nsuperpages;
	struct pages	span;			/* contiguous, so far */
	struct pages	runs[NRUNS];		/* the largest first */
};

/* Set the bits of pages in one bitmap, or, for mapped pages, in two. */
static void
set_bits(struct kinds *kinds, int which, uint64_t page, uint64_t n)
{
	u_char *byte, mask, *shared;
	u_int i, len;

	byte = &kinds->bits[which][page / 8];
	shared = &kinds->bits[BITS_SHARED][page / 8];
	for (; n > 0; n -= len, page += len, byte++, shared++) {
		i = page % 8;
		len = n < 8 - i ? n : 8 - i;
		mask = ((1 << len) - 1) << i;
		if (which == BITS_MAPPED)
			*shared |= *byte & mask;
		*byte |= mask;
	}
}

static uint64_t
count_bits(const u_char *bits, uint64_t len)
{
	uint64_t n;
	u_int byte;

	for (n = 0; len > 0; len--)
		for (byte = *bits++; byte != 0; byte &= byte - 1)
			n++;
	return (n);
}

/* Count the superpages that may be in the address space since the last gap. */
static void
end_span(struct kinds *kinds)
{
	uint64_t skip;

	if ((kinds->span.pa - kinds->span.va) % kinds->superpage == 0) {
		skip = -kinds->span.va % kinds->superpage;
		if (kinds->span.len > skip)
			kinds->nsuperpages += (kinds->span.len - skip) /
			    kinds->superpage;
	}
	kinds->span.len = 0;
}

static void
grow_span(struct kinds *kinds, const struct pages *pages)
{
	struct pages *span;

	span = &kinds->span;
	if (span->len != 0 && span->va + span->len == pages->va &&
	    span->pa + span->len == pages->pa && span->prot == pages->prot) {
		span->len += pages->len;
		return;
	}
	end_span(kinds);
	*span = *pages;
}

/*
 * Mark those pages of a run that are mapped from "start" to "end" as the
 * kernel's image.
 */
static void
set_image(struct kinds *kinds, const struct pages *pages, uint64_t start,
    uint64_t end)
{

	start -= start % PAGE_BYTES;
	if (start < pages->va)
		start = pages->va;
	if (end > pages->va + pages->len - 1)
		end = pages->va + pages->len - 1;
	if (start <= end)
		set_bits(kinds, BITS_IMAGE, (pages->ofs + (start -
		    pages->va)) / PAGE_BYTES, (end - start) / PAGE_BYTES + 1);
}

/* Find which of these pages are the kernel's image. */
static void
find_image(struct kinds *kinds, const struct pages *pages)
{
	kvaddr_t start;
	uint64_t len;
	u_int i;

	if (!kinds->haskernel) {
		if (pages->va - kinds->imagebase == pages->pa)
			set_image(kinds, pages, kinds->imagebase, UINT64_MAX);
		return;
	}
	for (i = 0; i < NSEGMENTS_MAX && kvm_segment(kinds->kd, i, &start,
	    &len) == 0; i++)
		if (len > 0)
			set_image(kinds, pages, start, start + (len - 1));
}

static void
count_mapped(struct kinds *kinds, const struct pages *pages)
{

	kinds->kva[pages->state] += pages->len / PAGE_BYTES;
	grow_span(kinds, pages);
	if (pages->state != PAGE_DUMPED)
		return;
	set_bits(kinds, BITS_MAPPED, pages->ofs / PAGE_BYTES, pages->len /
	    PAGE_BYTES);
	find_image(kinds, pages);
}

static void
add_run(struct kinds *kinds, const struct pages *pages)
{
	u_int i;

	for (i = NRUNS; i > 0 && kinds->runs[i - 1].len < pages->len; i--)
		if (i < NRUNS)
			kinds->runs[i] = kinds->runs[i - 1];
	if (i < NRUNS)
		kinds->runs[i] = *pages;
}

static void
count_pages(const struct pages *pages, void *arg)
{
	struct kinds *kinds;

	kinds = arg;
	if (pages->mapped)
		count_mapped(kinds, pages);
	else if (pages->state == PAGE_DUMPED) {
		kinds->npages += pages->len / PAGE_BYTES;
		add_run(kinds, pages);
	}
}

static void
print_row(const char *what, uint64_t pages)
{
	char size[SIZE_TEXT];

	printf("%-50s %11ju %9s\n", what, (uintmax_t)pages,
	    size_text(size, pages * PAGE_BYTES));
}

/* Print what the page tables show, if they were found. */
static void
print_mapped(const struct kinds *kinds)
{
	char image[64], size[SIZE_TEXT], super[64];

	if (kinds->haskernel)
		snprintf(image, sizeof(image), "  kernel image");
	else
		snprintf(image, sizeof(image), "  image, boot memory: va is "
		    "0x%jx + pa", (uintmax_t)kinds->imagebase);
	snprintf(super, sizeof(super), "  looking like superpages of %s",
	    size_text(size, kinds->superpage));
	print_row(image, kinds->nset[BITS_IMAGE]);
	print_row("  the rest of kernel address space",
	    kinds->nset[BITS_MAPPED] - kinds->nset[BITS_IMAGE]);
	print_row(kinds->ki->ki_dmapend != 0 ? "  in the direct map only" :
	    "  not mapped", kinds->npages - kinds->nset[BITS_MAPPED]);
	print_row("shared: mapped more than once", kinds->nset[BITS_SHARED]);
	print_row("kernel address space, mapped to what is dumped",
	    kinds->kva[PAGE_DUMPED]);
	print_row("  mapped to what is missing from the file",
	    kinds->kva[PAGE_MISSING]);
	print_row("  mapped to what was left out", kinds->kva[PAGE_LEFT]);
	print_row("  mapped to devices, skipped", kinds->kva[PAGE_DEVICE]);
	print_row(super, kinds->nsuperpages *
	    (kinds->superpage / PAGE_BYTES));
}

static void
print_text_table(const struct kinds *kinds)
{
	const struct pages *run;
	char range[64];

	printf("\n%-50s %11s %9s\n", "", "pages", "size");
	print_row("memory in the dump", kinds->npages);
	if (kinds->ki->ki_kernlast != 0)
		print_mapped(kinds);
	printf("largest runs of memory\n");
	for (run = kinds->runs; run < kinds->runs + NRUNS &&
	    run->len > 0; run++) {
		snprintf(range, sizeof(range), "  0x%jx-0x%jx",
		    (uintmax_t)run->pa, (uintmax_t)(run->pa + run->len));
		print_row(range, run->len / PAGE_BYTES);
	}
}

static void
json_mapped(struct json *js, const struct kinds *kinds)
{

	json_number(js, "image", kinds->nset[BITS_IMAGE]);
	json_bool(js, "imageknown", kinds->haskernel);
	json_number(js, "otherkernel", kinds->nset[BITS_MAPPED] -
	    kinds->nset[BITS_IMAGE]);
	json_number(js, "notmapped", kinds->npages -
	    kinds->nset[BITS_MAPPED]);
	json_number(js, "shared", kinds->nset[BITS_SHARED]);
}

static void
json_addressspace(struct json *js, const struct kinds *kinds)
{

	json_begin(js, "addressspace", '{');
	json_number(js, "dumped", kinds->kva[PAGE_DUMPED]);
	json_number(js, "missing", kinds->kva[PAGE_MISSING]);
	json_number(js, "leftout", kinds->kva[PAGE_LEFT]);
	json_number(js, "device", kinds->kva[PAGE_DEVICE]);
	json_number(js, "superpagesize", kinds->superpage);
	json_number(js, "superpages", kinds->nsuperpages);
	json_end(js, '}');
}

static void
print_json(struct json *js, const struct kinds *kinds)
{
	const struct pages *run;

	json_begin(js, "memory", '{');
	json_number(js, "pages", kinds->npages);
	if (kinds->ki->ki_kernlast != 0)
		json_mapped(js, kinds);
	json_end(js, '}');
	if (kinds->ki->ki_kernlast != 0)
		json_addressspace(js, kinds);
	json_begin(js, "runs", '[');
	for (run = kinds->runs; run < kinds->runs + NRUNS &&
	    run->len > 0; run++) {
		json_begin(js, NULL, '{');
		json_address(js, "start", run->pa);
		json_number(js, "pages", run->len / PAGE_BYTES);
		json_end(js, '}');
	}
	json_end(js, ']');
}

int
print_kinds(kvm_t *kd, struct json *js, int haskernel)
{
	const struct kvm_dumpinfo *ki;
	struct kinds kinds;
	int error, i;

	memset(&kinds, 0, sizeof(kinds));
	kinds.kd = kd;
	kinds.haskernel = haskernel;
	kinds.ki = ki = kvm_dumpinfo(kd);
	kinds.imagebase = ki->ki_ptrsize == 8 ? LAST_2GB : ki->ki_kernbase;
	/* A superpage maps as much as a page of entries. */
	kinds.superpage = (uint64_t)PAGE_BYTES / ki->ki_entsize * PAGE_BYTES;
	error = 0;
	for (i = 0; i < NBITS; i++) {
		kinds.bits[i] = calloc(ki->ki_size / PAGE_BYTES / 8 + 1, 1);
		if (kinds.bits[i] == NULL) {
			xwarn("pages");
			error = -1;
		}
	}
	if (error == 0) {
		error = walk_pages(kd, count_pages, &kinds);
		end_span(&kinds);
		for (i = 0; i < NBITS; i++)
			kinds.nset[i] = count_bits(kinds.bits[i], ki->ki_size /
			    PAGE_BYTES / 8 + 1);
		if (js != NULL)
			print_json(js, &kinds);
		else
			print_text_table(&kinds);
	}
	for (i = 0; i < NBITS; i++)
		free(kinds.bits[i]);
	return (error);
}
