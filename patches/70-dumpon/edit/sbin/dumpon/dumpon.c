# In: -f; in check_size(), the question that the kernel is asked first, and no exit with -f.
/^#[ 	]*include[ 	]*<unistd\.h>/a

#include "check_minidump.h"
.
/^static[ 	][ 	]*int[ 	][ 	]*verbose[ 	]*;/a
static int	force;
.
/\[-v\][ 	][ 	]*special_file/s/-v/-fv/
/^check_size(/;/if[ 	]*([ 	]*sysctl[ 	]*(/i
	if (check_minidump(fd, fn, verbose, force))
		return;
.
/^check_size(/;/exit[ 	]*([ 	]*EX_IOERR/i
		if (force)
			return;
.
/getopt[ 	]*(.*"v"/s/"v"/"fv"/
/case[ 	]*'v'[ 	]*:/i
		case 'f':
			force = 1;
			break;
.
/verbose[ 	]*=[ 	]*1[ 	]*;/c
			verbose++;
.
