/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * check CASE OUTCOME DIR [FILL]: compare what a guest left in DIR (see
 * ../guest) with its manifest, and print a line for each promise.  FILL is what
 * every byte of the disk was before (default 0), but for the first 64 KiB.  If
 * OUTCOME is "guard" it may have ended in any way, and only what no guest may
 * write is looked at.
 *
 * The dump is taken apart here and in gz.c by the facts of the format alone,
 * without the headers and the library under test; check_kvm() reads it through
 * the latter.
 */

#include <elf.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../formula.h"
#include "check.h"

#define	METADATA	65536		/* never written, at the start */
#define	PATTERN		0xa5		/* what stands there */
#define	HEADER		512		/* before and after the dump */
#define	WRITE		65536		/* what a write should be */
#define	MB		((uint64_t)1 << 20)

/*
 * How far off the expected size of a compressed dump may be, in bytes: the
 * buffer for the device is in the dump, and all zero before the first; its
 * neighbours are compressed with it.
 */
#define	GZSIZE_OFF	(128 * 1024)
#define	GZ_SAMPLE	256		/* members that it looks at */
#define	GZ_SAMPLE_OFF	8		/* parts of the whole that it may miss */

/* Where in the header page it says what is left out, and its rows. */
#define	LEFTOUT		256
#define	LEFTOUT_ROWS	(LEFTOUT + 16)
#define	LEFTOUT_ROW	56
#define	LEFTOUT_END	(LEFTOUT_ROWS + 16 * LEFTOUT_ROW)

/* And where that it was live. */
#define	LIVE		3584
#define	LIVE_END	(LIVE + 16)

/* How a guest can end. */
static const struct outcome {
	const char	*name;
	const char	*status;
	int		dumps;		/* that are begun, */
	int		ends;		/* and say how they end */
	int		writes;		/* something */
	int		valid;		/* the last is; 2: nothing mapped, */
	int		nleft;		/* without so many kinds of pages */
	const char	*message[2];	/* on the console, in this order */
} outcomes[] = {
	{ "dump",	"1",	1, 1, 1, 1, 0,	{ "Dump complete\n", NULL } },
	{ "left0",	"1",	1, 1, 1, 1, 0,	{ "Dump complete\n", NULL } },
	{ "left1",	"1",	1, 1, 1, 1, 1,
	    { "Leaving out buffer cache: ", "Dump complete\n" } },
	{ "left2",	"1",	1, 1, 1, 1, 2,
	    { "Leaving out pipe buffers: ", "Dump complete\n" } },
	{ "left3",	"1",	1, 1, 1, 1, 3,
	    { "Leaving out exec arguments: ", "Dump complete\n" } },
	{ "left4",	"1",	1, 1, 1, 1, 4,
	    { "Leaving out vm_page array: ", "Dump complete\n" } },
	{ "again",	"1",	2, 2, 1, 1, 0,
	    { "Dump aborted\n", "Dump complete\n" } },
	{ "abort",	"1",	1, 1, 1, 0, 0,
	    { "Dump aborted\n", NULL } },
	/* At four points, then another dump; keys that are not Ctrl-C. */
	{ "aborts",	"1",	5, 5, 1, 1, 0,
	    { "Dump aborted\n", "Dump complete\n" } },
	{ "keys",	"1",	1, 1, 1, 1, 0,
	    { " (CTRL-C to abort) ", "Dump complete\n" } },
	/* No page tables at all. */
	{ "bare",	"1",	1, 1, 1, 2, 0,
	    { "No message buffer at ", "Dump complete\n" } },
	/* The disk fails; the dump code itself panics, or faults. */
	{ "eio",	"1",	1, 1, 1, 0, 0,
	    { "Dump failed: ", ": error 5\n" } },
	{ "retry",	"1",	2, 2, 1, 1, 0,
	    { ": error 5\n", "Dump complete\n" } },
	{ "panics",	"1",	1, 0, 1, 0, 0,
	    { "Dumping ", "panic: write " } },
	{ "faults",	"3",	1, 0, 1, 0, 0,
	    { "Dumping ", "panic: trap 14\n" } },
	/* A CPU runs on, another is to go on where the panic is not. */
	{ "unrest",	"1",	1, 1, 1, 1, 0,
	    { "CPU 1 has not come to rest\n", "Dump complete\n" } },
	{ "unrest0",	"1",	1, 1, 1, 1, 0,
	    { "CPU 0 has not come to rest\n", "Dump complete\n" } },
	/* It was read before, and other CPUs run on. */
	{ "live",	"1",	1, 1, 1, 1, 0,
	    { "CPU 1 has not come to rest\n", "Dump complete\n" } },
	/* It faults, and the debugger begins another. */
	{ "refault",	"1",	2, 1, 1, 1, 0,
	    { "trap 14 ", "Dump complete\n" } },
	/* A request that never ends is given up. */
	{ "stuck",	"1",	1, 1, 1, 1, 0,
	    { "no answer to command ", "Dump complete\n" } },
	/* The device has larger blocks. */
	{ "refused",	"1",	1, 1, 0, 0, 0,
	    { "Dump failed: the device has blocks of 4096 bytes, not 512\n",
	    NULL } },
	/* Everything was tried; nothing was, as that was clear before. */
	{ "tried",	"1",	1, 1, 1, 0, 4,
	    { "Leaving out vm_page array: ", "Dump failed: device too " } },
	{ "small",	"1",	1, 1, 0, 0, 4,
	    { "Leaving out vm_page array: ", "Dump failed: device too " } },
	{ "full",	"2",	1, 0, 0, 0, 0,
	    { "full dump requested\n", NULL } },
};
#define	NOUTCOMES	(sizeof(outcomes) / sizeof(outcomes[0]))

