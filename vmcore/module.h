/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The files of loaded modules, for vmcore gdb.
 */

#ifndef _MODULE_H_
#define	_MODULE_H_

#include <stdio.h>

#include "kernel.h"

/*
 * Find the file with a module's symbols in one of "npaths" directories.
 * Returns its name, which the caller frees, or NULL.
 */
char	*module_find(const struct module *m, char *const *paths, int npaths);

/*
 * Write the gdb command that reads the symbols of "file" as the module m.
 * Returns 0, or -1 after printing why it cannot be that module.
 */
int	module_command(FILE *fp, const struct module *m, const char *file);

#endif /* !_MODULE_H_ */
