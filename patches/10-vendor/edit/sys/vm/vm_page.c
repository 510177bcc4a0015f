# Out: the bitmap's allocation, and what was added to it; 30-bitmaps has them anew.
/vm_page_dump_size[ 	]*=/;?^#[ 	]*if?;/^#[ 	]*endif/d
/dump_add_page[ 	]*([ 	]*pa[ 	]*)/;?^#[ 	]*if?;/^#[ 	]*endif/d
