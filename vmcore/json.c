/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * JSON (RFC 8259) on standard output.  What has been begun has to be ended in
 * order; main() looks for errors of the output.
 */

#include <sys/types.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "json.h"

/*
 * How many bytes the UTF-8 character at p has, of n bytes that there are; 0 if
 * it is none: too long a form, a surrogate, or beyond U+10ffff.
 */
static size_t
utf8_len(const u_char *p, size_t n)
{
	size_t i, len;
	u_char high, low;

	low = 0x80;
	high = 0xbf;
	if (p[0] < 0x80)
		return (1);
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		len = 2;
	else if (p[0] >= 0xe0 && p[0] <= 0xef) {
		len = 3;
		low = p[0] == 0xe0 ? 0xa0 : low;
		high = p[0] == 0xed ? 0x9f : high;
	} else if (p[0] >= 0xf0 && p[0] <= 0xf4) {
		len = 4;
		low = p[0] == 0xf0 ? 0x90 : low;
		high = p[0] == 0xf4 ? 0x8f : high;
	} else
		return (0);
	if (n < len || p[1] < low || p[1] > high)
		return (0);
	for (i = 2; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return (0);
	return (len);
}

static void
quote(const char *text, size_t size)
{
	const u_char *p;
	size_t len;

	putchar('"');
	for (p = (const u_char *)text; size > 0; p += len, size -= len) {
		len = utf8_len(p, size);
		if (*p == '"' || *p == '\\')
			printf("\\%c", *p);
		else if (*p == '\n')
			printf("\\n");
		else if (len == 0 || *p < ' ' || *p == 0x7f)
			printf("\\u%04x", *p);
		else
			fwrite(p, 1, len, stdout);
		if (len == 0)
			len = 1;
	}
	putchar('"');
}

/* What goes before a value: a comma, the line's indentation, the name. */
static void
member(struct json *js, const char *name)
{

	if (js->more)
		putchar(',');
	if (js->depth > 0)
		printf("\n%*s", js->depth * 2, "");
	js->more = 1;
	if (name != NULL) {
		quote(name, strlen(name));
		printf(": ");
	}
}

void
json_begin(struct json *js, const char *name, char bracket)
{

	member(js, name);
	putchar(bracket);
	js->depth++;
	js->more = 0;
}

void
json_end(struct json *js, char bracket)
{

	js->depth--;
	if (js->more)
		printf("\n%*s", js->depth * 2, "");
	js->more = 1;
	putchar(bracket);
	if (js->depth == 0)
		putchar('\n');
}

void
json_number(struct json *js, const char *name, uint64_t value)
{

	member(js, name);
	printf("%ju", (uintmax_t)value);
}

void
json_address(struct json *js, const char *name, uint64_t value)
{

	member(js, name);
	printf("\"0x%jx\"", (uintmax_t)value);
}

void
json_bool(struct json *js, const char *name, int value)
{

	member(js, name);
	printf("%s", value ? "true" : "false");
}

void
json_text(struct json *js, const char *name, const char *text, size_t len)
{

	member(js, name);
	quote(text, len);
}

void
json_string(struct json *js, const char *name, const char *text)
{

	json_text(js, name, text, strlen(text));
}
