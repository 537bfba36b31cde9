// The SELECT that gives the rows of a dataset, wherever it runs: in this database, or at a source.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/types.hpp"

namespace datasurface::ingest {

// What a table is to have, and nothing else.
struct ExactTable {
    std::string select; // gives all columns of the table
    std::vector<std::string> columns;
};

struct Pull {
    std::string select;        // gives the columns of the dataset, under their names there; of a query maybe more
    std::size_t filter_at = 0; // where the filter begins in it, in bytes; 0: there is none
    std::shared_ptr<const ExactTable> exact; // null: the table may have other columns
    model::TableName table;                  // empty: it is a query
    std::string around; // of a query with a watermark: the columns that a SELECT of its rows has; empty: there is none

    // The whole SELECT. plain: the above, checked.
    std::string selected(const std::string &plain) const;
};

// Of a dataset that is pulled. Its query or filter is as the model says: it was checked at the load, and what executes it checks it again.
Pull plan_pull(const model::Dataset &dataset);

// What the table has too; in its order.
std::vector<std::string> surplus_columns(const ExactTable &exact, const std::vector<std::string> &given);

} // namespace datasurface::ingest
