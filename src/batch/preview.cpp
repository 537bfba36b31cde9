#include "batch/preview.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "batch/work.hpp"
#include "merge/run.hpp"
#include "pg/report.hpp"
#include "pg/session.hpp"
#include "pg/spi.hpp"
#include "rights/facts.hpp"

namespace datasurface::batch {

namespace {

constexpr int most_rows = 1000;

void require_staged(const Work &work)
{
    if (work.facts.ingested && work.facts.is_open_batch)
        return;
    throw Error(sqlstate::wrong_batch_state,
                batch_title(work.stream.name, work.batch.id) +
                    (work.facts.state ? " is " + std::string(word(*work.facts.state)) : " does not exist"),
                "Only a batch whose rows are staged, and not published yet, can be previewed.",
                "SELECT * FROM datasurface.batches WHERE state IN ('held', 'ingested'); lists them.");
}

// 0 if the caller may not see rows.
int rows_to_show(const Work &work, const Member &member, int rows)
{
    if (rights::may_preview_rows(pg::calling_role(), work.store, member.shape().names.merge))
        return rows;
    pg::warn("rows of dataset \"" + member.row.name + "\" are not shown, for you may not read them",
             "Have somebody grant you SELECT on " + member.shape().names.merge.sql() +
                 ", or name your role in the \"release\" of the store.");
    return 0;
}

} // namespace

std::vector<DatasetPreview> preview(const std::string &stream, int batch, int rows)
{
    if (rows < 0 || rows > most_rows)
        throw Error(sqlstate::invalid_parameter_value,
                    "rows must be from 0 to " + std::to_string(most_rows) + ", not " + std::to_string(rows),
                    "It is the number of rows of each kind that are shown.", "0 shows the counts alone.");
    Work work = begin_work(stream, Call::preview);
    load_batch(work, batch);
    require_staged(work);
    require_unchanged(work);
    make_shapes(work);
    for (const Member &member : work.members)
        merge::lock(member.shape(), false);
    renew_shapes(work);
    RecordsByDataset const records = records_by_dataset(work.records);
    std::vector<DatasetPreview> previews;
    pg::with_snapshot([&](const pg::Snapshot &snapshot) {
        for (const Member &member : work.members) {
            const catalog::BatchDataset &record = *records.at(member.row.id);
            merge::Plan const plan = merge::plan_merge(record.mode, member.shape(), batch, record.staged.value());
            int const shown = rows > 0 ? rows_to_show(work, member, rows) : 0;
            previews.push_back({member.row.name, merge::preview(plan, snapshot, shown)});
        }
    });
    return previews;
}

} // namespace datasurface::batch
