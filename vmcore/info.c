/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * vmcore info: what the dump tells of itself, a line a field, or a member of
 * a JSON object.  The fields of the header have the names that struct
 * minidumphdr has for them.
 */

#include <sys/types.h>

#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "vmcore.h"
#include "kvm_minidump.h"

/* How panic() begins its message. */
#define	PANIC		"panic: "

/*
 * Find the first or the last line that begins with "prefix"; NULL if there is
 * none.
 */
static const char *
find_line(const char *text, const char *prefix, int last)
{
	const char *found, *p;

	found = NULL;
	for (p = text; p != NULL; p = strchr(p, '\n')) {
		p += *p == '\n';
		if (strncmp(p, prefix, strlen(prefix)) != 0)
			continue;
		found = p;
		if (!last)
			break;
	}
	return (found);
}

/* A field, as JSON if "js" is not NULL. */
static void
print_number(struct json *js, const char *name, uint64_t value)
{

	if (js != NULL)
		json_number(js, name, value);
	else
		printf("%s: %ju\n", name, (uintmax_t)value);
}

static void
print_address(struct json *js, const char *name, uint64_t value)
{

	if (js != NULL)
		json_address(js, name, value);
	else
		printf("%s: 0x%jx\n", name, (uintmax_t)value);
}

static void
print_bool(struct json *js, const char *name, int value)
{

	if (js != NULL)
		json_bool(js, name, value);
	else
		printf("%s: %s\n", name, value ? "yes" : "no");
}

static void
print_string(struct json *js, const char *name, const char *value)
{

	if (js != NULL)
		json_string(js, name, value);
	else {
		printf("%s: ", name);
		print_name(stdout, value);
		putchar('\n');
	}
}

static void
print_message(struct json *js, const char *name, const char *line)
{
	size_t len;

	if (line == NULL)
		return;
	len = strcspn(line, "\n");
	if (js != NULL)
		json_text(js, name, line, len);
	else {
		printf("%s: ", name);
		print_line(stdout, line, len);
	}
}

/*
 * The message buffer survives a reboot: what belongs to this crash comes after
 * the last line in which a kernel tells its version, and the reason is the
 * first panic after that.
 */
static void
print_messages(struct json *js, kvm_t *kd, const char *file)
{
	const char *note, *panic, *version;
	char *text;
	size_t i, len, n;

	text = msgbuf_text(kd, file, &len, &note);
	if (text == NULL)
		return;
	for (i = n = 0; i < len; i++)
		if (text[i] != '\0')
			text[n++] = text[i];
	text[n] = '\0';
	version = find_line(text, "FreeBSD ", 1);
	panic = find_line(version != NULL ? version : text, PANIC, 0);
	print_message(js, "kernel", version);
	print_message(js, "panic", panic != NULL ? panic + strlen(PANIC) :
	    NULL);
	free(text);
}

/* What the kernel left out, for want of room. */
static void
print_left(struct json *js, const struct minidump *md)
{
	const struct minidump_left *left;

	if (js != NULL)
		json_begin(js, "leftout", '[');
	for (left = md->left; left < md->left + md->nleft; left++) {
		if (js == NULL) {
			printf("leftout: %s: %s 0x%jx-0x%jx, %u pages\n",
			    left->name, left->physical ? "physical" :
			    "virtual", (uintmax_t)left->start,
			    (uintmax_t)left->end, (u_int)left->pages);
			continue;
		}
		json_begin(js, NULL, '{');
		json_string(js, "name", left->name);
		json_bool(js, "physical", left->physical);
		json_address(js, "start", left->start);
		json_address(js, "end", left->end);
		json_number(js, "pages", left->pages);
		json_end(js, '}');
	}
	if (js != NULL)
		json_end(js, ']');
}

/* What could not be read when it was saved: bytes of the dump. */
static void
print_lost(struct json *js, const struct minidump *md)
{
	const struct minidump_lost *lost;

	if (js != NULL)
		json_begin(js, "notread", '[');
	for (lost = md->lost; lost < md->lost + md->nlost; lost++) {
		if (js == NULL) {
			printf("notread: bytes %ju-%ju\n",
			    (uintmax_t)lost->start, (uintmax_t)lost->end);
			continue;
		}
		json_begin(js, NULL, '{');
		json_number(js, "start", lost->start);
		json_number(js, "end", lost->end);
		json_end(js, '}');
	}
	if (js != NULL)
		json_end(js, ']');
}

