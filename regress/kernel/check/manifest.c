/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Read a guest's manifest; main.c of the kernel describes its lines.
 */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#define	MAXARGS		5

void *
read_file(const char *file, size_t *len)
{
	FILE *fp;
	char *buf;
	size_t n, size;

	fp = fopen(file, "r");
	if (fp == NULL)
		die("%s: %s", file, strerror(errno));
	buf = NULL;
	size = n = 0;
	do {
		size += 1 << 20;
		buf = realloc(buf, size + 1);
		if (buf == NULL)
			die("no memory");
		n += fread(buf + n, 1, size - n, fp);
	} while (n == size);
	fclose(fp);
	buf[n] = '\0';
	*len = n;
	return (buf);
}

static struct frame *
frames(struct manifest *m, uint64_t pa, uint64_t n, const char *what)
{

	if (pa % PAGESIZE != 0 || pa / PAGESIZE + n > m->nframes)
		die("manifest: %s %jx: beyond memory", what, (uintmax_t)pa);
	return (m->frame + pa / PAGESIZE);
}

static struct kva *
kvas(struct manifest *m, uint64_t va, uint64_t n, const char *what)
{

	va -= m->kernbase;
	if (va % PAGESIZE != 0 || va / PAGESIZE + n > m->nkva)
		die("manifest: %s %jx: beyond kernel address space", what,
		    (uintmax_t)va);
	return (m->kva + va / PAGESIZE);
}

static void
keep(struct manifest *m, uint64_t pa, uint64_t n, int kept)
{

	for (; n > 0; n--, pa += PAGESIZE)
		if (pa < m->memend && m->frame[pa / PAGESIZE].avail)
			m->frame[pa / PAGESIZE].kept = kept;
}

static void
loose(struct manifest *m, uint64_t pa, uint64_t n)
{
	struct frame *fp;

	m->nloose += n;
	for (fp = frames(m, pa, n, "loose"); n > 0; n--, fp++)
		fp->loose = 1;
}

static void
tables(struct manifest *m, uint64_t pa, uint64_t n)
{
	struct frame *fp;

	for (fp = frames(m, pa, n, "table"); n > 0; n--, fp++)
		fp->table = 1;
}

/* Is this address in one of the first "nleft" kinds? */
static int
left_out(const struct manifest *m, int nleft, int physical, uint64_t addr)
{
	const struct kind *kp;

	for (kp = m->kind; kp < m->kind + nleft; kp++)
		if (kp->physical == physical && addr >= kp->start &&
		    addr < kp->end)
			return (1);
	return (0);
}

uint64_t
manifest_want(struct manifest *m, int nleft)
{
	uint64_t i, n, pa;

	for (i = 0; i < m->nframes; i++)
		m->frame[i].wanted = m->frame[i].kept;
	for (i = 0; i < m->nkva; i++) {
		pa = m->kva[i].pte & PTE_FRAME;
		if ((m->kva[i].pte & PTE_V) != 0 && pa < m->memend &&
		    m->frame[pa / PAGESIZE].avail &&
		    !left_out(m, nleft, 0, m->kernbase + i * PAGESIZE))
			m->frame[pa / PAGESIZE].wanted = 1;
	}
	for (i = n = 0; i < m->nframes; i++) {
		if (m->frame[i].content == F_WORK || m->frame[i].loose ||
		    left_out(m, nleft, 1, i * PAGESIZE))
			m->frame[i].wanted = 0;
		n += m->frame[i].wanted;
	}
	return (n);
}

static void
map(struct manifest *m, const uint64_t *n, uint64_t bits)
{
	struct kva *kp;
	uint64_t i;

	kp = kvas(m, n[0], n[2], "map");
	for (i = 0; i < n[2]; i++)
		kp[i].pte = (n[1] + i * PAGESIZE) | bits;
}

static void
content(struct manifest *m, uint64_t pa, uint64_t n, int what, uint64_t sum,
    uint32_t index)
{
	struct frame *fp;

	for (fp = frames(m, pa, n, "contents"); n > 0; n--, fp++) {
		fp->content = what;
		fp->sum = sum;
		fp->index = index++;
	}
}

/*
 * Lines are taken in two passes: what says how large things are, then the
 * rest.
 */
enum key {
	K_ASKED, K_AVAIL, K_BITS, K_DIRTY, K_DMAP, K_DUMP, K_FILL, K_GONE, K_KEEP,
	K_KVA, K_LAYOUT, K_LIVE, K_LOG, K_LOOSE, K_LOST, K_MAP, K_MEDIA, K_OWN, K_RANGE,
	K_SKIPPED, K_STRING, K_SUM, K_SUPER, K_SYSCTL, K_TABLE, K_TEXT, K_VAR,
	K_WINDOW, K_WORK, K_WROTE, NKEYS
};