static uint64_t
big(const uint8_t *p, int n)
{
	uint64_t x;

	for (x = 0; n > 0; n--)
		x = x << 8 | *p++;
	return (x);
}

uint64_t
little(const uint8_t *p, int n)
{
	uint64_t x;

	for (x = 0, p += n; n > 0; n--)
		x = x << 8 | *--p;
	return (x);
}

static uint64_t
pages(uint64_t bytes)
{

	return ((bytes + PAGESIZE - 1) / PAGESIZE);
}

/* How many lines of the console begin with "what". */
static int
lines(const struct dump *d, const char *what)
{
	const char *p;
	int n;

	n = 0;
	for (p = d->console; (p = strstr(p, what)) != NULL; p++)
		n += p == d->console || p[-1] == '\n';
	return (n);
}

static void
check_outcome(const struct outcome *op, const struct manifest *m,
    const struct dump *d)
{
	const char *p, *at;
	int ends, i;

	promise("ends as it should");
	if (m->ndumps != op->dumps)
		fail("%d dumps, not %d", m->ndumps, op->dumps);
	ends = lines(d, "Dump complete") + lines(d, "Dump aborted") +
	    lines(d, "Dump failed");
	if (ends != op->ends || lines(d, "Dump complete") > 1)
		fail("%d lines say how a dump ended, not %d", ends, op->ends);
	at = d->console;
	for (i = 0; i < 2 && op->message[i] != NULL; i++) {
		p = strstr(at, op->message[i]);
		if (p == NULL) {
			fail("the console has no \"%.*s\" after byte %td",
			    (int)strcspn(op->message[i], "\n"),
			    op->message[i], at - d->console);
			break;
		}
		at = p + strlen(op->message[i]);
	}
	kept("%s", "");
}

static void
text_field(const uint8_t *p, size_t size, const char *what, const char *text)
{
	char want[256], there[256];
	size_t i;

	memset(want, 0, sizeof(want));
	snprintf(want, size, "%s", text);
	if (memcmp(p, want, size) == 0)
		return;
	for (i = 0; i < size && p[i] != '\0'; i++)
		there[i] = p[i] >= ' ' && p[i] <= '~' ? p[i] : '?';
	there[i] = '\0';
	fail("%s is \"%s\", not \"%.20s...\"", what, there, want);
}

static void
number_field(const uint8_t *p, int size, const char *what, uint64_t want)
{

	if (big(p, size) != want)
		fail("%s is %ju, not %ju", what, (uintmax_t)big(p, size),
		    (uintmax_t)want);
}

