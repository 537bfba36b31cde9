// Ingestion of kind sql_snapshot where the store names a source: the queries run there.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ingest/plan_pull.hpp"
#include "ingest/reported.hpp"
#include "merge/plan.hpp"
#include "remote/snapshot.hpp"
#include "shape/tables.hpp"

namespace datasurface::ingest {

// One snapshot of a source, for all datasets of a batch.
class RemoteSnapshot {
public:
    RemoteSnapshot(const remote::Target &target, const remote::Login &login) : snapshot_(target, login) {}

    const remote::Identity &identity() const { return snapshot_.identity(); }
    const remote::SourceClock &clock() const { return snapshot_.clock(); }

    // Of a dataset whose query require_columns has seen: the type of a column that it gives there, as an OID; 0 if it gives none. And one
    // row of a query, as texts.
    unsigned int type_of(const shape::Shape &shape, const std::string &column) const;
    std::vector<std::string> row_of(const shape::Shape &shape, const std::string &query);

    // Compares the columns that a query, one plain SELECT, gives there with those of the dataset. Throws 42702, 42703 and 42804, and what
    // the source says of the query. exact: nullptr if the table may have other columns.
    void require_columns(const shape::Shape &shape, const std::string &select, const ExactTable *exact);

    // To be called when require_columns has seen all queries, which has locked their tables: a table that was emptied or loaded anew between
    // the snapshot and its lock would look empty. Takes another snapshot then.
    void settle();

    // The rows of the query, which require_columns has seen. To be opened and read as the owner of the shape.
    std::unique_ptr<heap::Arriving> open(const shape::Shape &shape, const std::string &select);

    // Fills the staging table with them, as its owner. Throws 0A000 when that would need an INSERT.
    merge::Staged fill_as_owner(const shape::Shape &shape, const std::string &select, Receipt &receipt);

    // Tries what a pull of the query needs, but for its rows. The snapshot goes on when that fails.
    void test(const shape::Shape &shape, const Pull &pull);

    std::int64_t received() const { return snapshot_.received(); } // bytes of rows
    std::string server() { return snapshot_.server(); }

    // When all rows are read.
    void end() { snapshot_.end(); }

private:
    remote::Snapshot snapshot_;
    struct Described {
        std::string title;
        std::string select;
        std::vector<remote::Given> columns;
    };
    std::map<std::string, Described> described_; // by the dataset's name
};

} // namespace datasurface::ingest
