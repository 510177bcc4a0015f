/vm_page_dump_size[ 	]*=/;?^#[ 	]*if?;/^#[ 	]*endif/d
/dump_add_page[ 	]*([ 	]*pa[ 	]*)/;?^#[ 	]*if?;/^#[ 	]*endif/d