/* The headers before and after the dump.  Sets d->stored if they are good. */
static int
check_device(const struct manifest *m, struct dump *d)
{
	const uint8_t *h;
	char version[512];
	uint32_t parity;
	uint64_t end;
	int i;

	promise("the dump stands between two good headers");
	end = m->mediaoffset + m->mediasize;
	if (end > d->disk.size || m->mediasize < METADATA + 2 * HEADER)
		die("the medium is not on the disk");
	h = d->disk.map + end - HEADER;
	text_field(h, 20, "magic", "FreeBSD Kernel Dump");
	text_field(h + 20, 12, "architecture", m->amd64 ? "amd64" : "i386");
	number_field(h + 32, 4, "version", 1);
	number_field(h + 36, 4, "architectureversion", 2);
	number_field(h + 48, 8, "dumptime",
	    manifest_number(m, "var", "time_second"));
	number_field(h + 56, 4, "blocksize", 512);
	text_field(h + 60, 64, "hostname",
	    manifest_text(m, "string", "hostname"));
	snprintf(version, sizeof(version), "%s\n",
	    manifest_text(m, "string", "version"));
	text_field(h + 124, 192, "versionstring", version);
	text_field(h + 316, 192, "panicstring",
	    manifest_text(m, "string", "panicstr"));
	for (parity = 0, i = 0; i < HEADER; i += 4)
		parity ^= big(h + i, 4);
	if (parity != 0)
		fail("parity");
	d->storedlen = big(h + 40, 8);
	if (d->storedlen > m->mediasize - METADATA - 2 * HEADER ||
	    d->storedlen < HEADER)
		fail("dumplength %ju", (uintmax_t)d->storedlen);
	else if (memcmp(h - d->storedlen - HEADER, h, HEADER) != 0)
		fail("the first header is not the last");
	else
		d->stored = h - d->storedlen;
	kept("%s", "");
	return (d->stored != NULL);
}

/* How large a device is needed for a vmcore of so many bytes. */
static uint64_t
needed(uint64_t length)
{

	return (METADATA + 2 * HEADER + length);
}

/*
 * Plain, if it fits so or must not be compressed.  Sets d->core if what is
 * there is of the right form.
 */
static void
check_form(const struct manifest *m, struct dump *d)
{
	uint64_t compress;
	int plain;

	compress = manifest_number(m, "sysctl", "debug.minidump_compress");
	plain = compress == 0 || (compress != 1 && d->nleft == 0 &&
	    manifest_number(m, "sysctl", "debug.minidump_size") <=
	    m->mediasize);
	promise("it is %s", plain ? "plain" : "compressed");
	if (plain == (d->stored[0] == 0x1f && d->stored[1] == 0x8b)) {
		fail("it is not");
	} else if (plain) {
		d->core = d->stored;
		d->length = d->storedlen;
	}
	if (kept("%s", "") && !plain)
		check_members(d);
}

/*
 * The measure is 2 % above the ideal; of a small dump that is less than the
 * writes that there must be: the older trailing header, once before what to
 * leave out is decided and once each time that it is tried, what is left in
 * the buffer at the end, and the new trailer.  It is tried once, or twice if
 * there is hardly too little room.
 */
static void
check_writes(const struct manifest *m, const struct dump *d)
{
	double ideal, over;

	promise("its writes are large");
	if (m->written < d->storedlen + 3 * HEADER)
		fail("%ju bytes written", (uintmax_t)m->written);
	ideal = (double)m->written / WRITE;
	over = (m->writes - ideal) / ideal * 100;
	if (m->writes < ideal || (over > 2 &&
	    m->writes > m->written / WRITE + 5))
		fail("%ju writes for %ju bytes: %.2f %% more than %.1f",
		    (uintmax_t)m->writes, (uintmax_t)m->written, over, ideal);
	if (m->written > d->storedlen + m->mediasize)
		fail("%ju bytes written, more than twice", (uintmax_t)m->written);
	if (m->flushes == 0)
		fail("no flush");
	kept(": %ju for %ju bytes, %.2f %% above %.1f", (uintmax_t)m->writes,
	    (uintmax_t)m->written, over, ideal);
}

