/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * A report as one HTML page, for vmcore report.  It loads nothing, and can be
 * read without scripts: the one in it only sorts tables.  Text from the dump is
 * printed with put_text().
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "item.h"
#include "vmcore.h"

static const char head[] =
    "<meta charset=\"utf-8\"/>\n"
    "<meta name=\"viewport\" content=\"width=device-width, "
    "initial-scale=1\"/>\n"
    "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\""
    "default-src 'none'; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'\"/>\n";

static const char style[] =
    ":root { --fg: #1b1f24; --bg: #fff; --soft: #f3f4f6; --line: #d0d4da;\n"
    "  --dim: #59636e; --mark: #b42318; --link: #0b57c4; }\n"
    "@media (prefers-color-scheme: dark) { :root { --fg: #e4e7eb;\n"
    "  --bg: #14171b; --soft: #1f242a; --line: #3a414a; --dim: #9aa4af;\n"
    "  --mark: #ff8a7a; --link: #7fb2ff; } }\n"
    "* { box-sizing: border-box; }\n"
    "body { margin: 0 auto; padding: 1rem; max-width: 70rem;\n"
    "  font: 1rem/1.45 system-ui, sans-serif; color: var(--fg);\n"
    "  background: var(--bg); }\n"
    "h1 { font-size: 1.4rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }\n"
    "h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; padding-bottom: .2rem;\n"
    "  border-bottom: 1px solid var(--line); }\n"
    "h3 { font-size: 1rem; margin: 1rem 0 .3rem; }\n"
    "nav { display: flex; flex-wrap: wrap; gap: .2rem 1rem; }\n"
    "a { color: var(--link); }\n"
    "dl { display: grid; grid-template-columns: max-content 1fr;\n"
    "  gap: .15rem 1rem; margin: 0; align-items: baseline; }\n"
    "dt { color: var(--dim); } dd { margin: 0; overflow-wrap: anywhere; }\n"
    "pre, td, dd { font-family: ui-monospace, monospace; font-size: .85rem; }\n"
    "pre { margin: .3rem 0; padding: .6rem; overflow-x: auto;\n"
    "  background: var(--soft); border-radius: .3rem;\n"
    "  white-space: pre-wrap; overflow-wrap: anywhere; }\n"
    ".wide { overflow-x: auto; margin: .5rem 0; }\n"
    "table { border-collapse: collapse; }\n"
    "th, td { text-align: left; padding: .15rem .8rem .15rem 0;\n"
    "  border-bottom: 1px solid var(--line); white-space: pre; }\n"
    ".n { text-align: right; } th { font-size: .85rem; }\n"
    "th button { all: unset; cursor: pointer; color: var(--link); }\n"
    "th button:focus-visible { outline: 2px solid; }\n"
    "th[aria-sort=ascending] button::after { content: ' \\2191'; }\n"
    "th[aria-sort=descending] button::after { content: ' \\2193'; }\n"
    /* Pairs of short words go side by side. */
    ".two thead { display: none; } .two tbody { display: block;\n"
    "  columns: 15rem auto; column-gap: 1.5rem; }\n"
    ".two, .two tr { display: block; break-inside: avoid; }\n"
    ".two td { display: inline-block; border: 0; }\n"
    ".two td:first-child { min-width: 4rem; color: var(--dim); }\n"
    "details { margin: .3rem 0; } summary { cursor: pointer;\n"
    "  overflow-wrap: anywhere; }\n"
    ".note { color: var(--dim); font-style: italic; margin: .3rem 0; }\n"
    ".what { color: var(--mark); font-weight: 600; }\n"
    "svg { max-width: 100%; min-width: 42rem; height: auto; }\n"
    "@media (prefers-color-scheme: dark) {\n"
    "  svg { filter: invert(.9) hue-rotate(180deg); } }\n"
    "@media (max-width: 30rem) { body { padding: .6rem; }\n"
    "  dl { column-gap: .7rem; }\n"
    "  td:first-child { white-space: pre-wrap; } }\n"
    "@media print { :root { --fg: #000; --bg: #fff; --soft: #fff;\n"
    "  --line: #999; --dim: #333; --mark: #000; --link: #000; }\n"
    "  body { max-width: none; font-size: 9pt; } nav { display: none; }\n"
    "  pre { border: 1px solid var(--line); }\n"
    "  h2, h3 { break-after: avoid; } tr { break-inside: avoid; }\n"
    "  svg { min-width: 0; filter: none; }\n"
    "  th, td { white-space: pre-wrap; overflow-wrap: anywhere; } }\n";

