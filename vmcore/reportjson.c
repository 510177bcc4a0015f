/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * A report as JSON, for vmcore report: an object with a member "sections", an
 * array of objects.  Each has "name", "title" and "content", an array of
 * objects in the order of the report.  These have "key" and "value", "columns"
 * and "rows", "title" and "lines", or "note".
 */

#include <string.h>

#include "item.h"
#include "json.h"
#include "vmcore.h"

/* What is open. */
struct state {
	struct json	json;
	int		section;
	int		content;	/* a section's */
	int		element;	/* with rows or lines */
};

static void
end_element(struct state *s)
{

	if (s->element) {
		json_end(&s->json, ']');
		json_end(&s->json, '}');
	}
	s->element = 0;
}

static void
end_content(struct state *s)
{

	end_element(s);
	if (s->content)
		json_end(&s->json, ']');
	s->content = 0;
}

/* End an element, and begin the content if it has not begun. */
static void
begin_content(struct state *s)
{

	end_element(s);
	if (!s->content)
		json_begin(&s->json, "content", '[');
	s->content = 1;
}

static void
add_strings(struct state *s, const char *name, const struct item *it)
{
	u_int i;

	json_begin(&s->json, name, '[');
	for (i = 0; i < it->n; i++)
		json_string(&s->json, NULL, it->field[i]);
	json_end(&s->json, ']');
}

static void
begin_element(struct state *s, const struct item *it)
{

	begin_content(s);
	json_begin(&s->json, NULL, '{');
	if (it->kind == ITEM_TABLE) {
		add_strings(s, "columns", it);
		json_begin(&s->json, "rows", '[');
	} else {
		json_string(&s->json, "title", item_field(it, 0));
		json_begin(&s->json, "lines", '[');
	}
	s->element = 1;
}

static void
add_item(struct state *s, const struct item *it)
{

	switch (it->kind) {
	case ITEM_SECTION:
		end_content(s);
		if (s->section)
			json_end(&s->json, '}');
		s->section = 1;
		json_begin(&s->json, NULL, '{');
		json_string(&s->json, "name", item_field(it, 0));
		json_string(&s->json, "title", item_field(it, 1));
		break;
	case ITEM_PAIR:
		begin_content(s);
		json_begin(&s->json, NULL, '{');
		json_string(&s->json, "key", item_field(it, 0));
		json_string(&s->json, "value", item_field(it, 1));
		json_end(&s->json, '}');
		break;
	case ITEM_NOTE:
		begin_content(s);
		json_begin(&s->json, NULL, '{');
		json_string(&s->json, "note", item_field(it, 0));
		json_end(&s->json, '}');
		break;
	case ITEM_TABLE:
	case ITEM_TEXT:
	case ITEM_FOLD:
		begin_element(s, it);
		break;
	case ITEM_ROW:
		if (s->element)
			add_strings(s, NULL, it);
		break;
	case ITEM_LINE:
		if (s->element)
			json_string(&s->json, NULL, item_field(it, 0));
		break;
	case ITEM_PICTURE:
	case NITEM_KINDS:
		break;
	}
}

void
report_json(const struct items *is)
{
	struct state s;
	size_t i;

	memset(&s, 0, sizeof(s));
	json_begin(&s.json, NULL, '{');
	json_begin(&s.json, "sections", '[');
	for (i = 0; i < is->n; i++)
		add_item(&s, &is->item[i]);
	end_content(&s);
	if (s.section)
		json_end(&s.json, '}');
	json_end(&s.json, ']');
	json_end(&s.json, '}');
}