static void
header_field(const uint8_t *p, int size, const char *what, uint64_t want)
{

	if (little(p, size) != want)
		fail("%s is 0x%jx, not 0x%jx", what, (uintmax_t)little(p,
		    size), (uintmax_t)want);
}

static int
nonzero(const uint8_t *p, size_t start, size_t end)
{

	while (start < end && p[start] == 0)
		start++;
	return (start < end);
}

int
check_header(const struct manifest *m, struct dump *d)
{
	const uint8_t *h;
	char magic[24];
	uint64_t i, npages;
	int end;

	promise("its header is right");
	if (d->length < PAGESIZE)
		die("dumplength %ju", (uintmax_t)d->length);
	h = d->core;
	memset(magic, 0, sizeof(magic));
	snprintf(magic, sizeof(magic), "minidump FreeBSD/%s",
	    m->amd64 ? "amd64" : "i386");
	if (memcmp(h, magic, sizeof(magic)) != 0)
		fail("magic");
	header_field(h + 24, 4, "version", 1);
	header_field(h + 28, 4, "msgbufsize",
	    d->bare ? 0 : 65536 - (m->amd64 ? 32 : 28));
	header_field(h + 32, 4, "bitmapsize",
	    pages((m->nframes + 7) / 8) * PAGESIZE);
	header_field(h + 36, 4, "ptesize", m->nkva * m->ptesize);
	if (m->amd64) {
		header_field(h + 40, 8, "kernbase", m->kernbase);
		header_field(h + 48, 8, "dmapbase", m->dmapbase);
		header_field(h + 56, 8, "dmapend", m->dmapend);
		end = 64;
	} else {
		header_field(h + 40, 4, "kernbase", m->kernbase);
		header_field(h + 44, 4, "paemode", m->ptesize == 8);
		end = 48;
	}
	if (nonzero(h, end, d->nleft == 0 ? LEFTOUT_END : LEFTOUT) ||
	    nonzero(h, LEFTOUT_END, d->live ? LIVE : PAGESIZE) ||
	    nonzero(h, LIVE_END, PAGESIZE))
		fail("it is not zero behind its fields");
	if (d->live && memcmp(h + LIVE, "was live", 8) != 0)
		fail("it does not say that it was live");
	if (d->live)
		header_field(h + LIVE + 8, 8, "opened", m->livetime);
	d->msgbufsize = little(h + 28, 4);
	d->bitmapsize = little(h + 32, 4);
	d->ptesize = little(h + 36, 4);
	d->msgbufofs = PAGESIZE;
	d->bitmapofs = d->msgbufofs + pages(d->msgbufsize) * PAGESIZE;
	d->pteofs = d->bitmapofs + pages(d->bitmapsize) * PAGESIZE;
	d->pageofs = d->pteofs + d->ptesize;
	if (d->pageofs > d->length)
		die("the header's sizes add up to %ju of %ju bytes",
		    (uintmax_t)d->pageofs, (uintmax_t)d->length);

	npages = 0;
	for (i = 0; i < d->bitmapsize * 8; i++)
		npages += d->core[d->bitmapofs + i / 8] >> i % 8 & 1;
	if (d->pageofs + npages * PAGESIZE != d->length)
		fail("%ju bytes for %ju pages: it should be %ju",
		    (uintmax_t)d->length, (uintmax_t)npages,
		    (uintmax_t)(d->pageofs + npages * PAGESIZE));
	return (kept(": %ju bytes, %ju pages", (uintmax_t)d->length,
	    (uintmax_t)npages));
}

/*
 * What is left out: in the header page and on the console.  The counts are
 * those of the manifest, but where the dump code maps pages into a window that
 * is in kernel address space itself, it may see one that it had mapped.
 */
