// Private to definition: which column, dataset, store or workspace of the loaded model an entry of the document is. A name is only a
// label: an entry that was loaded under another name keeps its id.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/types.hpp"

namespace datasurface::definition {

// The names of a list of the document, and those that they had; empty: none, or it could not be read.
struct Labels {
    std::string_view name;
    std::string_view was;
};

// The names before the load; false: of something that has left the model.
using NamesBefore = std::map<std::string, bool, std::less<>>;

using FormerNames = std::map<std::size_t, std::string>; // by position in the document

struct WasFault {
    std::size_t position;
    const char *code;
    std::string message;
    std::string hint;
};

struct Renames {
    FormerNames were; // the entries that get another name
    std::vector<WasFault> faults;
};

// what: "dataset". where: it had to be before, "store "shop"". before: null when that which holds the list is new; nothing in it has another name then.
// A `was` says nothing when the new name is there already and the old one is not: the document was loaded before.
Renames plan_renames(std::string_view what, const std::vector<Labels> &document, const NamesBefore *before,
                     const std::string &where = {});

// The columns of a dataset before the load.
struct ColumnsBefore {
    std::map<std::string, int, std::less<>> ids; // of its definition
    std::map<int, std::string> made;             // of its tables, by id
    int last_id = 0;
};

struct ColumnIds {
    std::vector<int> ids; // in the order of the document
    int last_id = 0;
};

// A column has the id of the one that it is, by its former name or its name. Otherwise that of a column of the tables which has
// its name and which no other column is: so a column that was left out and comes back before a reconcile has its values. Otherwise a
// new one. Ids are never used again.
ColumnIds plan_column_ids(const std::vector<model::Column> &columns, const FormerNames &were,
                          const ColumnsBefore &before);

} // namespace datasurface::definition
