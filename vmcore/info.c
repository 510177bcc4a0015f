/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * vmcore info: what the dump tells of itself, a line a field.  The fields of
 * the header have the names that struct minidumphdr has for them.
 */

#include <sys/types.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

static void
print_message(const char *name, const char *line)
{

	if (line == NULL)
		return;
	printf("%s: ", name);
	print_line(stdout, line, strcspn(line, "\n"));
}

/*
 * The message buffer survives a reboot: what belongs to this crash comes after
 * the last line in which a kernel tells its version, and the reason is the
 * first panic after that.
 */
static void
print_messages(kvm_t *kd, const char *file)
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
	print_message("kernel", version);
	print_message("panic", panic != NULL ? panic + strlen(PANIC) : NULL);
	free(text);
}

/* What the kernel left out, for want of room. */
static void
print_left(const struct minidump *md)
{
	const struct minidump_left *left;

	for (left = md->left; left < md->left + md->nleft; left++)
		printf("leftout: %s: %s 0x%jx-0x%jx, %u pages\n", left->name,
		    left->physical ? "physical" : "virtual",
		    (uintmax_t)left->start, (uintmax_t)left->end,
		    (u_int)left->pages);
}

int
cmd_info(int argc, char **argv)
{
	const struct minidump *md;
	kvm_t *kd;
	u_int i;

	if (getopt(argc, argv, "") != -1 || argc - optind != 1)
		return (STATUS_USAGE);
	kd = open_dump(NULL, argv[optind]);
	if (kd == NULL)
		return (STATUS_FAILED);
	md = _kvm_minidump(kd);
	printf("file: %s\n", argv[optind]);
	printf("filesize: %ju\n", (uintmax_t)md->filesize);
	printf("compressed: %s\n", md->nmembers != 0 ? "yes" : "no");
	if (md->nmembers != 0) {
		printf("plainsize: %ju\n", (uintmax_t)md->size);
		printf("members: %ju\n", (uintmax_t)md->nmembers);
	}
	printf("format: minidump\n");
	printf("version: %u\n", (u_int)md->ops->version);
	printf("architecture: %s\n", md->ops->arch);
	printf("kernbase: 0x%jx\n", (uintmax_t)md->kernbase);
	if (md->dmapend != 0) {
		printf("dmapbase: 0x%jx\n", (uintmax_t)md->dmapbase);
		printf("dmapend: 0x%jx\n", (uintmax_t)md->dmapend);
	} else
		printf("paemode: %u\n", md->paemode);
	printf("msgbufsize: %ju\n", (uintmax_t)md->msgbuf.size);
	printf("msgbufoffset: %ju\n", (uintmax_t)md->msgbuf.ofs);
	printf("bitmapsize: %ju\n", (uintmax_t)md->bitmap.size);
	printf("bitmapoffset: %ju\n", (uintmax_t)md->bitmap.ofs);
	printf("ptesize: %ju\n", (uintmax_t)md->ptes.size);
	printf("pteoffset: %ju\n", (uintmax_t)md->ptes.ofs);
	printf("pages: %ju\n", (uintmax_t)md->npages);
	printf("pagesoffset: %ju\n", (uintmax_t)md->pages.ofs);
	if (md->npages > 0) {
		printf("firstpage: 0x%jx\n", (uintmax_t)md->firstpage);
		printf("lastpage: 0x%jx\n", (uintmax_t)md->lastpage);
	}
	printf("missingpages: %ju\n", (uintmax_t)md->nmissing);
	printf("state: %s\n", _kvm_minidump_truncated(md) ? "truncated" :
	    md->nlost > 0 ? "partial" : "complete");
	print_left(md);
	for (i = 0; i < md->nlost; i++)
		printf("notread: bytes %ju-%ju\n",
		    (uintmax_t)md->lost[i].start, (uintmax_t)md->lost[i].end);
	print_messages(kd, argv[optind]);
	kvm_close(kd);
	return (STATUS_OK);
}
