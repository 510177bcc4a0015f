# In ata_raid_dump(): that nobody has ended the request is an error.
/^ata_raid_dump(/;/return[ 	(]*bp\.bio_error/i
    /* Arrays in some states do nothing at all. */
    if ((bp.bio_flags & BIO_DONE) == 0)
	return (EIO);
.
