/^check_size(/-i
static u_long
minidump_size(const char *sysctl)
{
	size_t len;
	u_long size;

	len = sizeof(size);
	if (sysctlbyname(sysctl, &size, &len, NULL, 0) == -1)
		err(EX_OSERR, "%s", sysctl);
	return (size);
}

/*
 * If the kernel writes minidumps, say how one that is taken now would fit.  It
 * is never refused: what does not fit is compressed, or less is dumped.
 * Returns 0 if it writes full dumps.
 */
static int
check_minidump(int fd, const char *fn)
{
	int minidump;
	off_t mediasize;
	size_t len;
	u_long gz, plain;

	len = sizeof(minidump);
	if (sysctlbyname("debug.minidump", &minidump, &len, NULL, 0) == -1 ||
	    minidump == 0)
		return (0);
	if (ioctl(fd, DIOCGMEDIASIZE, &mediasize) == -1)
		err(EX_OSERR, "%s: DIOCGMEDIASIZE", fn);
	plain = minidump_size("debug.minidump_size");
	if (verbose)
		printf("%s: %ju bytes, minidump: %lu bytes\n", fn,
		    (uintmax_t)mediasize, plain);
	/* This takes a while, as the whole dump is compressed. */
	gz = 0;
	if (verbose > 1 || (uintmax_t)mediasize < plain)
		gz = minidump_size("debug.minidump_gzsize");
	if (verbose > 1)
		printf("%s: compressed minidump: %lu bytes\n", fn, gz);
	if ((uintmax_t)mediasize < gz)
		warnx("%s: %ju bytes are too few for all of a minidump: "
		    "%lu bytes, compressed", fn, (uintmax_t)mediasize, gz);
	return (1);
}

.
/^check_size(/;/if (sysctl(/i
	if (check_minidump(fd, fn))
		return;
.
/verbose = 1;/c
			verbose++;
.
