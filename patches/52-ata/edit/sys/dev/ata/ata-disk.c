# In ad_dump(): write by ata_dump() in place of a bio that goes into the queue.
/^#[ 	]*include[ 	]*<dev\/ata\/ata-disk\.h>/a
#include <dev/ata/ata-dump.h>
.
/struct[ 	][ 	]*bio[ 	][ 	]*bp;/d
/bzero[ 	]*([ 	]*&bp,/;/ad_strategy[ 	]*([ 	]*&bp)/d
/return[ 	(]*bp\.bio_error/c
    return (ata_dump(dp->d_drv1, virtual, offset, length));
.
