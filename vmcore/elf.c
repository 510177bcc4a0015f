/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * vmcore elf: make an ELF core file of a dump.
 */

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core.h"
#include "kernel.h"
#include "output.h"
#include "vmcore.h"

struct elf {
	kvm_t		*kd;
	struct kernel	*kernel;
	const char	*dump;
	int		seekable;
	int		incomplete;
};

static int
write_elf(void *arg, int fd, const char *file)
{
	struct elf *e;

	e = arg;
	return (core_write(e->kd, e->kernel, e->dump, fd, file, e->seekable,
	    &e->incomplete));
}

int
cmd_elf(int argc, char **argv)
{
	struct elf e;
	const char *file, *kernel;
	int ch, error, force, source;

	memset(&e, 0, sizeof(e));
	kernel = NULL;
	force = 0;
	while ((ch = getopt(argc, argv, "fk:")) != -1) {
		switch (ch) {
		case 'f':
			force = 1;
			break;
		case 'k':
			kernel = optarg;
			break;
		default:
			return (STATUS_USAGE);
		}
	}
	if (argc - optind != 2)
		return (STATUS_USAGE);
	e.dump = argv[optind];
	file = argv[optind + 1];
	e.seekable = strcmp(file, "-") != 0;
	if (!e.seekable && isatty(STDOUT_FILENO)) {
		xwarnx("standard output is a terminal");
		return (STATUS_USAGE);
	}
	source = open(e.dump, O_RDONLY);
	if (source == -1) {
		xwarn("%s", e.dump);
		return (STATUS_FAILED);
	}
	error = -1;
	if (!e.seekable || may_write(source, file, force)) {
		e.kd = open_dump(kernel, e.dump);
		if (e.kd != NULL)
			e.kernel = kernel_open(e.kd, e.dump, kernel != NULL);
	}
	if (e.kernel != NULL)
		error = e.seekable ? write_file(source, file, force, write_elf,
		    &e) : write_elf(&e, STDOUT_FILENO, "standard output");
	if (e.kernel != NULL)
		kernel_close(e.kernel);
	if (e.kd != NULL)
		kvm_close(e.kd);
	close(source);
	return (error == 0 && !e.incomplete ? STATUS_OK : STATUS_FAILED);
}
