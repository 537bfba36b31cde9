#!/bin/bash
# Our own tables are read and written by the room catalog only. definition/check_database.cpp looks at the names that are taken, in
# the same query as the server's catalogs.
tables=$(grep -ohE '^CREATE TABLE datasurface\.[a-z_]+' sql/install/*.sql | sed 's/.*\.//' | paste -sd '|')
[ -n "$tables" ] || { echo "sql/install has no tables"; exit 1; }
! grep -rnE "\bdatasurface\.($tables)\b" src --include='*.cpp' --include='*.hpp' |
    grep -vE '^src/catalog/|^src/definition/check_database\.cpp|^[^:]+:[0-9]+: *//'
