/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * A report as a list of items.  report.c makes it, and gdb makes parts of it
 * (vmcore/gdb/vmcore_report.py) in a file of one line for each item: the kind
 * and the fields, separated by tabs.  report*.c print it in different forms.
 */

#ifndef _ITEM_H_
#define	_ITEM_H_

#include <sys/types.h>

#include <stdio.h>

enum item_kind {
	ITEM_SECTION,		/* name, title */
	ITEM_PAIR,		/* name, value */
	ITEM_TABLE,		/* column titles; rows follow */
	ITEM_ROW,
	ITEM_TEXT,		/* title or ""; lines follow */
	ITEM_FOLD,		/* the same, but collapsed */
	ITEM_LINE,
	ITEM_NOTE,		/* why something is missing */
	ITEM_PICTURE,		/* name of an SVG file */
	NITEM_KINDS
};

struct item {
	enum item_kind	kind;
	u_int		n;
	char		**field;
};

struct items {
	struct item	*item;
	size_t		n;
	size_t		size;		/* allocated */
	int		error;		/* out of memory; already printed */
};

/* Add an item with "n" fields, which are copied. */
void	item_add(struct items *is, enum item_kind kind, u_int n, ...);

/* Add the items in a file that gdb has written. */
void	items_read(struct items *is, FILE *fp);

/* Add the contents of a section in another list.  Returns their number. */
size_t	items_copy(struct items *is, const struct items *from,
	    const char *name);

void	items_free(struct items *is);

/* Return a field; "" if there is none. */
const char *item_field(const struct item *it, u_int i);

/* Print all items. */
void	report_text(const struct items *is);
void	report_json(const struct items *is);
void	report_html(const struct items *is, const char *title);

#endif /* !_ITEM_H_ */
