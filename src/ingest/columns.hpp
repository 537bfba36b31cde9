// A query of the model against the columns of its dataset.
#pragma once

#include <string>
#include <vector>

#include "ingest/plan_columns.hpp"
#include "ingest/plan_pull.hpp"
#include "pg/dry_run.hpp"
#include "shape/tables.hpp"

namespace datasurface::ingest {

struct Wanted {
    std::string name;
    std::string type; // as format_type spells it; empty: not known, and not compared
};

Fit fit_columns(const std::vector<Wanted> &wanted, const std::vector<pg::QueryColumn> &given);

// Throws the first fault of a query that a batch refuses.
void refuse_misfits(const shape::Shape &shape, const Fit &fit);

// The load of the model has checked the query. It is checked again here, because it becomes part of a statement here. Throws SF001.
std::string plain_select(const shape::Shape &shape, const std::string &query);

// Throws when the query cannot be read (whatever PostgreSQL raises), or does not give what the dataset wants.
void require_columns(const shape::Shape &shape, const std::string &query);

// Throws when the table has columns that the dataset does not have.
void require_no_more(const shape::Shape &shape, const ExactTable &exact);
// The same, for columns of the table that somebody else has read.
void refuse_surplus(const shape::Shape &shape, const ExactTable &exact, const std::vector<std::string> &given);

} // namespace datasurface::ingest
