/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * vmcore(8): open, copy and read crash dumps, on any host.  Here is main(), and
 * the table of the commands, each of which has a file of its own.
 */

#include <string.h>
#include <unistd.h>

#include "vmcore.h"

/* A command: what help tells of it, and what runs it. */
static const struct command {
	const char	*name;
	int		(*run)(int argc, char **argv);
	const char	*args;
	const char	*summary;
	const char	*options;	/* a line each, or more; "" for none */
} commands[] = {
	{ "save", cmd_save,
	    "[-d | -z] [-fi] [-p place] [--clear] disk file",
	    "copy a dump off the disk that it was written on",
	    "  -d, --decompress  decompress the dump if it is compressed\n"
	    "  -z, --compress    compress it if it is not\n"
	    "  -f, --force       replace the file; save a dump that was saved "
	    "before or is damaged\n"
	    "  -i, --info        write what is printed to file.info as well\n"
	    "  -p, --place place which of the dumps, if there are several\n"
	    "      --clear       mark the dump on the disk as saved\n" },
	{ "info", cmd_info, "[-v] [-k kernel] [--json] file",
	    "what a dump tells of itself",
	    "  -v, --verbose     how many pages of each kind there are\n"
	    "  -k kernel         which of them are this kernel's\n"
	    "      --json        print it as JSON\n" },
	{ "map", cmd_map, "[-k kernel] [--json | -o picture] file | --live",
	    "what of memory is in a dump, as a map",
	    "  -k kernel         needed for the page tables of a full dump\n"
	    "      --json        print it as JSON\n"
	    "      --live        of this machine: /dev/minidump\n"
	    "  -o picture        draw it: as SVG; the name ends with .svg\n"
	    },
	{ "dmesg", cmd_dmesg, "[-k kernel] file",
	    "the kernel's messages",
	    "  -k kernel         find the oldest by the symbols of this "
	    "kernel\n" },
	{ "read", cmd_read,
	    "[-s | -u] [kernel] file symbol | address [length]",
	    "memory of the kernel, by symbol or 0x address",
	    "  -s                print a string\n"
	    "  -u                print an unsigned number of 1, 2, 4 or 8 "
	    "bytes\n" },
	{ "verify", cmd_verify, "file",
	    "check all of a dump's structure",
	    "" },
	{ "ps", cmd_ps, "[--json] [kernel] file",
	    "the processes and threads of the kernel that crashed",
	    "      --json        print them as JSON\n" },
	{ "elf", cmd_elf, "[-f] [-k kernel] file core | -",
	    "make an ELF core file of a dump, for gdb",
	    "  -f                replace the file\n"
	    "  -k kernel         find the threads by this kernel's symbols\n" },
	{ "gdb", cmd_gdb,
	    "[-G gdb] [-m folder[:folder ...]] kernel file [argument ...]",
	    "debug the kernel with gdb; arguments are gdb's",
	    "  -G gdb            the gdb to run\n"
	    "  -m folder:...     where modules are looked for\n" },
	{ "report", cmd_report,
	    "[-f] [-G gdb] [-m folder[:folder ...]] [--json] [-o page] "
	    "[kernel] file",
	    "what went wrong, for a person to read",
	    "  -f                replace the page\n"
	    "  -G gdb            the gdb to run\n"
	    "  -m folder:...     where modules are looked for\n"
	    "      --json        print it as JSON\n"
	    "  -o page           make a page of HTML; - is standard output\n" },
};
#define	NCOMMANDS	(sizeof(commands) / sizeof(commands[0]))

static void
print_usage(FILE *fp, const struct command *cmd, const char *prefix)
{

	fprintf(fp, "%6s vmcore %s %s\n", prefix, cmd->name, cmd->args);
}

/* Tell how the command has to be called, after it was not. */
static int
usage(const struct command *cmd)
{

	print_usage(stderr, cmd, "usage:");
	return (STATUS_USAGE);
}

static int
usage_all(void)
{
	u_int i;

	for (i = 0; i < NCOMMANDS; i++)
		print_usage(stderr, &commands[i], i == 0 ? "usage:" : "");
	fprintf(stderr, "       vmcore help [command]\n");
	return (STATUS_USAGE);
}

static void
help(const struct command *cmd)
{

	print_usage(stdout, cmd, "usage:");
	printf("%s\n\n%s      --help        print this\n", cmd->summary,
	    cmd->options);
}

static void
help_all(void)
{
	u_int i;

	printf("usage: vmcore command [option ...] argument ...\n"
	    "Save and read crash dumps of FreeBSD kernels.\n\n");
	for (i = 0; i < NCOMMANDS; i++)
		printf("  %-8s %s\n", commands[i].name, commands[i].summary);
	printf("  %-8s this, or the options of a command\n\n"
	    "vmcore command --help tells the same.  The exit status is %d if "
	    "all was done,\n%d if something failed or is wrong with the "
	    "dump, %d if the arguments are wrong.\n", "help", STATUS_OK,
	    STATUS_FAILED, STATUS_USAGE);
}

static const struct command *
find_command(const char *name)
{
	u_int i;

	for (i = 0; i < NCOMMANDS; i++)
		if (strcmp(name, commands[i].name) == 0)
			return (&commands[i]);
	xwarnx("%s: no such command", name);
	return (NULL);
}

/* vmcore help [command] */
static int
cmd_help(int argc, char **argv)
{
	const struct command *cmd;

	if (argc < 2)
		help_all();
	else {
		cmd = find_command(argv[1]);
		if (cmd == NULL || argc > 2)
			return (usage_all());
		help(cmd);
	}
	return (STATUS_OK);
}

static int
run(int argc, char **argv)
{
	const struct command *cmd;
	int i, status;

	if (argc < 2)
		return (usage_all());
	if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0)
		return (cmd_help(argc - 1, argv + 1));
	cmd = find_command(argv[1]);
	if (cmd == NULL)
		return (usage_all());
	/* What is behind the options may not be ours. */
	for (i = 2; i < argc && argv[i][0] == '-' && strcmp(argv[i],
	    "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0) {
			help(cmd);
			return (STATUS_OK);
		}
	opterr = 0;
	status = (*cmd->run)(argc - 1, argv + 1);
	return (status == STATUS_USAGE ? usage(cmd) : status);
}

int
main(int argc, char **argv)
{
	int status;

	status = run(argc, argv);
	if (fflush(stdout) == EOF || ferror(stdout)) {
		xwarn("standard output");
		return (STATUS_FAILED);
	}
	return (status);
}
