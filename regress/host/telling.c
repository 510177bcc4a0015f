/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What must be printed while a dump is written, and which calls of the dumper
 * and polls of the keyboard it takes: how an attempt goes on, fails, or does
 * not fit (see model.h).
 */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model.h"

unsigned
model_writes(const struct form *f)
{

	return ((unsigned)((f->length + KDH_SIZE + WRITE_SIZE - 1) /
	    WRITE_SIZE));
}

/* An attempt to dump, so far. */
struct attempt {
	struct telling	*t;
	const struct ending *e;
	uint64_t	room;		/* for all still to be written */
	uint64_t	fill;		/* bytes of the next write */
	unsigned	told;		/* percent printed */
};
enum { GOES_ON, TOO_SMALL, ENDED };

static void __attribute__((format(printf, 2, 3)))
tell(struct telling *t, const char *fmt, ...)
{
	va_list ap;
	size_t used;

	used = strlen(t->text);
	va_start(ap, fmt);
	vsnprintf(t->text + used, sizeof(t->text) - used, fmt, ap);
	va_end(ap);
}

/* Count a call of the dumper. */
static int
tell_call(struct attempt *a)
{

	return (++a->t->calls == a->e->fail_call ? ENDED : GOES_ON);
}

/* Count a poll of the keyboard, where a key may be pressed. */
static int
tell_poll(struct attempt *a)
{

	if (++a->t->polls == a->e->key_poll) {
		if (a->e->key == 3)
			return (ENDED);
		tell(a->t, " (CTRL-C to abort) ");
	}
	return (GOES_ON);
}

/* Count a write of a->fill bytes, at most WRITE_SIZE. */
static int
tell_write(struct attempt *a)
{
	uint64_t len;

	len = a->fill < WRITE_SIZE ? a->fill : WRITE_SIZE;
	if (len > a->room)
		return (TOO_SMALL);
	a->room -= len;
	a->fill -= len;
	if (tell_call(a) == ENDED)
		return (ENDED);
	return (tell_poll(a));
}

/*
 * Add the bytes for the pages from "first" on; "done" pages are done after it.
 */
static int
tell_piece(struct attempt *a, const struct model *m, unsigned bytes,
    uint64_t first, uint64_t done, const char **what)
{
	static const char *const names[] = { "header", "message buffer",
	    "bitmap", "page tables", "pages" };
	unsigned percent;
	int is;

	for (is = 0; first * PAGE >= m->end[is]; is++)
		;
	*what = names[is];
	a->fill += bytes;
	for (is = GOES_ON; is == GOES_ON && a->fill >= WRITE_SIZE;)
		is = tell_write(a);
	percent = (unsigned)(10 * done / (m->length / PAGE)) * 10;
	if (is == GOES_ON && percent != a->told)
		tell(a->t, " %u%%", percent);
	a->told = percent;
	return (is);
}

static int
tell_writes(struct attempt *a, const struct model *m, const struct form *f,
    const char **what)
{
	const uint64_t npages = m->length / PAGE;
	uint64_t first, i;
	int is;

	*what = "start";
	is = tell_call(a);			/* the trailer */
	if (is == GOES_ON)
		is = tell_call(a);		/* flush */
	a->fill = f->gz ? 0 : KDH_SIZE;
	if (f->gz)
		for (i = f->nmembers; i > 0 && is == GOES_ON; i--) {
			first = (i - 1) * 15;
			is = tell_piece(a, m, f->size[i - 1], first,
			    npages - first, what);
		}
	else
		for (i = 0; i < npages && is == GOES_ON; i++)
			is = tell_piece(a, m, PAGE, i, i + 1, what);
	if (is != GOES_ON)
		return (is);
	*what = "end";
	a->fill += f->gz ? KDH_SIZE : 0;
	while (is == GOES_ON && a->fill > 0)
		is = tell_write(a);
	for (i = 0; i < 3 && is == GOES_ON; i++)
		is = tell_call(a);		/* flush, trailer, flush */
	if (i > 1 && is == ENDED)
		(void)tell_call(a);		/* it is overwritten */
	return (is);
}

/*
 * Members are counted until they exceed the room by a page: this much is tried.
 * In the last attempt all are counted.
 */
static int
tell_count(struct attempt *a, uint64_t most, const struct form *f, int last)
{
	uint64_t fill, length;
	unsigned i;

	for (i = f->nmembers, fill = length = 0; i > 0; i--) {
		length += f->size[i - 1];
		fill += f->size[i - 1];
		for (; fill >= WRITE_SIZE; fill -= WRITE_SIZE)
			if (tell_poll(a) == ENDED)
				return (ENDED);
		if (length > most && !last)
			break;
	}
	return (length > most ? TOO_SMALL : GOES_ON);
}

/* Model a compressed dump, in room that may be too small. */
static int
tell_decision(struct attempt *a, const struct model *m, const struct form *f,
    uint64_t room)
{

	if (m->length + m->length / 1024 + 4 * DEV_BLOCK <= room)
		return (GOES_ON);
	if (!a->t->deciding) {
		a->t->deciding = 1;
		tell(a->t, "Deciding what to leave out\n");
		/* The trailer, and a flush. */
		if (room > 0 && (tell_call(a) == ENDED ||
		    tell_call(a) == ENDED))
			return (ENDED);
	}
	return (tell_count(a, room + PAGE, f, m->nleft == KERN_KINDS));
}

int
model_console(const struct model *m, const struct layout *l,
    const struct form *f, uint64_t room, const struct ending *e,
    struct telling *t)
{
	struct attempt a;
	const char *what;
	int is;

	memset(&a, 0, sizeof(a));
	a.t = t;
	a.e = e;
	a.room = room + KDH_SIZE;
	if (m->nleft == 0 && m->msgbuf_size == 0)
		tell(t, "No message buffer at %p\n",
		    (void *)(uintptr_t)l->vars.msgbuf);
	if (m->nleft == 0 && m->skipped != 0)
		tell(t, "%u page tables not found: damaged entries\n",
		    m->skipped);
	if (m->nleft > 0) {
		/*
		 * This gains nothing; but the last is counted, to print its
		 * size.
		 */
		if (m->left[m->nleft - 1] == 0)
			return (!f->gz || m->nleft < KERN_KINDS ||
			    tell_count(&a, 0, f, 1) != ENDED);
		tell(t, "Leaving out %s: %u pages\n",
		    l->vars.kind[m->nleft - 1].name, m->left[m->nleft - 1]);
	}
	if (!f->gz && f->length > room)
		return (1);
	what = "start";
	is = f->gz ? tell_decision(&a, m, f, room) : GOES_ON;
	if (is == GOES_ON) {
		tell(t, "Dumping %llu MB (%u pages)%s:",
		    (unsigned long long)((m->length + 0xfffff) >> 20),
		    m->npages, f->gz ? ", compressed" : "");
		is = room == 0 ? TOO_SMALL : tell_writes(&a, m, f, &what);
		tell(t, "\n");
	}
	if (is == TOO_SMALL)
		return (1);
	if (is == GOES_ON)
		tell(t, "Dump complete\n");
	else if (e->fail_call != 0)
		tell(t, "Dump failed: %s: error %d\n", what, e->fail_errno);
	else
		tell(t, "Dump aborted\n");
	return (0);
}
