/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The header page of a dump.
 */

#include <stdio.h>
#include <string.h>

#include "check.h"

/* Where in the header page it says what is left out, and its rows. */
#define	LEFTOUT		256
#define	LEFTOUT_ROWS	(LEFTOUT + 16)
#define	LEFTOUT_ROW	56
#define	LEFTOUT_END	(LEFTOUT_ROWS + 16 * LEFTOUT_ROW)

/* And where that it was live. */
#define	LIVE		3584
#define	LIVE_END	(LIVE + 16)

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

void
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
void
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
