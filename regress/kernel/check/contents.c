/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What a dump has behind its header page: the message buffer, the page tables,
 * the bitmap and the pages.
 */

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../formula.h"
#include "check.h"

/*
 * Is this ring of "size" bytes the end of the console's log, at some time from
 * the panic on, or from a fault in the debugger?  If not, returns the first position that is not, else -1.
 */
static int64_t
ring_differs(const struct dump *d, const uint8_t *ring, uint64_t size,
    uint64_t start, uint64_t end)
{
	const char *p, *panicked;
	uint64_t i, last, n;

	panicked = NULL;
	for (p = d->console; (p = strstr(p, "\npanic: ")) != NULL; p++)
		panicked = p;
	if (panicked == NULL)		/* in the debugger, then */
		panicked = strstr(d->console, "\ntrap ");
	if (panicked == NULL)
		die("no panic on the console");
	n = strchr(panicked + 1, '\n') + 1 - d->console;
	for (i = start; i < end; i++) {
		/* What was printed at position i by then, and after it. */
		last = n <= i ? UINT64_MAX : (n - 1 - i) / size * size + i;
		if (ring[i - start] == (last == UINT64_MAX ? 0 :
		    (uint8_t)d->console[last]))
			continue;
		last = last == UINT64_MAX ? i : last + size;
		if (last >= d->consolelen ||
		    ring[i - start] != (uint8_t)d->console[last])
			return (i);
	}
	return (-1);
}

static void
check_msgbuf(const struct dump *d)
{
	int64_t at;

	promise("its message buffer is what the console showed last");
	at = ring_differs(d, d->core + d->msgbufofs, d->msgbufsize, 0,
	    d->msgbufsize);
	if (at != -1)
		fail("byte %jd of it", (intmax_t)at);
	if (d->consolelen < d->msgbufsize)
		kept(": %zu of %ju bytes", d->consolelen,
		    (uintmax_t)d->msgbufsize);
	else
		kept(": %ju of %zu bytes", (uintmax_t)d->msgbufsize,
		    d->consolelen);
}

static uint64_t
entry(const struct manifest *m, const struct dump *d, uint64_t i)
{

	return (little(d->core + d->pteofs + i * m->ptesize, m->ptesize));
}

/*
 * The page table section.  The kernel's window shows what the dump code looked
 * at last: such a frame may be in the dump, or not.
 */
static void
check_tables(const struct manifest *m, const struct dump *d, uint8_t *windowed)
{
	uint64_t i, mapped, pfn, pte;

	promise("its page tables are the kernel's, superpages by their pages");
	mapped = 0;
	for (i = 0; i < m->nkva; i++) {
		pte = entry(m, d, i);
		if (m->kva[i].window) {
			pfn = (pte & PTE_FRAME) / PAGESIZE;
			if ((pte & PTE_V) != 0 && pfn < m->nframes)
				windowed[pfn] = 1;
			continue;
		}
		mapped += (m->kva[i].pte & PTE_V) != 0;
		if (pte != m->kva[i].pte)
			fail("entry of 0x%jx is 0x%jx, not 0x%jx",
			    (uintmax_t)(m->kernbase + i * PAGESIZE),
			    (uintmax_t)pte, (uintmax_t)m->kva[i].pte);
	}
	kept(": %ju of %ju entries map", (uintmax_t)mapped,
	    (uintmax_t)m->nkva);
}

/* The bitmap; finds each frame's page. */
static void
check_bitmap(struct manifest *m, const struct dump *d,
    const uint8_t *windowed)
{
	const uint8_t *page;
	uint64_t extra, i, npages;
	int set, stray;

	promise("every page that should be in it is, and no other");
	(void)manifest_want(m, d->nleft);
	extra = npages = 0;
	stray = m->amd64 || d->nleft == 0;	/* see check_leftout() */
	page = d->core + d->pageofs;
	for (i = 0; i < d->bitmapsize * 8; i++) {
		set = d->core[d->bitmapofs + i / 8] >> i % 8 & 1;
		if (set && i < m->nframes &&
		    page + PAGESIZE <= d->core + d->length)
			m->frame[i].page = page;
		page += set ? PAGESIZE : 0;
		npages += set;
		if (set && (i >= m->nframes || !m->frame[i].avail))
			fail("frame 0x%jx is no memory",
			    (uintmax_t)(i * PAGESIZE));
		else if (set && !m->frame[i].wanted &&
		    (windowed[i] || m->frame[i].loose ||
		    (m->shown && m->frame[i].table)))
			extra++;
		else if (set && !m->frame[i].wanted && !stray)
			extra += stray = 1;
		else if (set && !m->frame[i].wanted)
			fail("frame 0x%jx should not be in it",
			    (uintmax_t)(i * PAGESIZE));
		else if (!set && i < m->nframes && m->frame[i].wanted)
			fail("frame 0x%jx is not in it",
			    (uintmax_t)(i * PAGESIZE));
	}
	if (extra > 0)
		kept(": %ju, and %ju that were mapped for a while",
		    (uintmax_t)(npages - extra), (uintmax_t)extra);
	else
		kept(": %ju", (uintmax_t)npages);
}

