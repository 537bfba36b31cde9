// Pulls of stores that name a source: the queries run there.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ingest/origin.hpp"
#include "remote/snapshot.hpp"

namespace datasurface::ingest {

// A snapshot of a source. It begins when the object is made.
class RemoteSnapshot final : public Origin {
public:
    RemoteSnapshot(const remote::Target &target, const remote::Login &login) : snapshot_(target, login) {}

    remote::SourceClock clock() override { return snapshot_.clock(); }
    void require_columns(const shape::Shape &shape, const std::string &select, const ExactTable *exact) override;

    // A table that was emptied or loaded anew between the snapshot and its lock would look empty. Takes another snapshot then.
    void settle() override;

    unsigned int type_of(const shape::Shape &shape, const std::string &select, const std::string &column) override;
    std::vector<std::string> row_of(const shape::Shape &shape, const std::string &query, const pg::Snapshot &) override;
    std::vector<std::string> ask_catalogs(const shape::Shape &shape, const std::string &query) override;
    std::unique_ptr<heap::Arriving> open(const shape::Shape &shape, const std::string &select,
                                         const pg::Snapshot &) override;
    // Throws 0A000 when that would need an INSERT.
    merge::Staged fill_as_owner(const shape::Shape &shape, const std::string &select, const pg::Snapshot &,
                                Receipt &receipt) override;
    const remote::Identity *identity() const override { return &snapshot_.identity(); }
    std::int64_t received() const override { return snapshot_.received(); }
    void end() override { snapshot_.end(); }

    // Tries what a pull of the query needs, but for its rows. The snapshot goes on when that fails.
    void test(const shape::Shape &shape, const Pull &pull);
    // One row of a query, as texts; the same holds.
    std::vector<std::string> try_row_of(const shape::Shape &shape, const std::string &query);
    std::string server() { return snapshot_.server(); }

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