static const struct {
	const char	*name;
	int		pass;
	int		nargs;		/* numbers; 0: text */
} keyword[NKEYS] = {
	[K_ASKED] =	{ "asked",	0, 0 },
	[K_AVAIL] =	{ "avail",	0, 2 },
	[K_BITS] =	{ "bits",	1, 3 },
	[K_DIRTY] =	{ "dirty",	1, 2 },
	[K_DMAP] =	{ "dmap",	0, 2 },
	[K_DUMP] =	{ "dump",	0, 0 },
	[K_FILL] =	{ "fill",	1, 2 },
	[K_GONE] =	{ "gone",	1, 2 },
	[K_KEEP] =	{ "keep",	1, 2 },
	[K_KVA] =	{ "kva",	0, 2 },
	[K_LAYOUT] =	{ "layout",	0, 0 },
	[K_LIVE] =	{ "live",	0, 3 },
	[K_LOG] =	{ "log",	1, 2 },
	[K_LOOSE] =	{ "loose",	1, 2 },
	[K_LOST] =	{ "lost",	1, 2 },
	[K_MAP] =	{ "map",	1, 4 },
	[K_MEDIA] =	{ "media",	0, 2 },
	[K_OWN] =	{ "own",	1, 2 },
	[K_RANGE] =	{ "range",	0, 3 },
	[K_SKIPPED] =	{ "skipped",	0, 1 },
	[K_STRING] =	{ "string",	0, 0 },
	[K_SUM] =	{ "sum",	1, 2 },
	[K_SUPER] =	{ "super",	1, 3 },
	[K_SYSCTL] =	{ "sysctl",	0, 0 },
	[K_TABLE] =	{ "table",	1, 2 },
	[K_TEXT] =	{ "text",	1, 2 },
	[K_VAR] =	{ "var",	0, 0 },
	[K_WINDOW] =	{ "window",	1, 2 },
	[K_WORK] =	{ "work",	1, 2 },
	[K_WROTE] =	{ "wrote",	0, 3 },
};

static void
take_kva(struct manifest *m, const uint64_t *n)
{
	uint64_t perpage;

	m->kernbase = n[0];
	m->kvaend = n[1];
	perpage = PAGESIZE / m->ptesize;
	m->nkva = (m->kvaend - m->kernbase + PAGESIZE - 1) / PAGESIZE;
	m->nkva = (m->nkva + perpage - 1) / perpage * perpage;
	m->kva = calloc(m->nkva, sizeof(*m->kva));
	if (m->kva == NULL)
		die("no memory");
}

static void
take_avail(struct manifest *m, const uint64_t *n)
{
	uint64_t i, nframes;

	nframes = n[1] / PAGESIZE;
	m->frame = realloc(m->frame, nframes * sizeof(*m->frame));
	if (m->frame == NULL)
		die("no memory");
	memset(m->frame + m->nframes, 0,
	    (nframes - m->nframes) * sizeof(*m->frame));
	m->nframes = nframes;
	m->memend = n[1];
	for (i = n[0] / PAGESIZE; i < nframes; i++)
		m->frame[i].avail = 1;
}

static void
take_window(struct manifest *m, const uint64_t *n)
{
	struct kva *kp;
	uint64_t i;

	kp = kvas(m, n[0], n[1], "window");
	for (i = 0; i < n[1]; i++)
		kp[i].window = 1;
}

static void
take_range(struct manifest *m, const uint64_t *n)
{

	if (n[0] >= NKINDS)
		die("manifest: range %ju: no such kind", (uintmax_t)n[0]);
	m->kind[n[0]].start = n[1];
	m->kind[n[0]].end = n[2];
}

static void
take_word(struct manifest *m, enum key key, char *text)
{
	struct word *wp;

	if (m->nwords == sizeof(m->word) / sizeof(m->word[0]))
		die("manifest: more than %d variables", m->nwords);
	wp = &m->word[m->nwords++];
	wp->kind = keyword[key].name;
	wp->name = text;
	wp->text = strchr(text, ' ');
	if (wp->text == NULL)
		die("manifest: %s: no value", text);
	*wp->text++ = '\0';
}

