// Private to the model: the name of a table as a document writes it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/source.hpp"

namespace datasurface::model {

// schema.table. A part that has a dot or a double quote stands in double quotes, as in SQL; other parts may. Nothing is folded to
// lower case. Nothing: it is not such a name.
std::optional<TableName> table_name(std::string_view text);

// The same way back; quotes are there only where they must be.
std::string text_of(const TableName &table);

} // namespace datasurface::model