/* Without it the tables stay in the order of the kernel's lists. */
static const char script[] =
    "for (const table of document.querySelectorAll('table')) {\n"
    "  table.querySelectorAll('th').forEach((th, i) => {\n"
    "    const button = document.createElement('button');\n"
    "    button.textContent = th.textContent;\n"
    "    th.replaceChildren(button);\n"
    "    button.onclick = () => {\n"
    "      const body = table.tBodies[0], rows = [...body.rows];\n"
    "      const key = r => r.cells[i] ? r.cells[i].textContent : '';\n"
    "      rows.sort((a, b) => key(a).localeCompare(key(b), 'en',\n"
    "        { numeric: true }));\n"
    "      const down = th.ariaSort == 'ascending';\n"
    "      if (down) rows.reverse();\n"
    "      table.querySelectorAll('th').forEach(h => h.ariaSort = null);\n"
    "      th.ariaSort = down ? 'descending' : 'ascending';\n"
    "      body.append(...rows);\n"
    "    };\n"
    "  });\n"
    "}\n";

/* The element that is open. */
enum open { OPEN_NONE, OPEN_PAIRS, OPEN_TABLE, OPEN_TEXT, OPEN_FOLD };
static const char *const closing[] = {
	"", "</dl>\n", "</tbody></table></div>\n", "</pre>\n",
	"</pre></details>\n"
};

/* Print text: escape what must not be printed, and quote for HTML. */
static void
put_text(const char *text)
{
	uint32_t c;
	size_t len, n;
	int show;

	for (len = strlen(text); len > 0; text += n, len -= n) {
		n = kvm_nextchar(text, len, &c, &show);
		if (!show) {
			n = 1;
			printf("\\%03o", (u_char)*text);
		} else if (c == '&')
			fputs("&amp;", stdout);
		else if (c == '<')
			fputs("&lt;", stdout);
		else if (c == '>')
			fputs("&gt;", stdout);
		else if (c == '"')
			fputs("&quot;", stdout);
		else if (c == '\'')
			fputs("&#39;", stdout);
		else
			fwrite(text, 1, n, stdout);
	}
}

static void
put_element(const char *tag, const char *class, const char *text)
{

	printf("<%s%s>", tag, class);
	put_text(text);
	printf("</%s>", tag);
}

#define	NCOLUMNS_MAX	16
static int	numbers[NCOLUMNS_MAX];	/* columns of the open table */

/* Find the columns that have only numbers, or "-". */
static void
find_numbers(const struct item *it, const struct item *end)
{
	const struct item *row;
	const char *cell;
	u_int i;

	for (i = 0; i < NCOLUMNS_MAX; i++)
		numbers[i] = i < it->n;
	for (row = it + 1; row < end && row->kind == ITEM_ROW; row++)
		for (i = 0; i < row->n && i < NCOLUMNS_MAX; i++) {
			cell = row->field[i];
			if (cell[strspn(cell, "0123456789")] != '\0' &&
			    strcmp(cell, "-") != 0)
				numbers[i] = 0;
		}
}

static const char *
side(u_int column)
{

	return (column < NCOLUMNS_MAX && numbers[column] ? " class=\"n\"" : "");
}

static void
put_row(const struct item *it)
{
	u_int i;

	printf("<tr>");
	for (i = 0; i < it->n; i++)
		put_element("td", side(i), it->field[i]);
	printf("</tr>\n");
}

static void
put_table(const struct item *it, const struct item *end)
{
	u_int i;

	find_numbers(it, end);
	printf("<div class=\"wide\"><table%s><thead><tr>",
	    it->n == 2 ? " class=\"two\"" : "");
	for (i = 0; i < it->n; i++)
		put_element("th", side(i), it->field[i]);
	printf("</tr></thead><tbody>\n");
}

