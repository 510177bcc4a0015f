# In aac_disk_dump(), once the command has been polled: look at its status.
/^aac_disk_dump(/;/bus_dmamap_unload[ 	]*(/i
		if (((struct aac_blockwrite_response *)bw)->Status != ST_OK) {
			printf("aac: block %ju was not written\n",
			    (uintmax_t)(offset / AAC_BLOCK_SIZE));
			return (EIO);
		}
.