static void
check_leftout(struct manifest *m, struct dump *d)
{
	char line[128];
	const struct kind *kp;
	const uint8_t *h, *row;
	const char *at;
	uint64_t before, count, pages_left, want;
	int i;

	promise("it says what is left out, on the console too");
	h = d->core + LEFTOUT;
	if (memcmp(h, "left out", 8) != 0)
		fail("magic");
	header_field(h + 8, 4, "count", d->nleft);
	header_field(h + 12, 4, "spare", 0);
	at = d->console;
	before = manifest_want(m, 0);
	for (i = 0; i < d->nleft; i++, before -= want) {
		kp = &m->kind[i];
		row = d->core + LEFTOUT_ROWS + i * LEFTOUT_ROW;
		text_field(row, 32, "name", kp->name);
		header_field(row + 32, 8, kp->name, kp->start);
		header_field(row + 40, 8, kp->name, kp->end);
		header_field(row + 48, 4, "physical", kp->physical);
		pages_left = little(row + 52, 4);
		count = want = before - manifest_want(m, i + 1);
		if (!m->amd64 && pages_left != count &&
		    pages_left + 2 >= count && pages_left <= count + 2)
			count = pages_left;
		header_field(row + 52, 4, "pages", count);
		d->left += pages_left;
		snprintf(line, sizeof(line), "Leaving out %s: %ju pages\n",
		    kp->name, (uintmax_t)pages_left);
		if (pages_left != 0)
			at = strstr(at, line);
		if (at == NULL) {
			fail("the console has no \"%.*s\" in its place",
			    (int)strcspn(line, "\n"), line);
			at = d->console;
		}
	}
	if (nonzero(d->core, LEFTOUT_ROWS + i * LEFTOUT_ROW, LEFTOUT_END))
		fail("a row more");
	kept(": %d kinds, %ju pages", d->nleft, (uintmax_t)d->left);
}

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
static void
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

/*
 * What asking for the sizes costs others: nothing for the length alone, nor
 * for who may not ask, and Giant is not held; the compressed size is root's,
 * and not listed.
 */
static void
check_asking(const struct manifest *m)
{
	static const struct {
		const char	*name;
		u_int		listed, error;
	} names[] = {
		{ "debug.minidump", 1, 0 },
		{ "debug.minidump_compress", 1, 0 },
		{ "debug.minidump_size", 1, 0 },
		{ "debug.minidump_gzsize", 0, EPERM },
	};
	u_int error, giant, i, idle, listed;

	promise("asking for the sizes costs nobody else anything");
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (sscanf(manifest_text(m, "asked", names[i].name),
		    "%x %x %x %x", &listed, &error, &idle, &giant) != 4)
			fail("%s: not told", names[i].name);
		else if (listed != names[i].listed || error != names[i].error ||
		    idle != 0 || giant != 0)
			fail("%s: listed %u, errno %u, %u pages for nothing, "
			    "%u with Giant", names[i].name, listed, error,
			    idle, giant);
	}
	kept("%s", "");
}

/*
 * Of a dump of more members than are sampled the compressed size is an
 * estimate.
 */
static void
check_size(const struct manifest *m, const struct dump *d)
{
	uint64_t off, said, want;

	promise("debug.minidump_size told how large the device must be");
	said = manifest_number(m, "sysctl", "debug.minidump_size");
	want = needed(d->length + d->left * PAGESIZE);
	off = m->nloose * PAGESIZE;
	if (said > want + off || want > said + off)
		fail("%ju, not %ju", (uintmax_t)said, (uintmax_t)want);
	kept(": %ju", (uintmax_t)said);

	if (d->nmembers == 0 || d->nleft != 0)
		return;
	promise("debug.minidump_gzsize told it nearly");
	said = manifest_number(m, "sysctl", "debug.minidump_gzsize");
	want = needed(d->storedlen);
	off += GZSIZE_OFF;
	if (d->nmembers > GZ_SAMPLE)
		off += want / GZ_SAMPLE_OFF;
	if (said > want + off || want > said + off)
		fail("%ju, not %ju", (uintmax_t)said, (uintmax_t)want);
	kept(": %ju for %ju", (uintmax_t)said, (uintmax_t)want);
}

/*
 * "device too small": how large one would have to be, in MB, is known exactly
 * if it is not compressed.
 */
