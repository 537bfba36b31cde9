#include "batch/test_watermark.hpp"

#include "base/text.hpp"
#include "ingest/plan_mark_index.hpp"
#include "ingest/plan_window.hpp"
#include "ingest/plan_window_sql.hpp"

namespace datasurface::batch {

namespace {

using model::Watermark;

// Why the mark would stay where it is.
SourceCheck held(const std::string &title, const std::string &why, const remote::SourceClock &clock)
{
    if (clock.has_prepared)
        return {title, true, why + ": the mark stays until it ends", "SELECT * FROM pg_prepared_xacts;"};
    if (!clock.now)
        return {title, false, why + ", so the mark would stay", "Wait until it has replayed one, or read the primary."};
    std::string const or_overlap = "give the watermark an \"overlap\", such as \"10min\".";
    return {title, false, why + ", so the mark would stay and each window be larger",
            clock.hides_sessions
                ? "At the source: GRANT pg_read_all_stats TO the user of the credential. Or " + or_overlap
                : "Read the primary, or " + or_overlap};
}

SourceCheck index_of(const std::string &title, const model::Dataset &dataset, const shape::Shape &shape,
                     ingest::RemoteSnapshot &snapshot)
{
    const Watermark &mark = *dataset.watermark;
    if (mark.column.empty())
        return {title, true, "each window reads the whole table, because no index has xmin", ""};
    std::string const serves = "column " + shown(mark.column) + " serves as " + std::string(word(mark.type));
    if (!dataset.from)
        return {title, true, serves, ""};
    const model::TableName &table = dataset.from->table;
    std::int64_t const pages =
        std::stoll(snapshot.try_row_of(shape, ingest::unindexed_pages_statement(table, mark.column)).at(0));
    if (pages <= ingest::few_pages)
        return {title, true, serves, ""};
    return {title, true, serves + "; " + ingest::unindexed_message(table, mark.column, pages),
            "At the source: " + ingest::unindexed_hint(table, mark.column)};
}

} // namespace

SourceCheck test_watermark(const std::string &title, const model::Dataset &dataset, const shape::Shape &shape,
                           ingest::RemoteSnapshot &snapshot)
{
    const Watermark &mark = *dataset.watermark;
    if (!ingest::serves(mark.type, snapshot.type_of(shape, "", ingest::mark_column)))
        return {
            title, false, "column " + shown(mark.column) + " has another type than " + std::string(word(mark.type)),
            "Name the type that it has at the source; of types other than integer, bigint, date, timestamp and timestamptz "
            "there are no watermarks."};
    std::string const why = ingest::why_held(mark, snapshot.clock());
    return why.empty() ? index_of(title, dataset, shape, snapshot) : held(title, why, snapshot.clock());
}

} // namespace datasurface::batch
