/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * vmcore info: prints what is known about a dump, as lines of text or as a JSON
 * object.  Header fields have their names from the format.
 */

#include <sys/types.h>

#include <ctype.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "vmcore.h"

/* What a kernel's line with its version begins with, and a panic message. */
#define	VERSION		"FreeBSD "
#define	PANIC		"panic: "

/*
 * The line with a kernel's version begins so, and with a number.  Other lines
 * may name FreeBSD as well, such as that of the compiler.
 */
static int
is_version(const char *line)
{

	return (strncmp(line, VERSION, strlen(VERSION)) == 0 &&
	    isdigit((u_char)line[strlen(VERSION)]));
}

static int
is_panic(const char *line)
{

	return (strncmp(line, PANIC, strlen(PANIC)) == 0);
}

/* Find the first or the last line that is such; NULL if there is none. */
static const char *
find_line(const char *text, int (*is)(const char *), int last)
{
	const char *found, *p;

	found = NULL;
	for (p = text; p != NULL; p = strchr(p, '\n')) {
		p += *p == '\n';
		if (!(*is)(p))
			continue;
		found = p;
		if (!last)
			break;
	}
	return (found);
}

/* Print a field, as JSON if "js" is not NULL. */
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
 * Print the kernel's version and the panic.  The message buffer survives a
 * reboot: messages of this crash come after the last version line, and its
 * reason is the first panic after that.
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
	version = find_line(text, is_version, 1);
	panic = find_line(version != NULL ? version : text, is_panic, 0);
	print_message(js, "kernel", version);
	print_message(js, "panic", panic != NULL ? panic + strlen(PANIC) :
	    NULL);
	free(text);
}

/* Print what the kernel left out. */
static void
print_left(struct json *js, const struct kvm_dumpinfo *ki)
{
	const struct kvm_leftout *left;

	if (js != NULL)
		json_begin(js, "leftout", '[');
	for (left = ki->ki_left; left < ki->ki_left + ki->ki_nleft; left++) {
		if (js == NULL) {
			printf("leftout: %s: %s 0x%jx-0x%jx, %u pages\n",
			    left->kl_name, left->kl_physical ? "physical" :
			    "virtual", (uintmax_t)left->kl_start,
			    (uintmax_t)left->kl_end, (u_int)left->kl_pages);
			continue;
		}
		json_begin(js, NULL, '{');
		json_string(js, "name", left->kl_name);
		json_bool(js, "physical", left->kl_physical);
		json_address(js, "start", left->kl_start);
		json_address(js, "end", left->kl_end);
		json_number(js, "pages", left->kl_pages);
		json_end(js, '}');
	}
	if (js != NULL)
		json_end(js, ']');
}

/* Print which bytes of the dump could not be read when it was saved. */
static void
print_lost(struct json *js, const struct kvm_dumpinfo *ki)
{
	const struct kvm_range *lost;

	if (js != NULL)
		json_begin(js, "notread", '[');
	for (lost = ki->ki_lost; lost < ki->ki_lost + ki->ki_nlost; lost++) {
		if (js == NULL) {
			printf("notread: bytes %ju-%ju\n",
			    (uintmax_t)lost->kr_start, (uintmax_t)lost->kr_end);
			continue;
		}
		json_begin(js, NULL, '{');
		json_number(js, "start", lost->kr_start);
		json_number(js, "end", lost->kr_end);
		json_end(js, '}');
	}
	if (js != NULL)
		json_end(js, ']');
}

/* Print that the dump was taken from a running kernel. */
static void
print_live(struct json *js, const struct kvm_dumpinfo *ki)
{
	char when[64];

	if (ki->ki_liverecord.ks_size == 0)
		return;
	if (js != NULL) {
		json_bool(js, "live", 1);
		json_number(js, "opened", ki->ki_opened);
		return;
	}
	text_clock(when, sizeof(when), ki->ki_opened);
	printf("live: taken from %s on, memory changed meanwhile\n", when);
	text_date(when, sizeof(when), ki->ki_opened);
	printf("opened: %s\n", when);
}

