/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * vmcore(8): what its files have in common.  There is one file a command, and
 * the table of them in vmcore.c.
 */

#ifndef _VMCORE_H_
#define	_VMCORE_H_

#include <sys/types.h>

#include <kvm.h>
#include <stdio.h>

#include "text.h"

/* What is read in place of a dump for --live: see minidump(4). */
#define	LIVE_FILE	"/dev/minidump"

/* Exit statuses, and what a command returns. */
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

/* Print "vmcore: " and a message to stderr; xwarn() adds what errno means. */
void	xwarn(const char *fmt, ...) __attribute__((__format__(printf, 1, 2)));
void	xwarnx(const char *fmt, ...) __attribute__((__format__(printf, 1, 2)));

/*
 * What getopt(3) has refused, of a command's arguments: print it, as getopt()
 * would not escape it.  Returns STATUS_USAGE.
 */
int	unknown_option(char **argv);

/*
 * Open a dump, with "kernel" or with NULL, and print what a user should know of
 * it.  Returns NULL after printing why it cannot be opened.
 */
kvm_t	*open_dump(const char *kernel, const char *file);

/*
 * The text of the dump's message buffer, oldest first, "*len" bytes that the
 * caller frees; NULs are part of it.  "*note" is NULL or says what a user
 * should know of it.  Returns NULL after printing why it cannot be read.
 */
char	*msgbuf_text(kvm_t *kd, const char *file, size_t *len,
	    const char **note);

/*
 * Print how many pages of each kind there are, as a table or as members of an
 * object; "haskernel" tells that kd was opened with one.  Returns -1 after
 * printing why not all of them could be told.
 */
struct json;
int	print_kinds(kvm_t *kd, struct json *js, int haskernel);

#endif /* !_VMCORE_H_ */
