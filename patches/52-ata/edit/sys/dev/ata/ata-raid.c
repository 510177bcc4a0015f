/^ata_raid_dump(/;/return[ 	(]*bp\.bio_error/i
    /* Arrays in some states do nothing at all. */
    if ((bp.bio_flags & BIO_DONE) == 0)
	return (EIO);
.
