/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The Python files of vmcore/gdb, for vmcore gdb.  They are installed, but also
 * compiled in, so that the command needs no other file.
 */

#ifndef _GDBFILES_H_
#define	_GDBFILES_H_

#define	GDB_MAIN	"vmcore.py"	/* loads the others */
/* The start of the message that gdb prints if it cannot use them. */
#define	GDB_LACKS	"vmcore: backtraces end at traps, and there are no " \
			    "kernel commands"

struct gdb_file {
	const char	*name;
	const char	*const *lines;	/* with newlines; ends with NULL */
};

extern const struct gdb_file gdb_files[];	/* the last has no name */

#endif /* !_GDBFILES_H_ */
