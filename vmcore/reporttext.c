/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * A report as text, for vmcore report.
 */

#include <string.h>

#include "item.h"
#include "vmcore.h"

#define	NCOLUMNS_MAX	16

/* Compute the widths of a table's columns; "it" has the titles. */
static void
measure(const struct item *it, const struct item *end, size_t *width)
{
	const struct item *row;
	size_t len;
	u_int i;

	for (row = it; row < end && (row == it || row->kind == ITEM_ROW); row++)
		for (i = 0; i < row->n && i < NCOLUMNS_MAX; i++) {
			len = strlen(row->field[i]);
			if (row == it || len > width[i])
				width[i] = len;
		}
}

static void
print_row(const struct item *it, const size_t *width)
{
	size_t len;
	u_int i;

	for (i = 0; i < it->n && i < NCOLUMNS_MAX; i++) {
		printf("  ");
		print_name(stdout, it->field[i]);
		len = strlen(it->field[i]);
		if (i + 1 < it->n && len < width[i])
			printf("%*s", (int)(width[i] - len), "");
	}
	putchar('\n');
}

void
report_text(const struct items *is)
{
	const struct item *end, *it;
	size_t width[NCOLUMNS_MAX];
	int hidden;

	end = is->item + is->n;
	hidden = 0;
	memset(width, 0, sizeof(width));
	for (it = is->item; it < end; it++) {
		/* Skip long text that is only shown unfolded. */
		if (it->kind != ITEM_LINE)
			hidden = it->kind == ITEM_FOLD && it->n > 1;
		if (hidden)
			continue;
		switch (it->kind) {
		case ITEM_SECTION:
			printf("%s%s\n", it == is->item ? "" : "\n",
			    item_field(it, 1));
			break;
		case ITEM_PAIR:
			printf("  %-14s ", item_field(it, 0));
			print_name(stdout, item_field(it, 1));
			putchar('\n');
			break;
		case ITEM_TABLE:
			measure(it, end, width);
			/* FALLTHROUGH */
		case ITEM_ROW:
			print_row(it, width);
			break;
		case ITEM_TEXT:
		case ITEM_FOLD:
			if (item_field(it, 0)[0] == '\0')
				break;
			printf("\n  ");
			print_name(stdout, item_field(it, 0));
			printf(":\n");
			break;
		case ITEM_LINE:
			printf("    ");
			print_name(stdout, item_field(it, 0));
			putchar('\n');
			break;
		case ITEM_NOTE:
			printf("  (");
			print_name(stdout, item_field(it, 0));
			printf(")\n");
			break;
		case ITEM_PICTURE:
		case NITEM_KINDS:
			break;
		}
	}
}
