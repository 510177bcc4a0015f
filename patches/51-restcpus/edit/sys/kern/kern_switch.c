# In choosethread(): which CPU gets threads after a panic is for the dump to say.
/^#[ 	]*include[ 	]*<sys\/smp\.h>/a
#include <sys/minidump.h>
.
/smp_active[ 	]*==[ 	]*0/c
	if (DUMP_CPU_RESTS()) {
.
