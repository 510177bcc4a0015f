/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What the cases share: a layout, a dump of it, and whether that is right (see
 * test.h).
 */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "test.h"
#include "unpack.h"

struct layout lay;
struct model model;
struct image image;
struct form form;
struct image taken;

const struct ending complete;
struct telling telling;

char why[512];

int __attribute__((format(printf, 1, 2)))
wrong(const char *fmt, ...)
{
	va_list ap;
	int n;

	if (why[0] != '\0')
		return (0);
	n = snprintf(why, sizeof(why), "seed %llu: ",
	    (unsigned long long)lay.seed);
	va_start(ap, fmt);
	vsnprintf(why + n, sizeof(why) - (size_t)n, fmt, ap);
	va_end(ap);
	for (n = 0; why[n] != '\0'; n++)
		if (why[n] == '\n')
			why[n] = '|';
	return (0);
}

void
make_model(unsigned nleft)
{
	unsigned before, k, left[KERN_KINDS];

	for (k = 0, before = 0; k <= nleft; before = model.npages, k++) {
		model_pages(&model, &lay, lay.piece, k);
		if (k > 0)
			left[k - 1] = before - model.npages;
	}
	memcpy(model.left, left, nleft * sizeof(left[0]));
	model_shape(&model, &lay, lay.piece);
	form.length = model.length;
}

void
make_layout(const struct kind *kind, uint64_t seed)
{

	layout_make(&lay, kind, seed);
	make_model(0);
	model_image(&image, &model, &lay, lay.piece);
}

int
in_dump(int (*is)(uint64_t pa))
{
	int f;

	for (f = 0; f < mem_count(); f++)
		if (model.in[f] && (*is)(mem_pa(f)))
			return (1);
	return (0);
}

void
know_form(struct form *f)
{
	unsigned i;

	f->length = f->gz ? 0 : model.length;
	if (!f->gz)
		return;
	f->nmembers = kern_members(model.nleft, model.left, f->size);
	for (i = 0; i < f->nmembers; i++)
		f->length += f->size[i];
}

void
make_device(long long mediaoffset, long long spare, size_t kept)
{
	size_t len;

	len = (size_t)model.length + 2 * KDH_SIZE;
	if (form.gz)
		len += ((size_t)model.length / 500 + 5 * DEV_BLOCK) &
		    ~(size_t)(DEV_BLOCK - 1);
	dev_init(mediaoffset, METADATA + (long long)len + spare, len + kept);
}

uint64_t
dev_room(void)
{

	return ((uint64_t)dev.mediasize - METADATA - 2 * KDH_SIZE);
}

int64_t
find_dump(const unsigned char *mem)
{
	const unsigned char *head, *tail;
	unsigned char x[4];
	uint64_t len;
	int i;

	tail = mem + dev.len - KDH_SIZE;
	if (memcmp(tail, "FreeBSD Kernel Dump", 20) != 0 ||
	    memcmp(tail + 32, "\0\0\0\1", 4) != 0)
		return (-1);
	memset(x, 0, sizeof(x));
	for (i = 0; i < KDH_SIZE; i++)
		x[i % 4] ^= tail[i];
	for (len = 0, i = 40; i < 48; i++)
		len = len << 8 | tail[i];
	if (memcmp(x, "\0\0\0\0", 4) != 0 || len > dev.len - 2 * KDH_SIZE)
		return (-1);
	head = tail - len - KDH_SIZE;
	return (memcmp(head, tail, KDH_SIZE) == 0 ? (int64_t)len : -1);
}

const char *
plain_dump(const unsigned char *mem, struct form *f, struct image *plain,
    uint64_t *length)
{
	const unsigned char *p;

	p = mem + dev.len - KDH_SIZE - f->length;
	if (f->gz)
		return (unpack(p, f, plain, length));
	*length = f->length;
	plain->mem = sim_grow(plain->mem, &plain->size, (size_t)*length);
	memcpy(plain->mem, p, (size_t)*length);
	return (NULL);
}

const char *
model_dump(const unsigned char *mem, struct form *f, struct image *plain)
{
	const char *error;
	uint64_t length;

	error = plain_dump(mem, f, plain, &length);
	if (error == NULL && length != model.length)
		error = "length of the plain dump";
	if (error == NULL)
		model_forget(plain->mem, &model, &lay, lay.piece);
	return (error);
}

int
found_dump(void)
{
	unsigned char kdh[KDH_SIZE];
	const unsigned char *p;
	int64_t length;

	length = find_dump(dev.mem);
	if (length == -1)
		return (wrong("savecore would not find it"));
	form.length = (uint64_t)length;
	p = dev.mem + dev.len - KDH_SIZE;
	model_kdh(&lay, form.length, dev.blocksize, kdh);
	if (memcmp(p, kdh, KDH_SIZE) != 0 ||
	    memcmp(p - form.length - KDH_SIZE, kdh, KDH_SIZE) != 0)
		return (wrong("kernel dump header"));
	return (1);
}

int
take_dump(void)
{
	const char *error;

	if (!found_dump())
		return (0);
	error = model_dump(dev.mem, &form, &taken);
	return (error == NULL || wrong("%s", error));
}

int
check_dump(void)
{
	static const char *const names[] = { "header", "message buffer",
	    "bitmap", "page tables", "pages" };
	const unsigned char *p;
	uint64_t at;
	int i;

	p = taken.mem;
	if (memcmp(p, image.mem, model.length) != 0) {
		for (at = 0; p[at] == image.mem[at]; at++)
			;
		for (i = 0; at >= model.end[i]; i++)
			;
		return (wrong("%s: byte 0x%llx of the dump: 0x%02x, not "
		    "0x%02x", names[i], (unsigned long long)at, p[at],
		    image.mem[at]));
	}
	return (1);
}

int
check_told(void)
{

	if (strcmp(console, telling.text) != 0)
		return (wrong("console: \"%s\", not \"%s\"", console,
		    telling.text));
	if (dev.calls != telling.calls || dev.polls != telling.polls)
		return (wrong("%u calls and %u polls, not %u and %u",
		    dev.calls, dev.polls, telling.calls, telling.polls));
	return (1);
}

int
dump_ending(const struct ending *e)
{
	sim_dump();
	if (sim_error[0] != '\0')
		return (wrong("%s", sim_error));
	if (e->fail_call == 0 && (e->key_poll == 0 || e->key != 3) &&
	    !take_dump())
		return (0);
	memset(&telling, 0, sizeof(telling));
	(void)model_console(&model, &lay, &form, dev_room(), e, &telling);
	return (check_told());
}

int
dump_right(void)
{
	uint64_t tables;

	dev_rearm();
	if (!dump_ending(&complete) || !check_dump())
		return (0);
	/* Every table twice, for the head of the message buffer, its pages. */
	tables = 2 * lay.npieces + MSGBUF_SIZE + 2 * (model.msgbuf_size /
	    PAGE + 2);
	if (mem_hook == NULL && (mem_loads > tables * (NENTRY + DIRS) ||
	    mem_maps > tables * (DIRS + 2) + model.npages))
		return (wrong("%llu entries read and %llu frames mapped",
		    (unsigned long long)mem_loads,
		    (unsigned long long)mem_maps));
	return (1);
}
