/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * vmcore dmesg: prints the kernel's messages.
 */

#include <stdlib.h>
#include <unistd.h>

#include "vmcore.h"

int
cmd_dmesg(int argc, char **argv)
{
	const char *file, *kernel, *note;
	char *text;
	kvm_t *kd;
	size_t len;
	int ch;

	kernel = NULL;
	while ((ch = getopt(argc, argv, "k:")) != -1) {
		if (ch != 'k')
			return (unknown_option(argv));
		kernel = optarg;
	}
	if (argc - optind != 1)
		return (STATUS_USAGE);
	file = argv[optind];
	kd = open_dump(kernel, file);
	if (kd == NULL)
		return (STATUS_FAILED);
	text = msgbuf_text(kd, file, &len, &note);
	kvm_close(kd);
	if (text == NULL)
		return (STATUS_FAILED);
	if (note != NULL)
		xwarnx("warning: %s: %s", file, note);
	while (len > 0 && text[len - 1] == '\0')
		len--;
	print_text(stdout, text, len);
	if (len > 0 && text[len - 1] != '\n')
		putchar('\n');
	free(text);
	return (STATUS_OK);
}
