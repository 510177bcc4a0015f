# In ata_queue_request(): during a dump, a request (of an array, or a flush) does not
# reach the queue.  In ata_start(): the loop ends if another CPU took the interrupt.
/^#[ 	]*include[ 	]*<dev\/ata\/ata-all\.h>/a
#include <dev/ata/ata-dump.h>
.
/^ata_queue_request(/;/callout_init_mtx[ 	]*(/a
    if (ata_dump_takes(request))
	return;
.
/while[ 	]*([ 	]*!ata_interrupt[ 	]*(ch))/c
		    /* The interrupt may have been another CPU's. */
		    while (ch->running == request && !ata_interrupt(ch))
.
