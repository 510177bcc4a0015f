/^ipsd_dump_map_sg(/;/ips_issue_cmd[ 	]*(/i
	/* Until it has ended: a poll may give up, or do nothing at all. */
	command->status.value = IPS_ERROR_STATUS;
.
