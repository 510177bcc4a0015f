/dump_add_page/d
/dump_drop_page/d
