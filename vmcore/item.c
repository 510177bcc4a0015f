/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The items of a report; see item.h.
 */

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "item.h"
#include "vmcore.h"

#define	NFIELDS_MAX	16
/* More than a valid file from gdb has. */
#define	NITEMS_MAX	1000000

static const char *const kinds[NITEM_KINDS] = {
	"section", "pair", "table", "row", "text", "fold", "line", "note",
	"picture"
};

static void
add(struct items *is, enum item_kind kind, u_int n, const char *const *fields)
{
	struct item *it;
	u_int i;

	if (is->error)
		return;
	if (is->n == is->size) {
		is->size = is->size == 0 ? 256 : 2 * is->size;
		it = realloc(is->item, is->size * sizeof(*it));
		if (it == NULL)
			goto nomem;
		is->item = it;
	}
	it = &is->item[is->n];
	it->kind = kind;
	it->n = 0;
	it->field = calloc(n + 1, sizeof(*it->field));
	if (it->field == NULL)
		goto nomem;
	is->n++;
	for (i = 0; i < n; i++) {
		it->field[i] = strdup(fields[i]);
		if (it->field[i] == NULL)
			goto nomem;
		it->n++;
	}
	return;
nomem:
	xwarn("report");
	is->error = 1;
}

void
item_add(struct items *is, enum item_kind kind, u_int n, ...)
{
	const char *fields[NFIELDS_MAX];
	va_list ap;
	u_int i;

	va_start(ap, n);
	for (i = 0; i < n && i < NFIELDS_MAX; i++)
		fields[i] = va_arg(ap, const char *);
	va_end(ap);
	add(is, kind, i, fields);
}

void
items_read(struct items *is, FILE *fp)
{
	const char *fields[NFIELDS_MAX];
	char *line, *p;
	size_t size;
	ssize_t len;
	u_int kind, n;

	line = NULL;
	size = 0;
	while (!is->error && is->n < NITEMS_MAX &&
	    (len = getline(&line, &size, fp)) > 0) {
		if (line[len - 1] == '\n')
			line[len - 1] = '\0';
		p = line;
		for (n = 0; n < NFIELDS_MAX && p != NULL; n++)
			fields[n] = strsep(&p, "\t");
		for (kind = 0; kind < NITEM_KINDS; kind++)
			if (strcmp(fields[0], kinds[kind]) == 0)
				break;
		if (kind < NITEM_KINDS && kind != ITEM_PICTURE)
			add(is, kind, n - 1, fields + 1);
	}
	free(line);
}

size_t
items_copy(struct items *is, const struct items *from, const char *name)
{
	const struct item *it;
	size_t n;
	int inside;

	inside = 0;
	n = 0;
	for (it = from->item; it < from->item + from->n; it++) {
		if (it->kind == ITEM_SECTION) {
			inside = strcmp(item_field(it, 0), name) == 0;
			continue;
		}
		if (!inside)
			continue;
		add(is, it->kind, it->n, (const char *const *)it->field);
		n++;
	}
	return (n);
}

void
items_free(struct items *is)
{
	size_t i;
	u_int j;

	for (i = 0; i < is->n; i++) {
		for (j = 0; j < is->item[i].n; j++)
			free(is->item[i].field[j]);
		free(is->item[i].field);
	}
	free(is->item);
	memset(is, 0, sizeof(*is));
}

const char *
item_field(const struct item *it, u_int i)
{

	return (i < it->n ? it->field[i] : "");
}