/* Insert an SVG file, which vmcore map made, from its root element on. */
static void
put_picture(const char *file)
{
	char *line;
	FILE *fp;
	size_t size;
	int begun;

	fp = fopen(file, "r");
	if (fp == NULL) {
		xwarn("%s", file);
		return;
	}
	printf("<div class=\"wide\">\n");
	begun = 0;
	line = NULL;
	size = 0;
	while (getline(&line, &size, fp) > 0) {
		begun |= strncmp(line, "<svg", 4) == 0;
		if (begun)
			fputs(line, stdout);
	}
	printf("</div>\n");
	free(line);
	fclose(fp);
}

/* Print an item.  Returns what it leaves open. */
static enum open
put_item(const struct item *it, const struct item *end, enum open open)
{

	switch (it->kind) {
	case ITEM_SECTION:
		printf("<h2 id=\"");
		put_text(item_field(it, 0));
		printf("\">");
		put_text(item_field(it, 1));
		printf("</h2>\n");
		return (OPEN_NONE);
	case ITEM_PAIR:
		if (open != OPEN_PAIRS)
			printf("<dl>\n");
		put_element("dt", "", item_field(it, 0));
		put_element("dd", strcmp(item_field(it, 0), "what") == 0 ||
		    strcmp(item_field(it, 0), "panic") == 0 ?
		    " class=\"what\"" : "", item_field(it, 1));
		putchar('\n');
		return (OPEN_PAIRS);
	case ITEM_TABLE:
		put_table(it, end);
		return (OPEN_TABLE);
	case ITEM_ROW:
		if (open == OPEN_TABLE)
			put_row(it);
		return (open);
	case ITEM_TEXT:
		if (item_field(it, 0)[0] != '\0')
			put_element("h3", "", item_field(it, 0));
		printf("<pre>");
		return (OPEN_TEXT);
	case ITEM_FOLD:
		printf("<details>");
		put_element("summary", "", item_field(it, 0));
		printf("<pre>");
		return (OPEN_FOLD);
	case ITEM_LINE:
		put_text(item_field(it, 0));
		putchar('\n');
		return (open);
	case ITEM_NOTE:
		put_element("p", " class=\"note\"", item_field(it, 0));
		putchar('\n');
		return (OPEN_NONE);
	case ITEM_PICTURE:
		put_picture(item_field(it, 0));
		return (OPEN_NONE);
	case NITEM_KINDS:
		break;
	}
	return (open);
}

/* Return whether an item belongs to the open element. */
static int
goes_on(enum open open, enum item_kind kind)
{

	switch (open) {
	case OPEN_PAIRS:
		return (kind == ITEM_PAIR);
	case OPEN_TABLE:
		return (kind == ITEM_ROW);
	case OPEN_TEXT:
	case OPEN_FOLD:
		return (kind == ITEM_LINE);
	case OPEN_NONE:
		break;
	}
	return (1);
}

void
report_html(const struct items *is, const char *title)
{
	const struct item *end, *it;
	enum open open;

	end = is->item + is->n;
	printf("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n%s", head);
	put_element("title", "", title);
	printf("\n<style>\n%s</style>\n</head>\n<body>\n", style);
	put_element("h1", "", title);
	printf("\n<nav>\n");
	for (it = is->item; it < end; it++)
		if (it->kind == ITEM_SECTION) {
			printf("<a href=\"#");
			put_text(item_field(it, 0));
			printf("\">");
			put_text(item_field(it, 1));
			printf("</a>\n");
		}
	printf("</nav>\n<main>\n");
	open = OPEN_NONE;
	for (it = is->item; it < end; it++) {
		if (!goes_on(open, it->kind)) {
			fputs(closing[open], stdout);
			open = OPEN_NONE;
		}
		open = put_item(it, end, open);
	}
	printf("%s</main>\n<script>\n%s</script>\n</body>\n</html>\n",
	    closing[open], script);
}
