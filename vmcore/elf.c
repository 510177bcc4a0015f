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
#include "gdbfiles.h"
#include "kernel.h"
#include "output.h"
#include "vmcore.h"

static int
write_elf(void *arg, int fd, const char *file)
{
	struct core_job *job;

	job = arg;
	job->fd = fd;
	job->file = file;
	return (core_write(job));
}

int
cmd_elf(int argc, char **argv)
{
	struct core_job job;
	const char *file, *kernel;
	int ch, error, force, source;

	memset(&job, 0, sizeof(job));
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
			return (unknown_option(argv));
		}
	}
	if (argc - optind != 2)
		return (STATUS_USAGE);
	job.dump = argv[optind];
	file = argv[optind + 1];
	job.seekable = strcmp(file, "-") != 0;
	if (!job.seekable && isatty(STDOUT_FILENO)) {
		xwarnx("standard output is a terminal");
		return (STATUS_USAGE);
	}
	source = open(job.dump, O_RDONLY);
	if (source == -1) {
		xwarn("%s", job.dump);
		return (STATUS_FAILED);
	}
	error = -1;
	if (!job.seekable || may_write(source, file, force)) {
		job.kd = open_dump(kernel, job.dump);
		if (job.kd != NULL)
			job.kernel = kernel_open(job.kd, job.dump,
			    kernel != NULL);
	}
	if (job.kernel != NULL)
		error = job.seekable ?
		    write_file(source, file, force, write_elf, &job) :
		    write_elf(&job, STDOUT_FILENO, "standard output");
	if (error == 0 && kernel_isbranded(job.kernel))
		xwarnx("%s: a gdb without support for FreeBSD has to be "
		    "started with -iex \"set osabi GNU/Linux\"", job.file);
	if (error == 0)
		xwarnx("%s: \"source %s/%s\" makes gdb unwind through traps",
		    job.file, DATADIR, GDB_MAIN);
	if (job.kernel != NULL)
		kernel_close(job.kernel);
	if (job.kd != NULL)
		kvm_close(job.kd);
	close(source);
	return (error == 0 && !job.incomplete ? STATUS_OK : STATUS_FAILED);
}