const char *
frame_differs(const struct manifest *m, const struct dump *d, uint64_t pfn,
    const uint8_t *page)
{
	static char text[64];
	const struct frame *fp;
	uint64_t i, start, word[PAGESIZE / 8];

	fp = &m->frame[pfn];
	memcpy(word, page, PAGESIZE);
	switch (fp->content) {
	case F_FILL:
	case F_TEXT:
		for (i = 0; i < PAGESIZE / 8; i++)
			if (word[i] != (fp->content == F_FILL ?
			    formula(pfn * PAGESIZE + 8 * i) :
			    formula_text(pfn * PAGESIZE + 8 * i))) {
				snprintf(text, sizeof(text),
				    "is wrong from byte %ju on",
				    (uintmax_t)(8 * i));
				return (text);
			}
		return (NULL);
	case F_BITS:
		if (memcmp(d->core + d->bitmapofs + fp->index * PAGESIZE, page,
		    PAGESIZE) == 0)
			return (NULL);
		/* FALLTHROUGH */
	case F_SUM:
		return (page_sum(word) == fp->sum ? NULL : "has another sum");
	case F_LOG:
		start = fp->index * PAGESIZE;
		i = start + PAGESIZE < d->msgbufsize ? start + PAGESIZE :
		    d->msgbufsize;
		return (ring_differs(d, page, d->msgbufsize, start, i) == -1 ?
		    NULL : "is not of the message buffer");
	case F_DIRTY:
		return (NULL);
	case F_UNKNOWN:
	case F_WORK:
		break;
	}
	return ("is one that the manifest does not know");
}

static void
check_pages(const struct manifest *m, const struct dump *d)
{
	const char *why;
	uint64_t count[F_WORK + 1], high, i;

	promise("every page of it is byte for byte what the manifest says");
	memset(count, 0, sizeof(count));
	high = 0;
	for (i = 0; i < m->nframes; i++) {
		if (m->frame[i].page == NULL)
			continue;
		why = frame_differs(m, d, i, m->frame[i].page);
		if (why != NULL)
			fail("frame 0x%jx %s", (uintmax_t)(i * PAGESIZE), why);
		count[m->frame[i].content]++;
		high += i * PAGESIZE >> 32 != 0;
	}
	kept(": %ju by the formula, %ju by that for text, %ju by their sums, "
	    "%ju of bitmaps, %ju of the message buffer, %ju changing; %ju are "
	    "above 4 GiB", (uintmax_t)count[F_FILL],
	    (uintmax_t)count[F_TEXT], (uintmax_t)count[F_SUM],
	    (uintmax_t)count[F_BITS], (uintmax_t)count[F_LOG],
	    (uintmax_t)count[F_DIRTY], (uintmax_t)high);
}

/* The kernel's text and constants against its image. */
void
check_text(const struct manifest *m, const char *kernel)
{
	const uint8_t *p;
	uint8_t *elf;
	size_t len;
	uint64_t at, chunk, filesz, n, offset, pa, phnum, phofs, phsize;
	uint32_t flags;
	int wide;

	promise("the kernel's text is its image's");
	elf = read_file(kernel, &len);
	wide = elf[EI_CLASS] == ELFCLASS64;
	phofs = wide ? little(elf + 32, 8) : little(elf + 28, 4);
	phnum = wide ? little(elf + 56, 2) : little(elf + 44, 2);
	phsize = wide ? 56 : 32;
	n = 0;
	for (p = elf + phofs; phnum > 0; phnum--, p += phsize) {
		flags = little(wide ? p + 4 : p + 24, 4);
		if (little(p, 4) != PT_LOAD || (flags & PF_W) != 0)
			continue;
		offset = wide ? little(p + 8, 8) : little(p + 4, 4);
		pa = wide ? little(p + 24, 8) : little(p + 12, 4);
		filesz = wide ? little(p + 32, 8) : little(p + 16, 4);
		for (at = 0; at < filesz; at += chunk, n++) {
			chunk = PAGESIZE - (pa + at) % PAGESIZE;
			if (chunk > filesz - at)
				chunk = filesz - at;
			if (m->frame[(pa + at) / PAGESIZE].page == NULL ||
			    memcmp(m->frame[(pa + at) / PAGESIZE].page +
			    (pa + at) % PAGESIZE, elf + offset + at, chunk) !=
			    0)
				fail("at physical address 0x%jx",
				    (uintmax_t)(pa + at));
		}
	}
	free(elf);
	if (n == 0)
		fail("none in %s", kernel);
	kept(": %ju pages", (uintmax_t)n);
}

void
check_memory(struct manifest *m, const struct dump *d)
{
	uint8_t *windowed;

	check_msgbuf(d);
	windowed = calloc(m->nframes, 1);
	if (windowed == NULL)
		die("no memory");
	check_tables(m, d, windowed);
	check_bitmap(m, d, windowed);
	free(windowed);
	check_pages(m, d);
}
