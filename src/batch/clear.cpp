#include "batch/clear.hpp"

#include <unordered_set>
#include <utility>

#include "catalog/shape.hpp"
#include "ingest/run.hpp"
#include "pg/spi.hpp"
#include "pg/table.hpp"

namespace datasurface::batch {

namespace {

// The datasets of the stream, and those that have left it since the batch began.
std::vector<catalog::Dataset> datasets_to_clear(const Work &work)
{
    std::vector<catalog::Dataset> all = catalog::datasets_of_batch(work.stream.id, work.batch.id);
    std::unordered_set<int> known;
    for (const catalog::Dataset &row : all)
        known.insert(row.id);
    std::vector<int> others;
    for (const Member &member : work.members)
        if (known.count(member.row.id) == 0)
            others.push_back(member.row.id);
    if (!others.empty())
        for (catalog::Dataset &row : catalog::datasets_by_id(others))
            all.push_back(std::move(row));
    return all;
}

} // namespace

void clear_staging(const Work &work)
{
    bool const sealed = work.batch.ingested;
    RecordsByDataset const records = records_by_dataset(work.records);
    std::vector<std::pair<shape::Shape, merge::Staged>> to_clear;
    pg::TypeCache types;
    for (const catalog::Dataset &row : datasets_to_clear(work)) {
        if (!row.reconciled_digest)
            continue; // it has no tables yet
        shape::Shape shape = catalog::load_shape(work.store, row, types);
        if (!pg::exists(shape.names.staging))
            continue; // dropped by hand: nothing is staged
        // whose table it is, and before the snapshot, as any other step does
        ingest::lock(shape);
        auto const record = records.find(row.id);
        bool const is_staged = record != records.end() && record->second->staged;
        to_clear.emplace_back(std::move(shape), is_staged ? *record->second->staged : merge::Staged());
    }
    pg::with_snapshot([&](const pg::Snapshot &snapshot) {
        for (const auto &[shape, rows] : to_clear)
            if (sealed)
                ingest::clear(shape, rows, snapshot);
            else
                ingest::clear_all(shape, snapshot);
    });
}

bool has_staged_rows(const Work &work)
{
    pg::TypeCache types;
    for (const catalog::Dataset &dataset : catalog::datasets_of_batch(work.stream.id, work.batch.id))
        if (dataset.reconciled_digest && !ingest::is_empty(catalog::load_shape(work.store, dataset, types)))
            return true;
    return false;
}

} // namespace datasurface::batch