/* Print the ranges of memory that a full dump has, or that a bitmap covers. */
static void
print_ranges(struct json *js, const struct kvm_dumpinfo *ki)
{
	const struct kvm_range *r;

	if (ki->ki_nranges == 0)
		return;
	if (js != NULL)
		json_begin(js, "ranges", '[');
	for (r = ki->ki_ranges; r < ki->ki_ranges + ki->ki_nranges; r++) {
		if (js == NULL) {
			printf("range: 0x%jx-0x%jx\n", (uintmax_t)r->kr_start,
			    (uintmax_t)r->kr_end);
			continue;
		}
		json_begin(js, NULL, '{');
		json_address(js, "start", r->kr_start);
		json_address(js, "end", r->kr_end);
		json_end(js, '}');
	}
	if (js != NULL)
		json_end(js, ']');
}

/* Print the fields of a minidump's header. */
static void
print_header(struct json *js, const struct kvm_dumpinfo *ki)
{

	print_address(js, "kernbase", ki->ki_kernbase);
	if (ki->ki_dmapend != 0) {
		print_address(js, "dmapbase", ki->ki_dmapbase);
		print_address(js, "dmapend", ki->ki_dmapend);
	} else
		print_number(js, "paemode", ki->ki_paemode);
	print_number(js, "msgbufsize", ki->ki_msgbuf.ks_size);
	print_number(js, "msgbufoffset", ki->ki_msgbuf.ks_offset);
	if (ki->ki_avail.ks_size != 0) {
		print_number(js, "dumpavailsize", ki->ki_avail.ks_size);
		print_number(js, "dumpavailoffset", ki->ki_avail.ks_offset);
	}
	print_number(js, "bitmapsize", ki->ki_bitmap.ks_size);
	print_number(js, "bitmapoffset", ki->ki_bitmap.ks_offset);
	print_number(js, "ptesize", ki->ki_ptes.ks_size);
	print_number(js, "pteoffset", ki->ki_ptes.ks_offset);
}

static void
print_fields(struct json *js, const struct kvm_dumpinfo *ki)
{

	print_number(js, "filesize", ki->ki_filesize);
	print_bool(js, "compressed", ki->ki_members != 0);
	if (ki->ki_members != 0) {
		print_number(js, "plainsize", ki->ki_size);
		print_number(js, "members", ki->ki_members);
	}
	print_string(js, "format", ki->ki_full ? "full dump" :
	    "minidump");
	if (!ki->ki_full)
		print_number(js, "version", ki->ki_version);
	print_string(js, "architecture", ki->ki_arch);
	if (!ki->ki_full)
		print_header(js, ki);
	print_ranges(js, ki);
	print_number(js, "pages", ki->ki_npages);
	print_number(js, "pagesoffset", ki->ki_pages.ks_offset);
	if (ki->ki_npages > 0) {
		print_address(js, "firstpage", ki->ki_firstpage);
		print_address(js, "lastpage", ki->ki_lastpage);
	}
	print_number(js, "missingpages", ki->ki_nmissing);
	print_string(js, "state", ki->ki_truncated ? "truncated" :
	    ki->ki_nlost > 0 ? "partial" : "complete");
}

/* Returns -1 after printing what is missing. */
static int
print_info(struct json *js, kvm_t *kd, const char *file, int verbose,
    int haskernel)
{
	int error;

	error = 0;
	if (js != NULL)
		json_begin(js, NULL, '{');
	print_string(js, "file", file);
	print_fields(js, kvm_dumpinfo(kd));
	print_live(js, kvm_dumpinfo(kd));
	print_left(js, kvm_dumpinfo(kd));
	print_lost(js, kvm_dumpinfo(kd));
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
			return (unknown_option(argv));
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
