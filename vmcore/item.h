/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What a report says, as a list of items: report.c makes it, and so does gdb
 * (vmcore/gdb/vmcore_report.py), one item a line, fields separated by tabs and
 * the first the kind; a file for each form shows it.
 */

#ifndef _ITEM_H_
#define	_ITEM_H_

#include <sys/types.h>

#include <stdio.h>

enum item_kind {
	ITEM_SECTION,		/* name, title */
	ITEM_PAIR,		/* name, value */
	ITEM_TABLE,		/* a title for each column; rows follow */
	ITEM_ROW,
	ITEM_TEXT,		/* title or ""; lines follow */
	ITEM_FOLD,		/* the same, but only shown when it is asked for */
	ITEM_LINE,
	ITEM_NOTE,		/* what is missing, and why */
	ITEM_PICTURE,		/* an SVG file */
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
	int		error;		/* no memory was left; it was printed */
};

/* Add one with "n" fields, which are copied. */
void	item_add(struct items *is, enum item_kind kind, u_int n, ...);

/* Add those of a file that gdb has made. */
void	items_read(struct items *is, FILE *fp);

/* Add those of section "name" of another list, but for its name; how many. */
size_t	items_copy(struct items *is, const struct items *from,
	    const char *name);

void	items_free(struct items *is);

/* A field; "" if there are fewer. */
const char *item_field(const struct item *it, u_int i);

/* Show all of it on standard output. */
void	report_text(const struct items *is);
void	report_json(const struct items *is);
void	report_html(const struct items *is, const char *title);

#endif /* !_ITEM_H_ */
