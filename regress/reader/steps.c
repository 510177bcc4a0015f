/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * steps folder < steps: does what regress/reader/run asks for, in order.
 *
 * Starting a program, from sh and with the compiler's checks or under
 * emulation, takes much longer than most tests run.  So sh only lists the
 * steps, and all of them are done here.  The programs under test are linked
 * with this, and run in a child process each, which only has to be forked.
 * Comparing and copying files is done here; any other program is started from
 * here.
 *
 * A step is words, each followed by US (037), and the last is RS (036):
 *	expect NAME STATUS STDOUT STDERR [PREFIX ...] COMMAND ...
 *			a test; an empty STATUS is any, and for STDOUT and
 *			STDERR see matches()
 *	must NAME [PREFIX ...] COMMAND ...
 *			reported only if its status is not 0
 *	may [PREFIX ...] COMMAND ...
 *			never reported
 *	tests NAME COMMAND ...
 *			it reports tests itself, and nothing on stderr
 *	probe NAME LIST FILE [KERNEL]
 *			probe.c, which reports its tests itself
 *	ok, not ok, skip  results of sh: print these words
 *	size FILE	answer with its size, on descriptor 4
 *	sync		answer with "done"
 *
 * A PREFIX is VARIABLE=VALUE for the environment, >FILE for standard output, or
 * 2>&1.  Names of probes are kept in the file "probe" of the directory: these
 * run in this process, so the last one may be its end.
 */

#include <sys/types.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <err.h>
#include <fcntl.h>
#include <glob.h>
#include <regex.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define	MAXWORDS	512
#define	REPLY		4

extern char **environ;

/* The main() functions under test, as the Makefile names them. */
int	api_main(int argc, char **argv);
int	format_main(int argc, char **argv);
int	members_main(int argc, char **argv);
int	openfiles_main(int argc, char **argv);
int	probe_main(int argc, char **argv);
int	vmcore_main(int argc, char **argv);

static int do_cat(int argc, char **argv);
static int do_cmp(int argc, char **argv);
static int do_cp(int argc, char **argv);
static int do_differ(int argc, char **argv);
static int do_echo(int argc, char **argv);
static int do_flip(int argc, char **argv);
static int do_mv(int argc, char **argv);
static int do_none(int argc, char **argv);
static int do_rm(int argc, char **argv);

static const struct program {
	const char	*name;
	int		(*main)(int argc, char **argv);
	int		forked;		/* in a process of its own */
} programs[] = {
	{ "api", api_main, 1 },
	{ "cat", do_cat, 0 },
	{ "cmp", do_cmp, 0 },
	{ "cp", do_cp, 0 },
	{ "differ", do_differ, 0 },
	{ "echo", do_echo, 0 },
	{ "flip", do_flip, 0 },
	{ "mv", do_mv, 0 },
	{ "format", format_main, 1 },
	{ "none", do_none, 0 },
	{ "members", members_main, 1 },
	{ "openfiles", openfiles_main, 1 },
	{ "rm", do_rm, 0 },
	{ "vmcore", vmcore_main, 1 },
};
#define	NPROGRAMS	(sizeof(programs) / sizeof(programs[0]))

/* Output of a command, or the file that it is compared with. */
struct text {
	char		*bytes;		/* and a NUL */
	size_t		len;
};

static char outname[1024], errname[1024];	/* what commands write */
static char probename[1024];
static FILE *out;		/* output of what runs here */
static int failed;

/* Report the result of a test; "why" is NULL if it passed. */
static void
tell(const char *name, const char *why)
{

	printf("%s %s%s%s\n", why == NULL ? "ok" : "not ok", name,
	    why == NULL ? "" : ": ", why == NULL ? "" : why);
	fflush(stdout);
	if (why != NULL)
		failed = 1;
}

/* Return the bytes of a file; none if it does not exist. */
static struct text
slurp(const char *name)
{
	struct text t;
	struct stat st;
	ssize_t n;
	int fd;

	t.len = 0;
	fd = open(name, O_RDONLY);
	if (fd == -1 || fstat(fd, &st) == -1)
		st.st_size = 0;
	t.bytes = malloc(st.st_size + 1);
	if (t.bytes == NULL)
		err(2, "memory");
	while (t.len < (size_t)st.st_size && (n = read(fd, t.bytes + t.len,
	    st.st_size - t.len)) > 0)
		t.len += n;
	t.bytes[t.len] = '\0';
	if (fd != -1)
		close(fd);
	return (t);
}

/*
 * Compare two files, which may be mostly holes.  "*same" is the first byte that
 * differs, or where one ends.
 */
