/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What vmcore gdb gives to gdb: the files of vmcore/gdb, which are installed as
 * well.  They are in the command, too, so that it needs no other file.
 */

#ifndef _GDBFILES_H_
#define	_GDBFILES_H_

#define	GDB_MAIN	"vmcore.py"	/* the one that gdb is told of */
/* How that begins what gdb says if it cannot use them. */
#define	GDB_LACKS	"vmcore: backtraces end at traps, and there are no " \
			    "commands for kernels"

struct gdb_file {
	const char	*name;
	const char	*const *lines;	/* each with its newline; then NULL */
};

extern const struct gdb_file gdb_files[];	/* the last has no name */

#endif /* !_GDBFILES_H_ */
