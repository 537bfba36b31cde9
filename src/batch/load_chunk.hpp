// One dataset in its first load: how it is cut into chunks, and how one of them is loaded.
#pragma once

#include <string>
#include <vector>

#include "batch/steps.hpp"
#include "batch/windows.hpp"
#include "batch/work.hpp"
#include "catalog/load.hpp"
#include "ingest/origin.hpp"

namespace datasurface::batch {

class Loading {
public:
    Loading(const catalog::Stream &stream, const catalog::Store &store, const catalog::Dataset &dataset);

    // Of what the rows depend on.
    const std::string &rows_digest() const { return rows_digest_; }
    // How many chunks may be loaded side by side.
    int at_once() const { return first_load_.connections; }

    // Empties the merge table, cuts the rows into chunks, and takes the mark of a watermark. False when somebody uses a view of the dataset, which
    // would show the chunks.
    bool begin(catalog::Load load);

    // Loads a chunk, or cuts it if it is too large.
    void load(const catalog::Load &load, const catalog::Chunk &chunk);

private:
    // The SELECT of the dataset, when all that it reads and that is written is locked.
    std::string lock_and_select(ingest::Origin &origin);
    ingest::TableFacts facts(ingest::Origin &origin) const;
    void cut(catalog::Load &load, const std::string &select, ingest::Origin &origin, const pg::Snapshot &snapshot);
    void take_mark(const catalog::Load &load, const Windows &windows);
    void require_forwards(const catalog::Load &load, const ingest::Origin &origin) const;
    bool try_to_load(const catalog::Load &load, const catalog::Chunk &chunk);
    void count_and_cut(const catalog::Load &load, const catalog::Chunk &chunk);
    std::string select_without_deleted(const std::string &select) const;
    std::string select_of(const catalog::Load &load, const catalog::Chunk &chunk, const std::string &select) const;

    Work work_;
    model::Dataset definition_;
    model::FirstLoad first_load_;
    std::string rows_digest_;
    Progress progress_;
};

} // namespace datasurface::batch