static int
samefiles(const char *a, const char *b, off_t *same)
{
	static char buf[2][65536];
	struct stat st[2];
	ssize_t n[2];
	int fd[2], i;

	fd[0] = open(a, O_RDONLY);
	fd[1] = open(b, O_RDONLY);
	*same = 0;
	for (i = 0; i < 2; i++)
		if (fd[i] == -1 || fstat(fd[i], &st[i]) == -1)
			n[i] = -1;
	for (;;) {
		for (i = 0; i < 2; i++)
			n[i] = read(fd[i], buf[i], sizeof(buf[i]));
		if (n[0] <= 0 || n[0] != n[1] ||
		    memcmp(buf[0], buf[1], n[0]) != 0)
			break;
		*same += n[0];
	}
	for (i = 0; i < n[0] && i < n[1] && buf[0][i] == buf[1][i]; i++)
		++*same;
	close(fd[0]);
	close(fd[1]);
	return (n[0] == 0 && n[1] == 0);
}

/* cat file */
static int
do_cat(int argc, char **argv)
{
	struct text t;

	(void)argc;
	t = slurp(argv[1]);
	fwrite(t.bytes, 1, t.len, out);
	free(t.bytes);
	return (access(argv[1], R_OK) == -1);
}

/* cmp file file */
static int
do_cmp(int argc, char **argv)
{
	off_t same;

	(void)argc;
	if (samefiles(argv[1], argv[2], &same))
		return (0);
	fprintf(out, "%s %s differ: byte %jd\n", argv[1], argv[2],
	    (intmax_t)same + 1);
	return (1);
}

/*
 * differ file file: the number of differing bytes, the first and the last, from
 * 1
 */
static int
do_differ(int argc, char **argv)
{
	struct text t[2];
	size_t first, i, last, n;

	(void)argc;
	t[0] = slurp(argv[1]);
	t[1] = slurp(argv[2]);
	for (i = n = first = last = 0; i < t[0].len && i < t[1].len; i++) {
		if (t[0].bytes[i] == t[1].bytes[i])
			continue;
		if (n++ == 0)
			first = i + 1;
		last = i + 1;
	}
	fprintf(out, "%zu %zu %zu\n", n, first, last);
	free(t[0].bytes);
	free(t[1].bytes);
	return (0);
}

/* flip file place: change this byte */
static int
do_flip(int argc, char **argv)
{
	off_t at;
	int fd, status;
	u_char c;

	(void)argc;
	at = strtoll(argv[2], NULL, 10);
	fd = open(argv[1], O_RDWR);
	status = pread(fd, &c, 1, at) != 1;
	c ^= 0x55;
	status |= pwrite(fd, &c, 1, at) != 1;
	close(fd);
	return (status);
}

/* cp from to */
static int
do_cp(int argc, char **argv)
{
	struct text t;
	int fd, status;

	(void)argc;
	t = slurp(argv[1]);
	fd = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0666);
	status = fd == -1 || access(argv[1], R_OK) == -1 ||
	    write(fd, t.bytes, t.len) != (ssize_t)t.len;
	close(fd);
	free(t.bytes);
	return (status);
}

/* echo word */
static int
do_echo(int argc, char **argv)
{

	(void)argc;
	fprintf(out, "%s\n", argv[1]);
	return (0);
}

/* mv from to */
static int
do_mv(int argc, char **argv)
{

	(void)argc;
	return (rename(argv[1], argv[2]) == -1);
}

/* rm and none: all files that match these patterns. */
static int
each_file(int argc, char **argv, int (*each)(const char *))
{
	glob_t g;
	size_t n;
	int i, status;

	for (i = 1, status = 0; i < argc; i++) {
		if (glob(argv[i], 0, NULL, &g) != 0)
			continue;
		for (n = 0; n < g.gl_pathc; n++)
			status |= (*each)(g.gl_pathv[n]);
		globfree(&g);
	}
	return (status);
}

static int
rm(const char *name)
{

	return (unlink(name) == -1);
}

static int
tell_file(const char *name)
{

	fprintf(out, "there is %s\n", name);
	return (1);
}

static int
do_rm(int argc, char **argv)
{

	return (each_file(argc, argv, rm));
}

/* none pattern ...: check that there are no such files */
static int
do_none(int argc, char **argv)
{

	return (each_file(argc, argv, tell_file));
}

/* A command, without its prefixes. */
struct command {
	int		argc;
	char		**argv;
	const char	*to;		/* standard output */
	int		join;		/* standard error goes there, too */
	const char	*vars[MAXWORDS];	/* for the environment */
	int		nvars;
};

