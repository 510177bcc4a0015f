/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Runs other vmcore commands for vmcore report.  Each has its own process, so
 * that a crash or an exit ends only that command, and writes its output to a
 * file in a temporary directory.
 */

#ifndef _ASK_H_
#define	_ASK_H_

#include <limits.h>

/* The output of the last command, and files that some commands write. */
enum { FILE_OUT, FILE_ERR, FILE_GDB, FILE_MAP, NFILES };

struct asker {
	char	dir[PATH_MAX];
	char	file[NFILES][PATH_MAX + 16];
};

/* Make the directory.  ask_end() removes it, and so does a fatal signal. */
int	ask_begin(struct asker *a);
void	ask_end(const struct asker *a);

/* Run a command with these arguments, ended by NULL.  Returns its status. */
int	ask(const struct asker *a, int (*cmd)(int, char **), ...);

/* Read a small file into memory that the caller frees; NULL on failure. */
char	*ask_contents(const char *file);

/* Return the last error messages of the command, joined. */
char	*ask_reasons(const struct asker *a);

/* Return the message that gdb lacks a feature; NULL if there was none. */
char	*ask_complaint(const struct asker *a);

#endif /* !_ASK_H_ */
