// Pulls from this database: the queries run here, as the store's owner.
#pragma once

#include "ingest/origin.hpp"

namespace datasurface::ingest {

class ThisDatabase final : public Origin {
public:
    remote::SourceClock clock() override;
    void require_columns(const shape::Shape &shape, const std::string &select, const ExactTable *exact) override;
    unsigned int type_of(const shape::Shape &shape, const std::string &select, const std::string &column) override;
    std::vector<std::string> row_of(const shape::Shape &shape, const std::string &query,
                                    const pg::Snapshot &snapshot) override;
    std::vector<std::string> ask_catalogs(const shape::Shape &shape, const std::string &query) override;
    std::unique_ptr<heap::Arriving> open(const shape::Shape &shape, const std::string &select,
                                         const pg::Snapshot &snapshot) override;
    merge::Staged fill_as_owner(const shape::Shape &shape, const std::string &select, const pg::Snapshot &snapshot,
                                Receipt &receipt) override;
};

} // namespace datasurface::ingest
