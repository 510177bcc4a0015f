/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Printing of untrusted text; see text.h.  json.c has its own escapes.
 */

#include <sys/types.h>

#include <inttypes.h>
#include <kvm.h>
#include <string.h>
#include <time.h>

#include "text.h"

void
print_text(FILE *fp, const char *text, size_t len)
{
	uint32_t c;
	int show;

	for (; len > 0; text++, len--) {
		(void)kvm_nextchar(text, 1, &c, &show);
		if (*text == '\0')
			continue;
		if (show || *text == '\n' || *text == '\t')
			putc(*text, fp);
		else
			fprintf(fp, "\\%03o", (u_char)*text);
	}
}

void
print_line(FILE *fp, const char *text, size_t size)
{

	size = strnlen(text, size);
	print_text(fp, text, size);
	if (size == 0 || text[size - 1] != '\n')
		putc('\n', fp);
}

void
print_name(FILE *fp, const char *name)
{
	uint32_t c;
	size_t len, n;
	int show;

	for (len = strlen(name); len > 0; name += n, len -= n) {
		n = kvm_nextchar(name, len, &c, &show);
		if (show)
			fwrite(name, 1, n, fp);
		else {
			n = 1;
			fprintf(fp, "\\%03o", (u_char)*name);
		}
	}
}

void
ascii_name(char *buf, size_t size, const char *name)
{
	uint32_t c;
	size_t n;
	int show;

	for (n = 0; *name != '\0' && n + 5 < size; name++) {
		(void)kvm_nextchar(name, 1, &c, &show);
		n += snprintf(buf + n, size - n, show ? "%c" : "\\%03o",
		    (u_char)*name);
	}
	buf[n] = '\0';
}

static const struct tm *
local(uint64_t seconds)
{
	time_t t;

	t = seconds;
	return (t >= 0 && (uint64_t)t == seconds ? localtime(&t) : NULL);
}

void
text_date(char *buf, size_t size, uint64_t seconds)
{
	const struct tm *tm;

	tm = local(seconds);
	if (tm == NULL || strftime(buf, size, "%a %b %e %T %Y", tm) == 0)
		snprintf(buf, size, "%ju", (uintmax_t)seconds);
}

void
text_clock(char *buf, size_t size, uint64_t seconds)
{
	const struct tm *tm;

	tm = local(seconds);
	if (tm == NULL || strftime(buf, size, "%T", tm) == 0)
		snprintf(buf, size, "%ju", (uintmax_t)seconds);
}
