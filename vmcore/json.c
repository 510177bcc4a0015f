/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * JSON (RFC 8259) on standard output.  Objects and arrays have to be ended in
 * order; main() checks for output errors.
 */

#include <sys/types.h>

#include <inttypes.h>
#include <kvm.h>
#include <stdio.h>
#include <string.h>

#include "json.h"

static void
quote(const char *text, size_t size)
{
	uint32_t c;
	size_t len;
	int show;

	putchar('"');
	for (; size > 0; text += len, size -= len) {
		len = kvm_nextchar(text, size, &c, &show);
		if (*text == '"' || *text == '\\')
			printf("\\%c", *text);
		else if (*text == '\n')
			printf("\\n");
		else if (!show)
			printf("\\u%04x", (u_int)c);
		else
			fwrite(text, 1, len, stdout);
	}
	putchar('"');
}

/* Print what precedes a value: a comma, the line's indentation, the name. */
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
