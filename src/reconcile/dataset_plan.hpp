// Private to reconcile: the plan for a dataset's tables, made from what is there.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "catalog/dataset.hpp"
#include "catalog/relation.hpp"
#include "catalog/store.hpp"
#include "change/tables.hpp"
#include "pg/type.hpp"

namespace datasurface::reconcile {

struct PlannedTables {
    change::Tables tables;
    std::vector<catalog::Relation> records; // the objects that we made for the dataset

    std::map<int, std::string> columns_before; // the names in the tables, by id

    // Those that wait to be dropped are among them.
    std::map<int, std::string> columns_after() const;
    bool is_done() const { return tables.steps.empty() && tables.waiting.empty(); }
};

// What takes scans of the tables to know. converted: whether values convert to another type of their column. counted: also the rows that
// keep a column from becoming NOT NULL, or a key from being one. Where rows are believed, a step may fail.
enum class Rows { believed, converted, counted };

PlannedTables planned_tables(const catalog::Store &store, const catalog::Dataset &dataset,
                             const change::Allowed &allowed, Rows rows, pg::TypeCache &types);

// The datasets whose tables need a step, or whose plan fails. Reads without a lock, by several statements, so the results may be
// inconsistent while another call changes these tables: an error is reported only when it occurs again under the stream's lock.
std::vector<catalog::Dataset> with_something_to_do(const catalog::Store &store,
                                                   const std::vector<catalog::Dataset> &datasets,
                                                   const change::Allowed &allowed, pg::TypeCache &types);

// The same in parts, for any number of datasets. Those that cannot be looked at are among them, so that each is tried by itself.
std::vector<catalog::Dataset> to_reconcile(const catalog::Store &store, const std::vector<catalog::Dataset> &datasets,
                                           const change::Allowed &allowed, pg::TypeCache &types);

} // namespace datasurface::reconcile