/* In a child process: run a program that is linked in, and exit. */
static void __attribute__((__noreturn__))
child(const struct program *p, const struct command *c)
{
	int i;

	for (i = 0; i < c->nvars; i++)
		putenv((char *)(uintptr_t)c->vars[i]);
	if (freopen(c->to, "w", stdout) == NULL ||
	    freopen(errname, "w", stderr) == NULL ||
	    (c->join && dup2(STDOUT_FILENO, STDERR_FILENO) == -1))
		_exit(127);
	exit((*p->main)(c->argc, c->argv));
}

/* Start any other program.  Returns -1 if it does not exist. */
static pid_t
start(const struct command *c)
{
	static char *env[MAXWORDS + 256];
	posix_spawn_file_actions_t fa;
	pid_t pid;
	int i, n;

	for (n = 0; n < c->nvars; n++)
		env[n] = (char *)(uintptr_t)c->vars[n];
	for (i = 0; environ[i] != NULL && n < MAXWORDS + 255; i++)
		env[n++] = environ[i];
	env[n] = NULL;
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addopen(&fa, STDOUT_FILENO, c->to,
	    O_WRONLY | O_CREAT | O_TRUNC, 0666);
	posix_spawn_file_actions_addopen(&fa, STDERR_FILENO, errname,
	    O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (c->join)
		posix_spawn_file_actions_adddup2(&fa, STDOUT_FILENO,
		    STDERR_FILENO);
	if (c->argc == 0 ||
	    posix_spawnp(&pid, c->argv[0], &fa, NULL, c->argv, env) != 0)
		pid = -1;
	posix_spawn_file_actions_destroy(&fa);
	return (pid);
}

/* Run a command that needs no process of its own. */
static int
run_here(const struct program *p, const struct command *c)
{
	FILE *fp;
	int status;

	fp = fopen(errname, "w");
	out = fopen(c->to, "w");
	if (fp == NULL || out == NULL)
		err(2, "%s", c->to);
	fclose(fp);
	status = (*p->main)(c->argc, c->argv);
	fclose(out);
	return (status);
}

/* Run a command with its prefixes.  Returns its exit status, as in sh. */
static int
run(int argc, char **argv)
{
	const struct program *p;
	struct command c;
	pid_t pid;
	int status;
	u_int i;

	c.to = outname;
	for (c.nvars = c.join = 0; argc > 0; argc--, argv++)
		if (argv[0][0] == '>')
			c.to = argv[0] + 1;
		else if (strcmp(argv[0], "2>&1") == 0)
			c.join = 1;
		else if (strchr(argv[0], '=') != NULL)
			c.vars[c.nvars++] = argv[0];
		else
			break;
	c.argc = argc;
	c.argv = argv;
	for (p = NULL, i = 0; argc > 0 && i < NPROGRAMS; i++)
		if (strcmp(programs[i].name, argv[0]) == 0)
			p = &programs[i];
	if (p != NULL && !p->forked)
		return (run_here(p, &c));
	fflush(stdout);
	pid = p == NULL ? start(&c) : fork();
	if (p != NULL && pid == 0)
		child(p, &c);
	if (pid == -1 || waitpid(pid, &status, 0) != pid)
		return (127);
	return (WIFEXITED(status) ? WEXITSTATUS(status) :
	    128 + WTERMSIG(status));
}

/*
 * Check a file: "-" matches an empty file, "=" and the name of another file an
 * identical one, "!"  and an extended regular expression a file that has lines
 * none of which matches, and any other expression a file with a line that
 * matches.  The empty string matches anything.
 */
static int
matches(const char *name, const char *want)
{
	struct text t;
	regex_t re;
	off_t same;
	size_t i;
	int found;

	if (want[0] == '\0')
		return (1);
	if (want[0] == '=')
		return (samefiles(name, want + 1, &same));
	t = slurp(name);
	if (strcmp(want, "-") == 0)
		found = t.len == 0;
	else {
		for (i = 0; i < t.len; i++)
			if (t.bytes[i] == '\0')
				t.bytes[i] = '\1';
		if (regcomp(&re, want + (want[0] == '!'), REG_EXTENDED |
		    REG_NOSUB | REG_NEWLINE) != 0)
			errx(2, "%s: no regular expression", want);
		found = t.len > 0 && (want[0] == '!') ==
		    (regexec(&re, t.bytes, 0, NULL, 0) != 0);
		regfree(&re);
	}
	free(t.bytes);
	return (found);
}

/* Return the first line of a file; valid until the next call. */
static const char *
firstline(const char *name)
{
	static char lines[2][300];
	struct text t;
	char *line;

	line = lines[name == outname];
	t = slurp(name);
	snprintf(line, sizeof(lines[0]), "%.*s", (int)strcspn(t.bytes, "\n"),
	    t.bytes);
	free(t.bytes);
	return (line);
}

static void
expect(int argc, char **argv)
{
	char why[1024];
	int status;

	status = run(argc - 5, argv + 5);
	why[0] = '\0';
	if (argv[2][0] != '\0' && status != atoi(argv[2]))
		snprintf(why, sizeof(why), "exit status %d: %s", status,
		    firstline(errname));
	else if (!matches(outname, argv[3]))
		snprintf(why, sizeof(why), "wrote %s", firstline(outname));
	else if (!matches(errname, argv[4]))
		snprintf(why, sizeof(why), "wrote %s", firstline(errname));
	tell(argv[1], why[0] == '\0' ? NULL : why);
}

static void
must(int argc, char **argv)
{
	char why[1024];
	int status;

	status = run(argc - 2, argv + 2);
	if (status == 0)
		return;
	snprintf(why, sizeof(why), "exit status %d: %s %s", status,
	    firstline(errname), firstline(outname));
	tell(argv[1], why);
}

static void
tests(int argc, char **argv)
{
	struct text t;
	char why[1024];
	int status;

	status = run(argc - 2, argv + 2);
	t = slurp(outname);
	fwrite(t.bytes, 1, t.len, stdout);
	free(t.bytes);
	if (status == 0 && matches(errname, "-"))
		return;
	snprintf(why, sizeof(why), "exit status %d: %s", status,
	    firstline(errname));
	tell(argv[1], why);
}

static void
probe(int argc, char **argv)
{
	char *args[] = { argv[0], argv[1], argv[3], argv[4], NULL };
	FILE *fp;

	fp = fopen(probename, "w");
	if (fp == NULL || fputs(argv[1], fp) == EOF || fclose(fp) == EOF)
		err(2, "%s", probename);
	if (freopen(argv[2], "r", stdin) == NULL)
		tell(argv[1], "no list");
	else if (probe_main(argc - 1, args) != 0)
		failed = 1;
}

/* Do one step. */
static void
step(int argc, char **argv)
{
	struct stat st;

	if (strcmp(argv[0], "expect") == 0 && argc > 5)
		expect(argc, argv);
	else if (strcmp(argv[0], "must") == 0 && argc > 2)
		must(argc, argv);
	else if (strcmp(argv[0], "may") == 0)
		(void)run(argc - 1, argv + 1);
	else if (strcmp(argv[0], "tests") == 0 && argc > 2)
		tests(argc, argv);
	else if (strcmp(argv[0], "probe") == 0 && argc > 3)
		probe(argc, argv);
	else if (strcmp(argv[0], "ok") == 0)
		tell(argv[1], NULL);
	else if (strcmp(argv[0], "not ok") == 0)
		tell(argv[1], argv[2]);
	else if (strcmp(argv[0], "skip") == 0)
		printf("skip %s: %s\n", argv[1], argv[2]);
	else if (strcmp(argv[0], "size") == 0)
		dprintf(REPLY, "%jd\n", stat(argv[1], &st) == -1 ? (intmax_t)-1
		    : (intmax_t)st.st_size);
	else if (strcmp(argv[0], "sync") == 0)
		dprintf(REPLY, "done\n");
	else
		errx(2, "%s: no such step", argv[0]);
}

int
main(int argc, char **argv)
{
	char *line, *words[MAXWORDS + 1];
	FILE *fp;
	size_t size;
	ssize_t n;
	int nwords;

	if (argc != 2)
		errx(2, "usage: steps folder");
	snprintf(outname, sizeof(outname), "%s/out", argv[1]);
	snprintf(errname, sizeof(errname), "%s/err", argv[1]);
	snprintf(probename, sizeof(probename), "%s/probe", argv[1]);
	/* Commands that run here may read standard input. */
	fp = fdopen(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, REPLY + 1), "r");
	if (fp == NULL || freopen("/dev/null", "r", stdin) == NULL)
		err(2, "standard input");
	fcntl(REPLY, F_SETFD, FD_CLOEXEC);
	line = NULL;
	size = 0;
	nwords = 0;
	while ((n = getdelim(&line, &size, '\037', fp)) > 0) {
		line[n - 1] = '\0';
		if (strcmp(line, "\036") != 0) {
			if (nwords == MAXWORDS)
				errx(2, "too many words");
			words[nwords] = strdup(line);
			if (words[nwords++] == NULL)
				err(2, "memory");
			continue;
		}
		words[nwords] = NULL;
		step(nwords, words);
		while (nwords > 0)
			free(words[--nwords]);
	}
	free(line);
	fclose(fp);
	return (failed);
}
