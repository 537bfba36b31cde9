#include "batch/windows.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "batch/source.hpp"
#include "ingest/plan_window_sql.hpp"
#include "pg/dry_run.hpp"
#include "pg/session.hpp"

namespace datasurface::batch {

namespace {

bool has_watermark(const Member &member)
{
    return member.watermark() != nullptr;
}

// Nothing was loaded yet.
bool is_empty(const Member &member, const pg::Snapshot &snapshot)
{
    const shape::Shape &shape = member.shape();
    if (member.watermark()->window != model::WindowEnd::half_open)
        return false;
    std::string const query = "SELECT NOT EXISTS (SELECT FROM " + shape.names.merge.sql() + ")";
    bool empty = false;
    pg::as_role(shape.owner, [&] { empty = pg::query({"is_empty", query, {}}, &snapshot).boolean(0, 0); });
    return empty;
}

// The source of the batch may not be at the state of the last mark yet, or no more. A standby that was promoted may lack what its primary
// had committed last, though its position has passed that by now.
bool may_be_backwards(const Work &work)
{
    if (!work.batch.received)
        return false;
    return !work.stream.source || gone_back(work) ||
           work.stream.source->timeline != work.batch.received->snapshot.timeline;
}

} // namespace

bool has_watermarks(const Work &work)
{
    return std::any_of(work.members.begin(), work.members.end(), has_watermark);
}

bool expects_window(const Work &work)
{
    return std::any_of(work.members.begin(), work.members.end(), [](const Member &member) {
        return has_watermark(member) && ingest::why_whole(*member.watermark(), member.last_mark).empty();
    });
}

Windows::Windows(const Work &work, ingest::Origin &origin) : work_(work), origin_(origin)
{
    windows_.resize(work.members.size());
    if (!has_watermarks(work))
        return;
    clock_ = origin.clock();
    bool const backwards = may_be_backwards(work);
    for (std::size_t i = 0; i < work.members.size(); ++i)
        if (const Member &member = work.members[i]; has_watermark(member))
            windows_[i] = ingest::plan_window(*member.watermark(), member.last_mark, clock_, backwards);
}

std::string Windows::select(std::size_t at, const std::string &select, const pg::Snapshot &snapshot)
{
    const Member &member = work_.members[at];
    if (!has_watermark(member))
        return select;
    const model::Watermark &watermark = *member.watermark();
    ingest::Window &window = windows_[at];
    require_type(member, select);
    require_own_transactions(member, snapshot);
    if (ingest::needs_seen_marks(watermark)) {
        ingest::SeenMarks const seen = seen_marks(member, window, select, snapshot);
        bool const is_first = window.is_whole() && is_empty(member, snapshot);
        window = ingest::settle(watermark, member.last_mark, std::move(window), seen, is_first);
    }
    return ingest::select_of(watermark, window, select);
}

void Windows::require_type(const Member &member, const std::string &select)
{
    const model::Watermark &watermark = *member.watermark();
    if (ingest::serves(watermark.type, origin_.type_of(member.shape(), select, ingest::mark_column)))
        return;
    throw Error(
        sqlstate::datatype_mismatch,
        "the watermark of " + title(member.shape()) + " has another type than " + std::string(word(watermark.type)),
        "Its column is \"" + watermark.column + "\".",
        "Load a model with the type that the column has at the source; of other types there are no watermarks.");
}

void Windows::require_own_transactions(const Member &member, const pg::Snapshot &snapshot)
{
    const model::Watermark &watermark = *member.watermark();
    std::string const query = ingest::foreign_part_statement(watermark, member.kept->pull.table);
    if (query.empty())
        return;
    std::string const part = origin_.row_of(member.shape(), query, snapshot).at(0);
    if (!part.empty())
        throw Error(sqlstate::wrong_object_type,
                    "the watermark of " + title(member.shape()) + " needs a table of the server that is read",
                    "The rows of \"" + part +
                        "\" are written by transactions that this server does not see, or it is a view.",
                    watermark.type == model::MarkType::xmin ? "Load a model with a column that has marks."
                                                            : "Load a model with an \"overlap\".");
}

ingest::SeenMarks Windows::seen_marks(const Member &member, const ingest::Window &window, const std::string &select,
                                      const pg::Snapshot &snapshot)
{
    const model::Watermark &watermark = *member.watermark();
    std::string const query = ingest::select_of_seen_marks(watermark, window, select);
    std::vector<std::string> const row = origin_.row_of(member.shape(), query, snapshot);
    ingest::SeenMarks seen;
    if (!row.at(0).empty())
        seen.largest = std::stoll(row[0]);
    seen.has_null = row.at(1) != "f";
    if (seen.has_null && watermark.nulls == model::NullMarks::fail)
        throw Error(
            sqlstate::null_value_not_allowed, title(member.shape()) + " has rows without a mark",
            "Column \"" + watermark.column + "\" is NULL there, and the model says \"nulls\": \"fail\".",
            "Correct the rows at their source, or say \"always\" (read them each time) or \"ignore\" (by whole pulls only).");
    return seen;
}

void Windows::note(std::size_t at, catalog::BatchDataset &record) const
{
    if (!has_watermark(work_.members[at]))
        return;
    const ingest::Window &window = windows_[at];
    record.mode = window.is_whole() ? merge::Mode::whole_snapshot : merge::Mode::window;
    record.mark = catalog::NewMark{window.to, window.held_by, window.why_whole};
}

void load_marks(Work &work)
{
    if (!has_watermarks(work))
        return;
    std::vector<int> ids;
    for (const Member &member : work.members)
        ids.push_back(member.row.id);
    std::unordered_map<int, ingest::LastMark> const marks = catalog::last_marks(ids);
    for (Member &member : work.members)
        if (auto const found = marks.find(member.row.id); found != marks.end() && !member.needs_all_rows)
            member.last_mark = found->second;
}

void save_marks(const Work &work)
{
    for (const catalog::BatchDataset &record : work.records)
        if (record.mark && record.result)
            catalog::save_mark(record.dataset_id, *record.mark, work.batch.ingested_at.value_or(""),
                               record.result->staged, record.result->unchanged);
}

} // namespace datasurface::batch
