# In mfi_dump_blocks(), after the poll: what the controller says.
/^mfi_dump_blocks(/;/mfi_polled_command[ 	]*(/a
	if (error == 0 && io->header.cmd_status != MFI_STAT_OK)
		error = EIO;
.
