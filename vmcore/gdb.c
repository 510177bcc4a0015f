/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * vmcore gdb: start gdb with a kernel, its dump as a core file, and the modules
 * that were loaded.
 */

#include <sys/types.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core.h"
#include "gdbfiles.h"
#include "kernel.h"
#include "module.h"
#include "output.h"
#include "vmcore.h"

#define	NPATHS_MAX	64
#define	NARGS		20		/* of gdb, besides the user's */

struct session {
	const char	*gdb;		/* the program */
	const char	*kernel;
	const char	*dump;
	char		*paths[NPATHS_MAX]; /* directories with modules */
	int		npaths;
	char		dir[PATH_MAX];	/* the temporary directory */
	char		core[PATH_MAX + 16];
	char		script[PATH_MAX + 16];
	char		check[PATH_MAX + 16]; /* script: test for Python */
	FILE		*fp;		/* the script */
	u_int		nmodules;	/* so far */
};

/* For end(): what to remove and to kill. */
static struct session *current;
static volatile sig_atomic_t child;

static void
cleanup(struct session *s)
{
	const struct gdb_file *f;
	char file[PATH_MAX + 64];

	unlink(s->core);
	unlink(s->script);
	unlink(s->check);
	for (f = gdb_files; f->name != NULL; f++) {
		snprintf(file, sizeof(file), "%s/%s", s->dir, f->name);
		unlink(file);
	}
	rmdir(s->dir);
}

static void
end(int sig)
{

	if (child > 0)
		kill(child, sig);
	cleanup(current);
	signal(sig, SIG_DFL);
	raise(sig);
}

/* Make the directory for the files. */
static int
begin(struct session *s)
{

	if (make_tempdir(s->dir, sizeof(s->dir)) == -1)
		return (-1);
	snprintf(s->core, sizeof(s->core), "%s/core", s->dir);
	snprintf(s->script, sizeof(s->script), "%s/script", s->dir);
	snprintf(s->check, sizeof(s->check), "%s/check", s->dir);
	current = s;
	set_signals(end);
	return (0);
}

static void
write_thread(const struct thread *td, u_int n, void *arg)
{
	char name[80];
	struct session *s;

	s = arg;
	thread_name(td, name, sizeof(name));
	fprintf(s->fp, "thread apply %u -q thread name %s (pid %d)%s\n", n,
	    name, td->pid, td->cpu != -1 && !td->crashed ?
	    " (was running)" : "");
}

/* Write the core file, and to the script the names of its threads. */
static int
make_core(struct session *s, kvm_t *kd, struct kernel *k)
{
	struct core_job job;
	int error;

	memset(&job, 0, sizeof(job));
	job.kd = kd;
	job.kernel = k;
	job.dump = s->dump;
	job.file = s->core;
	job.seekable = 1;
	job.thread = write_thread;
	job.arg = s;
	job.fd = open(s->core, O_RDWR | O_CREAT | O_EXCL, 0600);
	if (job.fd == -1) {
		xwarn("%s", s->core);
		return (-1);
	}
	/* If it is incomplete, that was reported, and gdb can still use it. */
	error = core_write(&job);
	if (close(job.fd) == -1 && error == 0) {
		xwarn("%s", s->core);
		error = -1;
	}
	return (error);
}

/* The first file in the kernel linker's list is the kernel. */
static void
write_module(const struct module *m, void *arg)
{
	struct session *s;
	char *file;

	s = arg;
	if (s->nmodules++ == 0)
		return;
	file = module_find(m, s->paths, s->npaths);
	if (file == NULL)
		xwarnx("module %s at 0x%jx: file not found; use -m",
		    m->name, (uintmax_t)m->address);
	else
		(void)module_command(s->fp, m, file);
	free(file);
}

/* Write a text file. */
static int
write_lines(const char *file, const char *const *lines)
{
	FILE *fp;
	int fd;

	fd = open(file, O_RDWR | O_CREAT | O_EXCL, 0600);
	fp = fd != -1 ? fdopen(fd, "w") : NULL;
	if (fp == NULL) {
		xwarn("%s", file);
		return (-1);
	}
	for (; *lines != NULL; lines++)
		fputs(*lines, fp);
	if (fclose(fp) == EOF) {
		xwarn("%s", file);
		return (-1);
	}
	return (0);
}

/* Write the Python files, and the script that checks that gdb ran them. */
static int
make_python(const struct session *s)
{
	static const char *const check[] = {
		"if $_isvoid($vmcore_python)\n",
		"echo " GDB_LACKS ": this gdb has no Python\\n\n",
		"end\n",
		NULL
	};
	const struct gdb_file *f;
	char file[PATH_MAX + 64];

	for (f = gdb_files; f->name != NULL; f++) {
		snprintf(file, sizeof(file), "%s/%s", s->dir, f->name);
		if (write_lines(file, f->lines) == -1)
			return (-1);
	}
	return (write_lines(s->check, check));
}

/* Write all files that gdb reads. */
static int
make_files(struct session *s, kvm_t *kd, struct kernel *k)
{
	int error, fd;

	fd = open(s->script, O_RDWR | O_CREAT | O_EXCL, 0600);
	s->fp = fd != -1 ? fdopen(fd, "w") : NULL;
	if (s->fp == NULL) {
		xwarn("%s", s->script);
		return (-1);
	}
	fprintf(s->fp, "set confirm off\n");
	error = make_python(s);
	if (error == 0)
		error = make_core(s, kd, k);
	if (error == 0)
		(void)kernel_modules(k, write_module, s);
	fprintf(s->fp, "set confirm on\n");
	if (fclose(s->fp) == EOF) {
		xwarn("%s", s->script);
		error = -1;
	}
	return (error);
}

