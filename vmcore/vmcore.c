/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * vmcore(8): saves and reads crash dumps, on any host.  main(), and the table
 * of commands, each of which has its own file.
 */

#include <string.h>
#include <unistd.h>

#include "vmcore.h"

static const struct command {
	const char	*name;
	int		(*run)(int argc, char **argv);
	const char	*args;
	const char	*summary;
	const char	*options;	/* lines of text, or "" */
} commands[] = {
	{ "save", cmd_save,
	    "[-d | -z] [-fi] [-p place] [--clear] disk file",
	    "copy a dump from the disk that it was written to",
	    "  -d, --decompress  decompress the dump if it is compressed\n"
	    "  -z, --compress    compress it if it is not\n"
	    "  -f, --force       replace the file; save a dump that was saved "
	    "before or is damaged\n"
	    "  -i, --info        also write the output to file.info\n"
	    "  -p, --place place which dump, if there are several\n"
	    "      --clear       mark the dump on the disk as saved\n" },
	{ "info", cmd_info, "[-v] [-k kernel] [--json] file",
	    "describe a dump",
	    "  -v, --verbose     also print the number of pages of each kind\n"
	    "  -k kernel         find this kernel's pages among them\n"
	    "      --json        print JSON\n" },
	{ "map", cmd_map, "[-k kernel] [--json | -o picture] file | --live",
	    "show which parts of memory are in a dump",
	    "  -k kernel         needed for the page tables of a full dump\n"
	    "      --json        print JSON\n"
	    "      --live        use /dev/minidump of this machine\n"
	    "  -o picture        write an SVG file; the name ends with .svg\n"
	    },
	{ "dmesg", cmd_dmesg, "[-k kernel] file",
	    "print the kernel's messages",
	    "  -k kernel         find the oldest by the symbols of this "
	    "kernel\n" },
	{ "read", cmd_read,
	    "[-s | -u] [kernel] file symbol | address [length]",
	    "print memory of the kernel, by symbol or 0x address",
	    "  -s                print a string\n"
	    "  -u                print an unsigned number of 1, 2, 4 or 8 "
	    "bytes\n" },
	{ "verify", cmd_verify, "file",
	    "check the structure of a whole dump",
	    "" },
	{ "ps", cmd_ps, "[--json] [kernel] file",
	    "list the processes and threads of the kernel that crashed",
	    "      --json        print JSON\n" },
	{ "elf", cmd_elf, "[-f] [-k kernel] file core | -",
	    "make an ELF core file of a dump, for gdb",
	    "  -f                replace the file\n"
	    "  -k kernel         find the threads by this kernel's symbols\n" },
	{ "gdb", cmd_gdb,
	    "[-G gdb] [-m dir[:dir ...]] kernel file [argument ...]",
	    "debug the kernel with gdb; arguments are passed to gdb",
	    "  -G gdb            the gdb to run\n"
	    "  -m dir:...        where to look for modules\n" },
	{ "report", cmd_report,
	    "[-f] [-G gdb] [-m dir[:dir ...]] [--json] [-o page] "
	    "[kernel] file",
	    "report what went wrong",
	    "  -f                replace the page\n"
	    "  -G gdb            the gdb to run\n"
	    "  -m dir:...        where to look for modules\n"
	    "      --json        print JSON\n"
	    "  -o page           write an HTML page; - is standard output\n" },
};
#define	NCOMMANDS	(sizeof(commands) / sizeof(commands[0]))

static void
print_usage(FILE *fp, const struct command *cmd, const char *prefix)
{

	fprintf(fp, "%6s vmcore %s %s\n", prefix, cmd->name, cmd->args);
}

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
	    "vmcore command --help also prints its options.  The exit status "
	    "is %d on success,\n%d if something failed or is wrong with the "
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
	/* Arguments after the options may be gdb's. */
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