static void
check_small(struct manifest *m, const struct dump *d)
{
	const char *p;
	uint64_t size, want;
	uintmax_t need, there;

	promise("it tells how large the device must be");
	size = manifest_number(m, "sysctl", "debug.minidump_size");
	p = strstr(d->console, "too small: ");
	if (p == NULL || sscanf(p, "too small: %ju MB needed, %ju MB there\n",
	    &need, &there) != 2) {
		fail("it does not");
		need = there = 0;
	}
	want = manifest_want(m, 0);
	want = size - (want - manifest_want(m, NKINDS)) * PAGESIZE;
	if (manifest_number(m, "sysctl", "debug.minidump_compress") == 0 &&
	    need != (want + MB - 1) / MB)
		fail("%ju MB needed, not %ju", need,
		    (uintmax_t)(want + MB - 1) / MB);
	if (need * MB <= m->mediasize || need * MB >= want + MB)
		fail("%ju MB needed, of %ju bytes", need, (uintmax_t)want);
	if (there != m->mediasize / MB)
		fail("%ju MB there", there);
	kept(": %ju MB, not %ju", need, there);
}

/* A panic while a dump is made: it is the last thing that is done. */
static void
check_stopped(const struct manifest *m)
{
	uint64_t at;

	promise("a second panic writes nothing");
	at = manifest_number(m, "var", "broken_write");
	if (m->writes + 1 != at)
		fail("%ju writes, the panic in number %ju",
		    (uintmax_t)m->writes, (uintmax_t)at);
	kept(": in write %ju", (uintmax_t)at);
}

static char *
last_line(struct dump *d)
{
	char *p;

	while (d->consolelen > 0 && d->console[d->consolelen - 1] == '\n')
		d->console[--d->consolelen] = '\0';
	p = strrchr(d->console, '\n');
	return (p != NULL ? p + 1 : d->console);
}

void
write_core(const struct dump *d, const char *file)
{
	FILE *fp;

	fp = fopen(file, "w");
	if (fp == NULL ||
	    fwrite(d->stored, 1, d->storedlen, fp) != d->storedlen ||
	    fclose(fp) != 0)
		die("%s: %s", file, strerror(errno));
}

/* What of the disk is written by who has read /dev/minidump. */
static uint64_t
live_room(uint64_t size)
{

	return ((size + WRITE - 1) / WRITE * WRITE);
}

/*
 * Nothing outside the part of the disk where a dump may be is written, and if
 * "start" is not 0, nothing before that byte of the disk.
 */
static void
check_untouched(const struct manifest *m, const struct dump *d, uint64_t start,
    int fill)
{
	uint64_t end;

	end = m->mediaoffset + m->mediasize;
	promise("not a byte of the disk outside the dump is written");
	if (start == 0)
		start = m->mediaoffset + METADATA;
	disk_untouched(&d->disk, 0, METADATA, PATTERN);
	if (m->livesize != 0) {
		disk_untouched(&d->disk, METADATA, m->liveoffset, fill);
		disk_untouched(&d->disk, m->liveoffset + live_room(m->livesize),
		    start, fill);
	} else
		disk_untouched(&d->disk, METADATA, start, fill);
	disk_untouched(&d->disk, end, d->disk.size, fill);
	kept(": %ju bytes", (uintmax_t)(d->disk.size - (end - start) -
	    live_room(m->livesize)));
}

/*
 * The same of a guest of which nothing else is known: it may have ended in any
 * way, before it said which part of the disk is the dump device, too.
 */
static void
check_guard(const struct dump *d, int fill)
{
	const char *p;
	uint64_t end, start;
	uintmax_t live, offset, size;
	size_t len;
	char *manifest;

	manifest = read_file("manifest", &len);
	p = strstr(manifest, "\nmedia ");
	if (p != NULL && sscanf(p, " media %jx %jx\n", &offset, &size) == 2) {
		start = offset + METADATA;
		end = offset + size;
	} else
		start = end = d->disk.size;
	promise("not a byte of the disk outside the dump device is written");
	disk_untouched(&d->disk, 0, METADATA, PATTERN);
	/* It may have ended before it said so. */
	p = strstr(manifest, "\nlive ");
	if (p != NULL && sscanf(p, " live %jx %jx", &live, &size) == 2) {
		disk_untouched(&d->disk, METADATA, live, fill);
		disk_untouched(&d->disk, live + live_room(size), start, fill);
	} else
		disk_untouched(&d->disk, METADATA, start, fill);
	disk_untouched(&d->disk, end, d->disk.size, fill);
	kept("%s", "");
}

