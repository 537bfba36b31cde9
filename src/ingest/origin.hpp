// Where the rows of a pull come from: this database (this_database.hpp) or a source (remote_snapshot.hpp). One snapshot serves all
// datasets of a batch.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "heap/arriving.hpp"
#include "ingest/plan_pull.hpp"
#include "ingest/reported.hpp"
#include "merge/plan.hpp"
#include "pg/spi.hpp"
#include "remote/plan_clock.hpp"
#include "remote/plan_session.hpp"
#include "shape/tables.hpp"

namespace datasurface::ingest {

// snapshot: of this database, taken when all queries were seen. A source has its own.
class Origin {
public:
    Origin() = default;
    Origin(const Origin &) = delete;
    Origin &operator=(const Origin &) = delete;
    virtual ~Origin() = default;

    // As it was before the snapshot. Of a source, only if it was opened for that.
    virtual remote::SourceClock clock() = 0;

    // Compares the columns that a query, one plain SELECT, gives with those of the dataset, and locks what it reads. Throws 42702, 42703 and
    // 42804, and what the origin says of the query. exact: nullptr if the table may have other columns.
    virtual void require_columns(const shape::Shape &shape, const std::string &select, const ExactTable *exact) = 0;

    // When all queries were seen.
    virtual void settle() {}

    // Of a query that require_columns has seen: the type of a column that it gives, as an OID; 0 if it gives none.
    virtual unsigned int type_of(const shape::Shape &shape, const std::string &select, const std::string &column) = 0;

    // The first row of another query, as texts; NULL is empty.
    virtual std::vector<std::string> row_of(const shape::Shape &shape, const std::string &query,
                                            const pg::Snapshot &snapshot) = 0;

    // The same of a query of ours about the catalogs, which needs no right of the owner.
    virtual std::vector<std::string> ask_catalogs(const shape::Shape &shape, const std::string &query) = 0;

    // The rows of the query, to be opened and read as the owner of the shape; nullptr when they cannot be read that way.
    virtual std::unique_ptr<heap::Arriving> open(const shape::Shape &shape, const std::string &select,
                                                 const pg::Snapshot &snapshot) = 0;

    // Fills the staging table with them, as its owner.
    virtual merge::Staged fill_as_owner(const shape::Shape &shape, const std::string &select,
                                        const pg::Snapshot &snapshot, Receipt &receipt) = 0;

    // The snapshot of a source; nullptr: this database.
    virtual const remote::Identity *identity() const { return nullptr; }
    virtual std::int64_t received() const { return 0; } // bytes of rows, from a source

    // When all rows are read. A pull is whole only then.
    virtual void end() {}
};

} // namespace datasurface::ingest