static void
exec_gdb(const struct session *s, int argc, char **argv)
{
	char check[PATH_MAX + 64], python[PATH_MAX + 64], source[PATH_MAX + 64];
	char **args;
	int i, n;

	args = calloc(argc + NARGS, sizeof(*args));
	if (args == NULL)
		_exit(127);
	/* Hide the messages about each symbol file. */
	snprintf(source, sizeof(source), "pipe source %s | cat >/dev/null",
	    s->script);
	snprintf(python, sizeof(python), "source %s/%s", s->dir, GDB_MAIN);
	snprintf(check, sizeof(check), "source %s", s->check);
	n = 0;
	args[n++] = strdup(s->gdb);
	args[n++] = strdup("-q");
	args[n++] = strdup("-iex");
	args[n++] = strdup("set print thread-events off");
	/*
	 * Kernels linked on FreeBSD have its OS ABI.  A gdb built without
	 * FreeBSD support would select that, and then not find the registers,
	 * which are in Linux notes.
	 */
	args[n++] = strdup("-iex");
	args[n++] = strdup("set osabi GNU/Linux");
	args[n++] = strdup("-ex");
	args[n++] = source;
	args[n++] = strdup("-ex");
	args[n++] = python;
	args[n++] = strdup("-ex");
	args[n++] = check;
	for (i = 0; i < argc; i++)
		args[n++] = argv[i];
	args[n++] = strdup("--");
	args[n++] = strdup(s->kernel);
	args[n++] = strdup(s->core);
	execvp(s->gdb, args);
	xwarn("%s", s->gdb);
	_exit(127);
}

/* Run gdb, and wait for it.  Returns the exit status of this command. */
static int
run_gdb(const struct session *s, int argc, char **argv)
{
	int status;

	/* The terminal sends these to gdb as well, which handles them. */
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	child = fork();
	if (child == -1) {
		xwarn("fork");
		return (STATUS_FAILED);
	}
	if (child == 0) {
		signal(SIGHUP, SIG_DFL);
		signal(SIGINT, SIG_DFL);
		signal(SIGQUIT, SIG_DFL);
		signal(SIGTERM, SIG_DFL);
		exec_gdb(s, argc, argv);
	}
	while (waitpid(child, &status, 0) == -1)
		if (errno != EINTR) {
			xwarn("waiting for %s", s->gdb);
			return (STATUS_FAILED);
		}
	return (WIFEXITED(status) && WEXITSTATUS(status) == 0 ? STATUS_OK :
	    STATUS_FAILED);
}

/* Add the directories in a colon-separated list. */
static int
add_paths(struct session *s, char *list)
{
	char *path;

	for (; list != NULL; s->paths[s->npaths++] = path) {
		path = strsep(&list, ":");
		if (s->npaths == NPATHS_MAX) {
			xwarnx("-m: more than %d directories", NPATHS_MAX);
			return (-1);
		}
	}
	return (0);
}

/* Return the directory of a file in memory that the caller frees. */
static char *
directory_of(const char *file)
{
	char *dir, *slash;

	dir = strdup(strchr(file, '/') != NULL ? file : ".");
	if (dir == NULL)
		return (NULL);
	slash = strrchr(dir, '/');
	if (slash != NULL)
		slash[slash == dir] = '\0';
	return (dir);
}

static int
start(struct session *s, int argc, char **argv)
{
	struct kernel *k;
	kvm_t *kd;
	int error;

	kd = open_dump(s->kernel, s->dump);
	if (kd == NULL)
		return (STATUS_FAILED);
	error = -1;
	k = kernel_open(kd, s->dump, 1);
	if (k != NULL) {
		if (begin(s) == 0)
			error = make_files(s, kd, k);
		kernel_close(k);
	}
	kvm_close(kd);
	if (error == 0)
		error = run_gdb(s, argc, argv);
	if (s->dir[0] != '\0')
		cleanup(s);
	return (error == -1 ? STATUS_FAILED : error);
}

int
cmd_gdb(int argc, char **argv)
{
	static struct session s;
	char *dir;
	int ch, status;

	s.gdb = getenv("GDB");
	if (s.gdb == NULL || s.gdb[0] == '\0')
		s.gdb = "gdb";
	/* Arguments after the dump are gdb's. */
	while ((ch = getopt(argc, argv, "+G:m:")) != -1) {
		switch (ch) {
		case 'G':
			s.gdb = optarg;
			break;
		case 'm':
			if (add_paths(&s, optarg) == -1)
				return (STATUS_USAGE);
			break;
		default:
			return (unknown_option(argv));
		}
	}
	argc -= optind;
	argv += optind;
	if (argc < 2)
		return (STATUS_USAGE);
	s.kernel = argv[0];
	s.dump = argv[1];
	argc -= 2;
	argv += 2;
	if (argc > 0 && strcmp(argv[0], "--") == 0) {
		argc--;
		argv++;
	}
	dir = directory_of(s.kernel);
	if (dir == NULL || s.npaths == NPATHS_MAX) {
		xwarnx("%s: no room for its directory", s.kernel);
		return (STATUS_FAILED);
	}
	s.paths[s.npaths++] = dir;
	status = start(&s, argc, argv);
	free(dir);
	return (status);
}
