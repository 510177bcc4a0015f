# In ipsd_dump_map_sg(), before the command is issued: it has failed until it ends.
/^ipsd_dump_map_sg(/;/ips_issue_cmd[ 	]*(/i
	/* Until it has ended: a poll may give up, or do nothing at all. */
	command->status.fields.basic_status = IPS_MIN_ERROR;
.
