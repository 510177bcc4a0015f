/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Runs other vmcore commands for vmcore report; see ask.h.
 */

#include <sys/param.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "gdbfiles.h"
#include "output.h"
#include "vmcore.h"

/* How many lines of a failed command's messages to show, and their length. */
#define	NREASONS	2
#define	REASON_MAX	500

static const char *const file_names[NFILES] = {
	"out", "err", "gdb", "map.svg"
};

static const struct asker *current;	/* for end() */

void
ask_end(const struct asker *a)
{
	int i;

	for (i = 0; i < NFILES; i++)
		unlink(a->file[i]);
	rmdir(a->dir);
}

static void
end(int sig)
{

	ask_end(current);
	signal(sig, SIG_DFL);
	raise(sig);
}

int
ask_begin(struct asker *a)
{
	int i;

	if (make_tempdir(a->dir, sizeof(a->dir)) == -1)
		return (-1);
	for (i = 0; i < NFILES; i++)
		snprintf(a->file[i], sizeof(a->file[i]), "%s/%s", a->dir,
		    file_names[i]);
	current = a;
	set_signals(end);
	return (0);
}

/* Run the command in this process, and exit with its status. */
static void
become(const struct asker *a, int (*cmd)(int, char **), char **argv)
{
	int argc, err, in, out;

	in = open("/dev/null", O_RDONLY);
	out = open(a->file[FILE_OUT], O_WRONLY | O_CREAT | O_TRUNC, 0600);
	err = open(a->file[FILE_ERR], O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (in == -1 || out == -1 || err == -1 ||
	    dup2(in, STDIN_FILENO) == -1 || dup2(out, STDOUT_FILENO) == -1 ||
	    dup2(err, STDERR_FILENO) == -1)
		_exit(STATUS_FAILED);
	set_signals(SIG_DFL);
	for (argc = 0; argv[argc] != NULL; argc++)
		continue;
	/* Reset getopt(3). */
#ifdef BSD
	optreset = 1;
	optind = 1;
#else
	optind = 0;
#endif
	argc = (*cmd)(argc, argv);
	fflush(NULL);
	_exit(argc);
}

int
ask(const struct asker *a, int (*cmd)(int, char **), ...)
{
	char *argv[16];
	va_list ap;
	pid_t pid;
	int n, status;

	va_start(ap, cmd);
	for (n = 0; n < 15 && (argv[n] = va_arg(ap, char *)) != NULL; n++)
		continue;
	argv[n] = NULL;
	va_end(ap);
	fflush(NULL);
	pid = fork();
	if (pid == -1) {
		xwarn("fork");
		return (STATUS_FAILED);
	}
	if (pid == 0)
		become(a, cmd, argv);
	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return (STATUS_FAILED);
	return (WIFEXITED(status) ? WEXITSTATUS(status) : STATUS_FAILED);
}

char *
ask_contents(const char *file)
{
	char *text;
	FILE *fp;
	long size;
	size_t i, n;

	fp = fopen(file, "r");
	if (fp == NULL)
		return (NULL);
	text = NULL;
	if (fseek(fp, 0, SEEK_END) == 0 && (size = ftell(fp)) >= 0) {
		rewind(fp);
		text = malloc(size + 1);
		if (text != NULL) {
			n = fread(text, 1, size, fp);
			text[n] = '\0';
			for (i = 0; i < n; i++)
				if (text[i] == '\0')
					text[i] = ' ';
		}
	}
	fclose(fp);
	return (text);
}

char *
ask_reasons(const struct asker *a)
{
	char *from, *last[NREASONS], *line, *text, *why;
	u_int i, n;

	why = calloc(1, NREASONS * REASON_MAX);
	text = ask_contents(a->file[FILE_ERR]);
	from = text;
	for (n = 0; (line = strsep(&from, "\n")) != NULL;) {
		if (strncmp(line, "vmcore: ", 8) == 0)
			line += 8;
		if (line[0] != '\0')
			last[n++ % NREASONS] = line;
	}
	for (i = n < NREASONS ? 0 : n - NREASONS; why != NULL && i < n; i++) {
		if (why[0] != '\0')
			strcat(why, "; ");
		strncat(why, last[i % NREASONS], REASON_MAX - 4);
	}
	if (why != NULL && why[0] == '\0')
		strcpy(why, "no reason was given");
	free(text);
	return (why);
}

char *
ask_complaint(const struct asker *a)
{
	char *line, *text, *why;

	text = ask_contents(a->file[FILE_OUT]);
	line = text != NULL ? strstr(text, GDB_LACKS) : NULL;
	why = line != NULL ? strdup(line + strlen("vmcore: ")) : NULL;
	if (why != NULL)
		why[strcspn(why, "\n")] = '\0';
	free(text);
	return (why);
}
