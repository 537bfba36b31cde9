// The primary key of a merge table.
#pragma once

#include "base/error.hpp"
#include "change/tables.hpp"

namespace datasurface::change {

std::string key_sql(const shape::Shape &shape);
std::string primary_key_sql(const shape::Shape &shape);
// Of the index that becomes the key of a large table. dataset: its id.
std::string new_key_name(int dataset);

// Creates the key again when it was dropped and nothing else keeps the keys unique; replaces it when the model has another. The
// history keeps no key: versions of before the change stay as they are, so as-of works as it did.
void change_key(Tables &tables);

// 23505 for the wanted key, with the statement that lists the rows.
Error key_is_shared(const shape::Shape &shape);

} // namespace datasurface::change