/* What was skipped is told in a line of its own, and nothing else is. */
static void
check_skipped(const struct manifest *m, const struct dump *d)
{
	char line[128];

	promise("it tells how many damaged entries it did not follow");
	snprintf(line, sizeof(line),
	    "\n%ju page tables not found: damaged entries\n",
	    (uintmax_t)m->skipped);
	if ((strstr(d->console, " damaged ") != NULL) != (m->skipped != 0) ||
	    (m->skipped != 0 && strstr(d->console, line) == NULL))
		fail("not \"%.*s\"", (int)strlen(line) - 2, line + 1);
	kept(": %ju", (uintmax_t)m->skipped);
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

static void
check_dump(struct manifest *m, struct dump *d, int fill, int first)
{

	if (!check_device(m, d))
		return;
	/* What does not fit shows only when it has been written. */
	check_untouched(m, d, d->nleft > 0 ? 0 :
	    d->stored - d->disk.map - HEADER, fill);
	if (first)
		check_writes(m, d);
	write_core(d, "core");
	check_form(m, d);
	if (d->core == NULL)
		return;
	if (d->nmembers != 0)
		check_gunzip(d, "core");
	if (!check_header(m, d))
		return;
	if (d->nleft > 0)
		check_leftout(m, d);
	check_skipped(m, d);
	check_memory(m, d);
	if (d->nmembers != 0 && d->nleft == 0 && !d->bare)
		check_growth(m, d);
	if (!d->bare)
		check_text(m, "kernel");
	check_asking(m);
	check_size(m, d);
	check_kvm(m, d, "kernel", "core");
	check_live(m, d);
}

int
main(int argc, char **argv)
{
	const struct outcome *op;
	struct manifest m;
	struct dump d;
	char *status;
	size_t len;
	int fill;

	if (argc < 4 || argc > 5) {
		fprintf(stderr, "usage: check case outcome directory [fill]\n");
		return (2);
	}
	promise_case = argv[1];
	fill = argc > 4 ? atoi(argv[4]) : 0;
	for (op = outcomes; op < outcomes + NOUTCOMES; op++)
		if (strcmp(op->name, argv[2]) == 0)
			break;
	if (op == outcomes + NOUTCOMES && strcmp(argv[2], "guard") != 0)
		die("%s: no such outcome", argv[2]);
	if (chdir(argv[3]) == -1)
		die("%s: %s", argv[3], strerror(errno));

	memset(&d, 0, sizeof(d));
	disk_open(&d.disk, "disk");
	if (op == outcomes + NOUTCOMES) {
		check_guard(&d, fill);
		return (promise_status());
	}

	status = read_file("status", &len);
	status[strcspn(status, "\n")] = '\0';
	d.console = read_file("console", &d.consolelen);
	if (strcmp(status, op->status) != 0)
		die("the guest's status is %s; the console's last line: %s",
		    status, last_line(&d));
	manifest_read(&m, "manifest");
	/* Another CPU opens or reads /dev/minidump when the dump begins. */
	m.shown = strcmp(op->name, "live") == 0;

	check_outcome(op, &m, &d);
	d.nleft = op->nleft;
	d.bare = op->valid == 2;
	if (op->valid) {
		check_dump(&m, &d, fill, op->dumps == 1);
		return (promise_status());
	}
	if (op->writes) {
		promise("there is no header behind the unfinished dump");
		if (memcmp(d.disk.map + m.mediaoffset + m.mediasize - HEADER,
		    "FreeBSD Kernel Dump", 20) == 0)
			fail("there is one");
		kept("%s", "");
		check_untouched(&m, &d, 0, fill);
	} else {
		promise("nothing is written");
		if (m.writes != 0)
			fail("%ju writes", (uintmax_t)m.writes);
		disk_untouched(&d.disk, 0, METADATA, PATTERN);
		disk_untouched(&d.disk, METADATA, d.disk.size, fill);
		kept("%s", "");
	}
	if (op->ends == 0 && op->writes)
		check_stopped(&m);
	if (op->nleft != 0)
		check_small(&m, &d);
	return (promise_status());
}
