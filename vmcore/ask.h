/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What other commands of vmcore tell, for vmcore report: each runs in a process
 * of its own, so that one that ends early ends only itself, and its output goes
 * to a file in a temporary folder.
 */

#ifndef _ASK_H_
#define	_ASK_H_

#include <limits.h>

/* The files: what the last command printed, and two that some make. */
enum { FILE_OUT, FILE_ERR, FILE_GDB, FILE_MAP, NFILES };

struct asker {
	char	dir[PATH_MAX];
	char	file[NFILES][PATH_MAX + 16];
};

/* Make the folder, which goes away with ask_end(), or if a signal ends all. */
int	ask_begin(struct asker *a);
void	ask_end(const struct asker *a);

/* Run a command with these arguments, to a NULL.  Returns its status. */
int	ask(const struct asker *a, int (*cmd)(int, char **), ...);

/* All of a small file, which the caller frees; NULL if there is none. */
char	*ask_contents(const char *file);

/* The last lines that the command has printed about itself, as one. */
char	*ask_reasons(const struct asker *a);

/* What vmcore gdb has gdb say when it lacks something; NULL: nothing. */
char	*ask_complaint(const struct asker *a);

#endif /* !_ASK_H_ */
