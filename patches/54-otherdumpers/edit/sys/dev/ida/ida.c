# At the end of ida_command(): what the controller says of a write.
/^ida_command(/;/return[ 	(]*error[ 	)]*;/i
	/* What the controller says of the data; for dumps. */
	if (error == 0 && command == CMD_WRITE &&
	    (hwqcb->req.error & HARD_ERROR) != 0)
		error = EIO;
.
