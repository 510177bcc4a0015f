/^check_size(/-i
/*
 * If the kernel writes minidumps, see whether one that is taken now would fit.
 * Returns 0 if it writes full dumps.
 */
static int
check_minidump(int fd, const char *fn)
{
	int minidump;
	off_t mediasize;
	size_t len;
	u_long need;

	len = sizeof(minidump);
	if (sysctlbyname("debug.minidump", &minidump, &len, NULL, 0) == -1 ||
	    minidump == 0)
		return (0);
	len = sizeof(need);
	if (sysctlbyname("debug.minidump_size", &need, &len, NULL, 0) == -1)
		err(EX_OSERR, "debug.minidump_size");
	if (ioctl(fd, DIOCGMEDIASIZE, &mediasize) == -1)
		err(EX_OSERR, "%s: DIOCGMEDIASIZE", fn);
	if (verbose)
		printf("%s: %ju bytes, minidump: %lu bytes\n", fn,
		    (uintmax_t)mediasize, need);
	if ((uintmax_t)mediasize < need)
		errx(EX_IOERR, "%s: %ju bytes are too few for a minidump: "
		    "%lu bytes", fn, (uintmax_t)mediasize, need);
	return (1);
}

.
/^check_size(/;/if (sysctl(/i
	if (check_minidump(fd, fn))
		return;
.
