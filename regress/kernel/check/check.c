/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * check CASE OUTCOME DIR [FILL]: compare what a guest left in DIR (see
 * ../guest) with its manifest, and print a line for each promise.  FILL is what
 * every byte of the disk was before (default 0), but for the first 64 KiB.  If
 * OUTCOME is "guard" it may have ended in any way, and only what no guest may
 * write is looked at.
 *
 * The dump is taken apart here and in gz.c by the facts of the format alone,
 * without the headers and the library under test; check_kvm() reads it through
 * the latter.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

/* How a guest can end. */
static const struct outcome {
	const char	*name;
	const char	*status;
	int		dumps;		/* that are begun, */
	int		ends;		/* and say how they end */
	int		writes;		/* something */
	int		valid;		/* the last is; 2: nothing mapped, */
	int		nleft;		/* without so many kinds of pages */
	const char	*message[2];	/* on the console, in this order */
} outcomes[] = {
	{ "dump",	"1",	1, 1, 1, 1, 0,	{ "Dump complete\n", NULL } },
	{ "left0",	"1",	1, 1, 1, 1, 0,	{ "Dump complete\n", NULL } },
	{ "left1",	"1",	1, 1, 1, 1, 1,
	    { "Leaving out buffer cache: ", "Dump complete\n" } },
	{ "left2",	"1",	1, 1, 1, 1, 2,
	    { "Leaving out pipe buffers: ", "Dump complete\n" } },
	{ "left3",	"1",	1, 1, 1, 1, 3,
	    { "Leaving out exec arguments: ", "Dump complete\n" } },
	{ "left4",	"1",	1, 1, 1, 1, 4,
	    { "Leaving out vm_page array: ", "Dump complete\n" } },
	{ "again",	"1",	2, 2, 1, 1, 0,
	    { "Dump aborted\n", "Dump complete\n" } },
	{ "abort",	"1",	1, 1, 1, 0, 0,
	    { "Dump aborted\n", NULL } },
	/* At four points, then another dump; keys that are not Ctrl-C. */
	{ "aborts",	"1",	5, 5, 1, 1, 0,
	    { "Dump aborted\n", "Dump complete\n" } },
	{ "keys",	"1",	1, 1, 1, 1, 0,
	    { " (CTRL-C to abort) ", "Dump complete\n" } },
	/* No page tables at all. */
	{ "bare",	"1",	1, 1, 1, 2, 0,
	    { "No message buffer at ", "Dump complete\n" } },
	/* The disk fails; the dump code itself panics, or faults. */
	{ "eio",	"1",	1, 1, 1, 0, 0,
	    { "Dump failed: ", ": error 5\n" } },
	{ "retry",	"1",	2, 2, 1, 1, 0,
	    { ": error 5\n", "Dump complete\n" } },
	{ "panics",	"1",	1, 0, 1, 0, 0,
	    { "Dumping ", "panic: write " } },
	{ "faults",	"3",	1, 0, 1, 0, 0,
	    { "Dumping ", "panic: trap 14\n" } },
	/* A CPU runs on, another is to go on where the panic is not. */
	{ "unrest",	"1",	1, 1, 1, 1, 0,
	    { "CPU 1 has not come to rest\n", "Dump complete\n" } },
	{ "unrest0",	"1",	1, 1, 1, 1, 0,
	    { "CPU 0 has not come to rest\n", "Dump complete\n" } },
	/* It was read before, and other CPUs run on. */
	{ "live",	"1",	1, 1, 1, 1, 0,
	    { "CPU 1 has not come to rest\n", "Dump complete\n" } },
	/* It faults, and the debugger begins another. */
	{ "refault",	"1",	2, 1, 1, 1, 0,
	    { "trap 14 ", "Dump complete\n" } },
	/* A request that never ends is given up. */
	{ "stuck",	"1",	1, 1, 1, 1, 0,
	    { "no answer to command ", "Dump complete\n" } },
	/* The device has larger blocks. */
	{ "refused",	"1",	1, 1, 0, 0, 0,
	    { "Dump failed: the device has blocks of 4096 bytes, not 512\n",
	    NULL } },
	/* Everything was tried; nothing was, as that was clear before. */
	{ "tried",	"1",	1, 1, 1, 0, 4,
	    { "Leaving out vm_page array: ", "Dump failed: device too " } },
	{ "small",	"1",	1, 1, 0, 0, 4,
	    { "Leaving out vm_page array: ", "Dump failed: device too " } },
	{ "full",	"2",	1, 0, 0, 0, 0,
	    { "full dump requested\n", NULL } },
};
#define	NOUTCOMES	(sizeof(outcomes) / sizeof(outcomes[0]))

