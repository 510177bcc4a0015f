/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Shared by the files of vmcore(8).  Each command has its own file; vmcore.c
 * has the table of them.
 */

#ifndef _VMCORE_H_
#define	_VMCORE_H_

#include <sys/types.h>

#include <kvm.h>
#include <stdio.h>

#include "text.h"

/* The dump for --live; see minidump(4). */
#define	LIVE_FILE	"/dev/minidump"

/* Exit statuses, which commands return. */
enum { STATUS_OK, STATUS_FAILED, STATUS_USAGE };

int	cmd_dmesg(int argc, char **argv);
int	cmd_elf(int argc, char **argv);
int	cmd_gdb(int argc, char **argv);
int	cmd_info(int argc, char **argv);
int	cmd_map(int argc, char **argv);
int	cmd_ps(int argc, char **argv);
int	cmd_read(int argc, char **argv);
int	cmd_report(int argc, char **argv);
int	cmd_save(int argc, char **argv);
int	cmd_verify(int argc, char **argv);

/* Print "vmcore: " and a message to stderr; xwarn() appends errno's message. */
void	xwarn(const char *fmt, ...) __attribute__((__format__(printf, 1, 2)));
void	xwarnx(const char *fmt, ...) __attribute__((__format__(printf, 1, 2)));

/*
 * Print the option that getopt(3) has refused, since getopt() would not escape
 * it.  Returns STATUS_USAGE.
 */
int	unknown_option(char **argv);

/*
 * Open a dump, with "kernel" or NULL, and print the warnings about it.  Returns
 * NULL after printing the reason.
 */
kvm_t	*open_dump(const char *kernel, const char *file);

/*
 * Return the text of the message buffer, oldest first, in "*len" bytes that the
 * caller frees; it may contain NULs.  "*note" is a warning or NULL.  Returns
 * NULL after printing why it cannot be read.
 */
char	*msgbuf_text(kvm_t *kd, const char *file, size_t *len,
	    const char **note);

/*
 * Print the number of pages of each kind, as a table or as members of a JSON
 * object.  "haskernel" is set if kd was opened with a kernel.  Returns -1 after
 * printing why the numbers are incomplete.
 */
struct json;
int	print_kinds(kvm_t *kd, struct json *js, int haskernel);

#endif /* !_VMCORE_H_ */
