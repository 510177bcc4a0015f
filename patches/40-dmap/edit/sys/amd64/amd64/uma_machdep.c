# In: a page joins the dump when it is allocated, and leaves before it is freed.
/^#[ 	]*include[ 	]*<sys\/systm\.h>/a
#include <sys/minidump.h>
.
/^uma_small_alloc(/;/return[ 	(]*va[ 	)]*;/i
	dump_add_page(DMAP_TO_PHYS((vm_offset_t)va));
.
/^uma_small_free(/;/vm_page_lock_queues[ 	]*(/i
	dump_drop_page(DMAP_TO_PHYS((vm_offset_t)mem));
.
