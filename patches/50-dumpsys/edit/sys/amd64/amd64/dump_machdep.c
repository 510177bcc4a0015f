# In dumpsys(), before it touches its own ELF header: minidumps go elsewhere.
/^#[ 	]*include[ 	]*<sys\/kerneldump\.h>/a
#include <sys/minidump.h>
.
/^dumpsys(/;/bzero[ 	]*([ 	]*&[ 	]*ehdr/i
	if (do_minidump) {
		minidumpsys(di);
		return;
	}

.
