# In vm_page_startup(): the pages that UMA boots from go into every dump, as soon as
# they are known; the bitmaps' memory is taken where the end of the largest chunk
# is about to be set, the last moment before vm_page's size is settled by it.
/^#[ 	]*include[ 	]*<sys\/malloc\.h>/a
#include <sys/minidump.h>
.
/^vm_page_startup(/;/uma_startup[ 	]*(/a
	new_end = minidump_startup(&vaddr, new_end);
.
/^vm_page_startup(/;/phys_avail\[ *biggestone *+ *1 *\][ 	]*=/i
	dump_add_range(new_end, phys_avail[biggestone + 1]);
.