/* How many lines of the console begin with "what". */
static int
lines(const struct dump *d, const char *what)
{
	const char *p;
	int n;

	n = 0;
	for (p = d->console; (p = strstr(p, what)) != NULL; p++)
		n += p == d->console || p[-1] == '\n';
	return (n);
}

static void
check_outcome(const struct outcome *op, const struct manifest *m,
    const struct dump *d)
{
	const char *p, *at;
	int ends, i;

	promise("ends as it should");
	if (m->ndumps != op->dumps)
		fail("%d dumps, not %d", m->ndumps, op->dumps);
	ends = lines(d, "Dump complete") + lines(d, "Dump aborted") +
	    lines(d, "Dump failed");
	if (ends != op->ends || lines(d, "Dump complete") > 1)
		fail("%d lines say how a dump ended, not %d", ends, op->ends);
	at = d->console;
	for (i = 0; i < 2 && op->message[i] != NULL; i++) {
		p = strstr(at, op->message[i]);
		if (p == NULL) {
			fail("the console has no \"%.*s\" after byte %td",
			    (int)strcspn(op->message[i], "\n"),
			    op->message[i], at - d->console);
			break;
		}
		at = p + strlen(op->message[i]);
	}
	kept("%s", "");
}

static char *
last_line(struct dump *d)
{
	char *p;

	while (d->consolelen > 0 && d->console[d->consolelen - 1] == '\n')
		d->console[--d->consolelen] = '\0';
	p = strrchr(d->console, '\n');
	return (p != NULL ? p + 1 : d->console);
}

static void
check_dump(struct manifest *m, struct dump *d, int fill, int first)
{

	if (!check_device(m, d))
		return;
	/* What does not fit shows only when it has been written. */
	check_untouched(m, d, d->nleft > 0 ? 0 :
	    d->stored - d->disk.map - HEADER, fill);
	if (first)
		check_writes(m, d);
	write_core(d, "core");
	check_form(m, d);
	if (d->core == NULL)
		return;
	if (d->nmembers != 0)
		check_gunzip(d, "core");
	if (!check_header(m, d))
		return;
	if (d->nleft > 0)
		check_leftout(m, d);
	check_skipped(m, d);
	check_memory(m, d);
	if (d->nmembers != 0 && d->nleft == 0 && !d->bare)
		check_growth(m, d);
	if (!d->bare)
		check_text(m, "kernel");
	check_asking(m);
	check_size(m, d);
	check_kvm(m, d, "kernel", "core");
	check_live(m, d);
}

int
main(int argc, char **argv)
{
	const struct outcome *op;
	struct manifest m;
	struct dump d;
	char *status;
	size_t len;
	int fill;

	if (argc < 4 || argc > 5) {
		fprintf(stderr, "usage: check case outcome directory [fill]\n");
		return (2);
	}
	promise_case = argv[1];
	fill = argc > 4 ? atoi(argv[4]) : 0;
	for (op = outcomes; op < outcomes + NOUTCOMES; op++)
		if (strcmp(op->name, argv[2]) == 0)
			break;
	if (op == outcomes + NOUTCOMES && strcmp(argv[2], "guard") != 0)
		die("%s: no such outcome", argv[2]);
	if (chdir(argv[3]) == -1)
		die("%s: %s", argv[3], strerror(errno));

	memset(&d, 0, sizeof(d));
	disk_open(&d.disk, "disk");
	if (op == outcomes + NOUTCOMES) {
		check_guard(&d, fill);
		return (promise_status());
	}

	status = read_file("status", &len);
	status[strcspn(status, "\n")] = '\0';
	d.console = read_file("console", &d.consolelen);
	if (strcmp(status, op->status) != 0)
		die("the guest's status is %s; the console's last line: %s",
		    status, last_line(&d));
	manifest_read(&m, "manifest");
	/* Another CPU opens or reads /dev/minidump when the dump begins. */
	m.shown = strcmp(op->name, "live") == 0;

	check_outcome(op, &m, &d);
	d.nleft = op->nleft;
	d.bare = op->valid == 2;
	if (op->valid) {
		check_dump(&m, &d, fill, op->dumps == 1);
		return (promise_status());
	}
	if (op->writes) {
		promise("there is no header behind the unfinished dump");
		if (memcmp(d.disk.map + m.mediaoffset + m.mediasize - HEADER,
		    "FreeBSD Kernel Dump", 20) == 0)
			fail("there is one");
		kept("%s", "");
		check_untouched(&m, &d, 0, fill);
	} else
		check_nothing(&m, &d, fill);
	if (op->ends == 0 && op->writes)
		check_stopped(&m);
	if (op->nleft != 0)
		check_small(&m, &d);
	return (promise_status());
}