/* The ranges of memory that are dumped, or that the bitmap is about. */
static void
print_ranges(struct json *js, const struct minidump *md)
{
	const struct minidump_range *r;

	if (md->nranges == 0)
		return;
	if (js != NULL)
		json_begin(js, "ranges", '[');
	for (r = md->ranges; r < md->ranges + md->nranges; r++) {
		if (js == NULL) {
			printf("range: 0x%jx-0x%jx\n", (uintmax_t)r->start,
			    (uintmax_t)r->end);
			continue;
		}
		json_begin(js, NULL, '{');
		json_address(js, "start", r->start);
		json_address(js, "end", r->end);
		json_end(js, '}');
	}
	if (js != NULL)
		json_end(js, ']');
}

/* What the header of a minidump tells. */
static void
print_header(struct json *js, const struct minidump *md)
{

	print_address(js, "kernbase", md->kernbase);
	if (md->dmapend != 0) {
		print_address(js, "dmapbase", md->dmapbase);
		print_address(js, "dmapend", md->dmapend);
	} else
		print_number(js, "paemode", md->paemode);
	print_number(js, "msgbufsize", md->msgbuf.size);
	print_number(js, "msgbufoffset", md->msgbuf.ofs);
	if (md->avail.size != 0) {
		print_number(js, "dumpavailsize", md->avail.size);
		print_number(js, "dumpavailoffset", md->avail.ofs);
	}
	print_number(js, "bitmapsize", md->bitmap.size);
	print_number(js, "bitmapoffset", md->bitmap.ofs);
	print_number(js, "ptesize", md->ptes.size);
	print_number(js, "pteoffset", md->ptes.ofs);
}

static void
print_fields(struct json *js, const struct minidump *md)
{

	print_number(js, "filesize", md->filesize);
	print_bool(js, "compressed", md->nmembers != 0);
	if (md->nmembers != 0) {
		print_number(js, "plainsize", md->size);
		print_number(js, "members", md->nmembers);
	}
	print_string(js, "format", _kvm_minidump_isfull(md) ? "full dump" :
	    "minidump");
	if (!_kvm_minidump_isfull(md))
		print_number(js, "version", md->ops->version);
	print_string(js, "architecture", md->ops->arch);
	if (!_kvm_minidump_isfull(md))
		print_header(js, md);
	print_ranges(js, md);
	print_number(js, "pages", md->npages);
	print_number(js, "pagesoffset", md->pages.ofs);
	if (md->npages > 0) {
		print_address(js, "firstpage", md->firstpage);
		print_address(js, "lastpage", md->lastpage);
	}
	print_number(js, "missingpages", md->nmissing);
	print_string(js, "state", _kvm_minidump_truncated(md) ? "truncated" :
	    md->nlost > 0 ? "partial" : "complete");
}

/* Returns -1 after printing what could not be told. */
static int
print_info(struct json *js, kvm_t *kd, const char *file, int verbose,
    int haskernel)
{
	int error;

	error = 0;
	if (js != NULL)
		json_begin(js, NULL, '{');
	print_string(js, "file", file);
	print_fields(js, _kvm_minidump(kd));
	print_left(js, _kvm_minidump(kd));
	print_lost(js, _kvm_minidump(kd));
	print_messages(js, kd, file);
	if (verbose)
		error = print_kinds(kd, js, haskernel);
	if (js != NULL)
		json_end(js, '}');
	return (error);
}

int
cmd_info(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json",	no_argument,	NULL,	'j' },
		{ "verbose",	no_argument,	NULL,	'v' },
		{ NULL,		0,		NULL,	0 }
	};
	struct json *js, json;
	const char *kernel;
	kvm_t *kd;
	int ch, error, verbose;

	kernel = NULL;
	js = NULL;
	verbose = 0;
	while ((ch = getopt_long(argc, argv, "k:v", options, NULL)) != -1) {
		switch (ch) {
		case 'j':
			memset(&json, 0, sizeof(json));
			js = &json;
			break;
		case 'k':
			kernel = optarg;
			break;
		case 'v':
			verbose = 1;
			break;
		default:
			return (STATUS_USAGE);
		}
	}
	if (argc - optind != 1)
		return (STATUS_USAGE);
	kd = open_dump(kernel, argv[optind]);
	if (kd == NULL)
		return (STATUS_FAILED);
	error = print_info(js, kd, argv[optind], verbose, kernel != NULL);
	kvm_close(kd);
	return (error == 0 ? STATUS_OK : STATUS_FAILED);
}
