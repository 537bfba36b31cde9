#include "batch/clear.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "catalog/relation.hpp"
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

// Those that the batch has records of, and that have left the stream since.
std::vector<catalog::Dataset> datasets_left(const Work &work)
{
    std::unordered_set<int> staying;
    for (const Member &member : work.members)
        staying.insert(member.row.id);
    std::vector<int> left;
    for (const catalog::BatchDataset &record : work.records)
        if (staying.count(record.dataset_id) == 0)
            left.push_back(record.dataset_id);
    return left.empty() ? std::vector<catalog::Dataset>() : catalog::datasets_by_id(left);
}

struct Made {
    ingest::StagingTable table;
    int dataset;
};

// The staging tables of the datasets as reconcile has made them: a load may have given them another name, schema or owner, and none of
// that is so before the next reconcile. What has left the model may belong to somebody else by now, and is passed over then.
std::vector<Made> made_staging(const Work &work, const std::vector<catalog::Dataset> &datasets)
{
    if (datasets.empty())
        return {};
    std::unordered_map<int, const catalog::Dataset *> by_id;
    std::vector<int> ids;
    for (const catalog::Dataset &dataset : datasets) {
        by_id.emplace(dataset.id, &dataset);
        ids.push_back(dataset.id);
    }
    std::vector<Made> all;
    for (const catalog::Relation &relation : catalog::staging_of_datasets(ids)) {
        if (!pg::exists(relation.name))
            continue; // dropped by hand: nothing is staged
        const catalog::Dataset &dataset = *by_id.at(relation.dataset_id);
        if (!dataset.in_model && !pg::lock_if_owned(relation.name, relation.owner))
            continue;
        all.push_back(
            {{"dataset \"" + dataset.name + "\" of store \"" + work.store.name + "\"", relation.name, relation.owner},
             dataset.id});
    }
    return all;
}

// Whose tables they are, and before the snapshot, as any other step does.
std::vector<Made> lock_staging(const Work &work, const std::vector<catalog::Dataset> &datasets)
{
    std::vector<Made> all = made_staging(work, datasets);
    for (const Made &made : all)
        ingest::lock(made.table);
    return all;
}

} // namespace

void clear_staging(const Work &work)
{
    bool const sealed = work.batch.ingested;
    RecordsByDataset const records = records_by_dataset(work.records);
    std::vector<Made> const to_clear = lock_staging(work, datasets_to_clear(work));
    pg::with_snapshot([&](const pg::Snapshot &snapshot) {
        for (const Made &made : to_clear) {
            auto const record = records.find(made.dataset);
            bool const is_staged = record != records.end() && record->second->staged;
            if (sealed) // later rows belong to the next batch
                ingest::clear(made.table, is_staged ? *record->second->staged : merge::Staged(), snapshot);
            else
                ingest::clear_all(made.table, snapshot);
        }
    });
}

void clear_left(const Work &work)
{
    std::vector<Made> const to_clear = lock_staging(work, datasets_left(work));
    if (to_clear.empty())
        return;
    pg::with_snapshot([&](const pg::Snapshot &snapshot) {
        for (const Made &made : to_clear)
            ingest::clear_all(made.table, snapshot);
    });
}

bool has_staged_rows(const Work &work)
{
    std::vector<Made> const tables = made_staging(work, catalog::datasets_of_batch(work.stream.id, work.batch.id));
    return std::any_of(tables.begin(), tables.end(), [](const Made &made) { return !ingest::is_empty(made.table); });
}

} // namespace datasurface::batch
