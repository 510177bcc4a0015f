/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * vmcore(8): open, copy and read crash dumps, on any host.
 */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "vmcore.h"

static const struct command {
	const char	*name;
	int		(*run)(int argc, char **argv);
	const char	*args;
} commands[] = {
	{ "save",	cmd_save,	"[-d | -z] [-fi] [--clear] disk file" },
	{ "info",	cmd_info,	"file" },
	{ "dmesg",	cmd_dmesg,	"[-k kernel] file" },
	{ "read",	cmd_read,
	    "[-s | -u] kernel file symbol | address [length]" },
	{ "verify",	cmd_verify,	"file" },
	{ "ps",		cmd_ps,		"[kernel] file" },
	{ "elf",	cmd_elf,	"[-f] [-k kernel] file core | -" },
	{ "gdb",	cmd_gdb,
	    "[-G gdb] [-m folder[:folder ...]] kernel file [argument ...]" },
};
#define	NCOMMANDS	(sizeof(commands) / sizeof(commands[0]))

static void __attribute__((__format__(printf, 2, 0)))
vwarn(int error, const char *fmt, va_list ap)
{

	fflush(stdout);
	fputs("vmcore: ", stderr);
	vfprintf(stderr, fmt, ap);
	if (error != 0)
		fprintf(stderr, ": %s", strerror(error));
	fputc('\n', stderr);
}

void
xwarn(const char *fmt, ...)
{
	va_list ap;
	int error;

	error = errno;
	va_start(ap, fmt);
	vwarn(error, fmt, ap);
	va_end(ap);
}

void
xwarnx(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vwarn(0, fmt, ap);
	va_end(ap);
}

kvm_t *
open_dump(const char *kernel, const char *file)
{
	char errbuf[_POSIX2_LINE_MAX];
	const char *warning;
	kvm_t *kd;
	u_int i;

	kd = kvm_openfiles(kernel, file, NULL, O_RDONLY, errbuf);
	if (kd == NULL) {
		xwarnx("%s", errbuf);
		return (NULL);
	}
	for (i = 0; (warning = kvm_warning(kd, i)) != NULL; i++)
		xwarnx("warning: %s", warning);
	return (kd);
}

void
print_text(FILE *fp, const char *text, size_t len)
{

	for (; len > 0; text++, len--) {
		if (*text == '\0')
			continue;
		if ((*text >= ' ' && *text <= '~') || *text == '\n' ||
		    *text == '\t')
			putc(*text, fp);
		else
			fprintf(fp, "\\%03o", (u_char)*text);
	}
}

void
print_line(FILE *fp, const char *text, size_t size)
{
	const char *end;

	end = memchr(text, '\0', size);
	if (end != NULL)
		size = end - text;
	print_text(fp, text, size);
	if (size == 0 || text[size - 1] != '\n')
		putc('\n', fp);
}

/* Print how to use one command, or all if "only" is NULL. */
static int
usage(const struct command *only)
{
	const char *prefix;
	u_int i;

	prefix = "usage:";
	for (i = 0; i < NCOMMANDS; i++) {
		if (only != NULL && only != &commands[i])
			continue;
		fprintf(stderr, "%6s vmcore %s %s\n", prefix, commands[i].name,
		    commands[i].args);
		prefix = "";
	}
	return (STATUS_USAGE);
}

int
main(int argc, char **argv)
{
	int status;
	u_int i;

	if (argc < 2)
		return (usage(NULL));
	for (i = 0; i < NCOMMANDS; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			break;
	if (i == NCOMMANDS) {
		xwarnx("%s: no such command", argv[1]);
		return (usage(NULL));
	}
	status = (*commands[i].run)(argc - 1, argv + 1);
	if (status == STATUS_USAGE)
		return (usage(&commands[i]));
	if (fflush(stdout) == EOF || ferror(stdout)) {
		xwarn("standard output");
		return (STATUS_FAILED);
	}
	return (status);
}
