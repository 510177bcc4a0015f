/^#[ 	]*include[ 	]*<sys\/malloc\.h>/a
#include <sys/minidump.h>
.
/^vm_page_startup(/;/uma_startup[ 	]*(/a
	new_end = minidump_startup(&vaddr, new_end);
.
/^vm_page_startup(/;/phys_avail\[ *biggestone *+ *1 *\][ 	]*=/i
	dump_add_range(new_end, phys_avail[biggestone + 1]);
.
