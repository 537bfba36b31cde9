#include "heap/engine.hpp"

#include "heap/compare.hpp"
#include "heap/confirm.hpp"
#include "heap/order.hpp"
#include "heap/write.hpp"
#include "pg/stop_point.hpp"

extern "C" {
#include "storage/bufmgr.h"
}

namespace datasurface::heap {

namespace {

struct Merge {
    Tables &tables;
    const Request &request;
    ServerMemory &memory;
    TemporaryFiles &files;
    diff::Findings &findings;
    Outcome outcome;
};

enum class Confirmed { yes, other_keys };

// What differs by its digest only is not changed. The list is replaced by one of what is.
Confirmed confirm_changes(Merge &merge, diff::Tape<diff::Pair> &confirmed)
{
    diff::Tape<diff::Pair> &candidates = merge.findings.changed;
    if (candidates.size() == 0)
        return Confirmed::yes;
    Confirmer *const confirmer = pg::call([&] { return begin_confirming(merge.tables); });
    diff::Pair pairs[write_batch];
    Compared results[write_batch];
    bool other_keys = false;
    candidates.rewind();
    while (std::size_t const count = candidates.read(pairs, write_batch)) {
        pg::call([&] { confirm(*confirmer, pairs, static_cast<int>(count), results); });
        for (std::size_t i = 0; i < count; ++i) {
            if (results[i] == Compared::changed)
                confirmed.append(pairs[i]);
            else if (results[i] == Compared::unchanged)
                merge.outcome.unchanged++;
            else
                other_keys = true;
        }
    }
    pg::call([&] { end_confirming(*confirmer); });
    return other_keys ? Confirmed::other_keys : Confirmed::yes;
}

// Writes a list batch by batch, until one of them does not go through.
template <class Item, class Write>
Written write_all(diff::Tape<Item> &list, Write write)
{
    Item items[write_batch];
    list.rewind();
    while (std::size_t const count = list.read(items, write_batch)) {
        Written const written = pg::call([&] { return write(items, static_cast<int>(count)); });
        if (written != Written::done)
            return written;
    }
    return Written::done;
}

bool is_bulk(const Relation staging)
{
    return pg::call([&] { return RelationGetNumberOfBlocks(staging) > static_cast<BlockNumber>(NBuffers / 4); });
}

// In this order, so that a unique value that one row gives up is free for another.
Written apply(Merge &merge, diff::Tape<diff::Pair> &changed)
{
    diff::Findings &findings = merge.findings;
    if (changed.size() + findings.deleted.size() + findings.inserted.size() == 0)
        return Written::done;
    put_in_order(findings.deleted, merge.request.memory);
    put_in_order(findings.inserted, merge.request.memory);
    bool const bulk = is_bulk(merge.tables.staging.relation);
    Writer *const writer = pg::call([&] { return begin_writing(merge.tables, bulk); });
    Written written =
        write_all(findings.deleted, [&](const auto *rows, int count) { return delete_rows(*writer, rows, count); });
    pg::stop_point("merge.deleted");
    if (written == Written::done)
        written = write_all(changed, [&](const auto *rows, int count) { return update_rows(*writer, rows, count); });
    pg::stop_point("merge.updated");
    if (written == Written::done)
        written = write_all(findings.inserted,
                            [&](const auto *rows, int count) { return insert_rows(*writer, rows, count); });
    pg::stop_point("merge.inserted");
    if (written == Written::done)
        pg::call([&] { end_writing(*writer); });
    return written;
}

Verdict verdict_of(Written written)
{
    return written == Written::done        ? Verdict::merged
           : written == Written::key_taken ? Verdict::key_taken
                                           : Verdict::changed_meanwhile;
}

void refuse(Merge &merge, const std::string &why)
{
    merge.outcome = Outcome();
    merge.outcome.verdict = Verdict::refused;
    merge.outcome.why = why;
}

void finish_load(Merge &merge, const Loaded &last, std::int64_t rows)
{
    merge.outcome.inserted = rows;
    merge.outcome.verdict = last.written != Written::done                   ? verdict_of(last.written)
                            : last.null_key || rows != merge.request.staged ? Verdict::odd_staging
                                                                            : Verdict::merged;
}

// All rows are new. The index of the primary key finds those that are there twice.
void load(Merge &merge)
{
    bool const bulk = is_bulk(merge.tables.staging.relation);
    Writer *const writer = pg::call([&] { return begin_writing(merge.tables, bulk); });
    TableScanDesc const scan = pg::call([&] {
        return table_beginscan_strat(merge.tables.staging.relation, merge.tables.snapshot, 0, nullptr, true, false);
    });
    std::int64_t rows = 0;
    Loaded loaded{};
    while (loaded.written == Written::done && !loaded.null_key && !loaded.at_end) {
        loaded = pg::call([&] { return load_rows(*writer, scan); });
        rows += loaded.rows;
        pg::stop_point("merge.loading");
    }
    pg::call([&] {
        table_endscan(scan);
        end_writing(*writer);
    });
    finish_load(merge, loaded, rows);
}

bool is_first_load(const Merge &merge)
{
    return merge.request.may_load &&
           pg::call([&] { return RelationGetNumberOfBlocks(merge.tables.merge.relation) == 0; });
}

void run(Merge &merge)
{
    if (is_first_load(merge))
        return load(merge);
    diff::Findings &findings = merge.findings;
    Comparison const compared = compare(merge.tables, merge.request, {nullptr, 0}, merge.memory, merge.files, findings);
    merge.outcome.workers = compared.workers;
    merge.outcome.why_no_more = compared.why_no_more;
    merge.outcome.unchanged = compared.unchanged;
    if (compared.staged != merge.request.staged || compared.null_keys > 0 || findings.staged_twice.size() > 0) {
        merge.outcome.verdict = Verdict::odd_staging;
        return;
    }
    if (findings.merged_twice > 0)
        return refuse(merge, "two rows of the merge table have one key digest");
    diff::Tape<diff::Pair> changed(merge.memory, merge.files, merge.request.memory / 16);
    if (confirm_changes(merge, changed) == Confirmed::other_keys)
        return refuse(merge, "two keys have one digest");
    pg::stop_point("merge.compared");
    merge.outcome.verdict = verdict_of(apply(merge, changed));
    merge.outcome.updated = static_cast<std::int64_t>(changed.size());
    merge.outcome.inserted = static_cast<std::int64_t>(findings.inserted.size());
    merge.outcome.deleted = static_cast<std::int64_t>(findings.deleted.size());
}

} // namespace

Outcome merge(const shape::Shape &shape, const Request &request, const pg::Snapshot &snapshot)
{
    Outcome outcome;
    MemoryContext const context = pg::call(
        [] { return AllocSetContextCreate(CurTransactionContext, "datasurface merge", ALLOCSET_DEFAULT_SIZES); });
    Opened const opened =
        pg::call([&] { return open_tables(shape, context, static_cast<Snapshot>(snapshot.handle())); });
    if (opened.problem == nullptr) {
        opened.tables->last_arrival = request.last_arrival;
        opened.tables->batch = request.batch;
        ServerMemory memory(context);
        TemporaryFiles files(context);
        diff::Findings findings = make_findings(memory, files, request.memory);
        Merge merge{*opened.tables, request, memory, files, findings, {}};
        run(merge);
        outcome = merge.outcome;
    } else {
        outcome.verdict = Verdict::refused;
        outcome.why = opened.problem;
    }
    pg::call([&] {
        close_tables(*opened.tables);
        MemoryContextDelete(context);
    });
    return outcome;
}

} // namespace datasurface::heap