static void
take(struct manifest *m, enum key key, char *text, const uint64_t *n)
{
	struct frame *fp;
	uint64_t i;

	switch (key) {
	case K_AVAIL:
		take_avail(m, n);
		break;
	case K_BITS:
		content(m, n[0], 1, F_BITS, n[1], n[2]);
		break;
	case K_DIRTY:
		content(m, n[0], n[1], F_DIRTY, 0, 0);
		break;
	case K_DMAP:
		m->dmapbase = n[0];
		m->dmapend = n[1];
		break;
	case K_DUMP:
		m->ndumps++;
		break;
	case K_FILL:
		content(m, n[0], n[1], F_FILL, 0, 0);
		break;
	case K_GONE:
		memset(kvas(m, n[0], n[1], "gone"), 0,
		    n[1] * sizeof(*m->kva));
		break;
	case K_KEEP:
		keep(m, n[0], n[1], 1);
		break;
	case K_KVA:
		take_kva(m, n);
		break;
	case K_LAYOUT:
		m->layout = text;
		m->amd64 = strcmp(text, "amd64") == 0;
		m->ptesize = strcmp(text, "i386") == 0 ? 4 : 8;
		break;
	case K_LIVE:
		m->liveoffset = n[0];
		m->livesize = n[1];
		m->livetime = n[2];
		break;
	case K_LOG:
		content(m, n[0], n[1], F_LOG, 0, 0);
		break;
	case K_LOOSE:
		loose(m, n[0], n[1]);
		break;
	case K_LOST:
		keep(m, n[0], n[1], 0);
		break;
	case K_MAP:
		map(m, n, n[3]);
		break;
	case K_MEDIA:
		m->mediaoffset = n[0];
		m->mediasize = n[1];
		break;
	case K_OWN:
		fp = frames(m, n[0], n[1], "own");
		for (i = 0; i < n[1]; i++)
			fp[i].own = 1;
		break;
	case K_RANGE:
		take_range(m, n);
		break;
	case K_SKIPPED:
		m->skipped = n[0];
		break;
	case K_STRING:
	case K_ASKED:
	case K_SYSCTL:
	case K_VAR:
		take_word(m, key, text);
		break;
	case K_SUM:
		content(m, n[0], 1, F_SUM, n[1], 0);
		break;
	case K_SUPER:
		map(m, n, PTE_SUPER);
		break;
	case K_TABLE:
		/* Elsewhere nobody needs them: the dump has all entries. */
		if (m->amd64)
			keep(m, n[0], n[1], 1);
		else
			tables(m, n[0], n[1]);
		break;
	case K_TEXT:
		content(m, n[0], n[1], F_TEXT, 0, 0);
		break;
	case K_WINDOW:
		take_window(m, n);
		break;
	case K_WORK:
		content(m, n[0], n[1], F_WORK, 0, 0);
		break;
	case K_WROTE:
		m->writes = n[0];
		m->flushes = n[1];
		m->written = n[2];
		break;
	case NKEYS:
		break;
	}
}

static void
take_line(struct manifest *m, char *line, int pass)
{
	uint64_t n[MAXARGS];
	char *p, *stop, *text;
	enum key key;
	size_t len;
	int nargs;

	len = strcspn(line, " ");
	for (key = 0; key < NKEYS; key++)
		if (strlen(keyword[key].name) == len &&
		    memcmp(line, keyword[key].name, len) == 0)
			break;
	if (key == NKEYS)
		die("manifest: \"%s\": what is this?", line);
	if (keyword[key].pass != pass)
		return;
	text = line + len + (line[len] != '\0');
	nargs = 0;
	if (keyword[key].nargs > 0)
		for (p = text; *p != '\0' && nargs < MAXARGS; p = stop) {
			n[nargs++] = strtoull(p, &stop, 16);
			if (stop == p)
				break;
		}
	if (nargs != keyword[key].nargs)
		die("manifest: \"%s\": not %d numbers", line,
		    keyword[key].nargs);
	take(m, key, text, n);
}

static const struct kind kinds[NKINDS] = {
	{ "buffer cache",	0, 0, 0 },
	{ "pipe buffers",	0, 0, 0 },
	{ "exec arguments",	0, 0, 0 },
	{ "vm_page array",	1, 0, 0 },
};

void
manifest_read(struct manifest *m, const char *file)
{
	char *buf, *copy, *line, *next;
	size_t len;
	int pass;

	memset(m, 0, sizeof(*m));
	memcpy(m->kind, kinds, sizeof(m->kind));
	buf = read_file(file, &len);
	for (pass = 0; pass < 2; pass++) {
		copy = strdup(buf);	/* kept: words point into it */
		if (copy == NULL)
			die("no memory");
		for (line = copy; *line != '\0'; line = next) {
			next = strchr(line, '\n');
			if (next == NULL)
				die("manifest: \"%s\": cut off", line);
			*next++ = '\0';
			take_line(m, line, pass);
		}
		if (m->layout == NULL || m->kva == NULL || m->frame == NULL)
			die("manifest: no layout, kva or avail");
	}
	free(buf);
}

const char *
manifest_text(const struct manifest *m, const char *kind, const char *name)
{
	int i;

	for (i = 0; i < m->nwords; i++)
		if (strcmp(m->word[i].kind, kind) == 0 &&
		    strcmp(m->word[i].name, name) == 0)
			return (m->word[i].text);
	die("manifest: no %s %s", kind, name);
}

uint64_t
manifest_number(const struct manifest *m, const char *kind, const char *name)
{

	return (strtoull(manifest_text(m, kind, name), NULL, 16));
}
