# Out: both hooks; 40-dmap has them anew.
/dump_add_page/d
/dump_drop_page/d
