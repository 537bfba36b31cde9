#include "definition/check_watermark.hpp"

#include <algorithm>

#include "base/sqlstate.hpp"
#include "base/text.hpp"
#include "ingest/plan_mark_index.hpp"
#include "ingest/plan_window.hpp"
#include "pg/dry_run.hpp"
#include "pg/select.hpp"
#include "pg/spi.hpp"
#include "shape/condition.hpp"
#include "sqltext/place.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::definition {

namespace {

using model::MarkType;
using model::Severity;
using model::Watermark;

void complain(model::Report &problems, const std::string &pointer, const std::string &code, const std::string &message,
              const std::string &hint)
{
    problems.add({Severity::error, pointer, code, message, hint});
}

std::string rows_of(const model::Dataset &dataset)
{
    if (dataset.from)
        return sqltext::Qualified{dataset.from->table.schema, dataset.from->table.name}.sql();
    return "(\n" + pg::check_select(dataset.query).text + "\n) AS ds_surf_query";
}

const char *read_from(const model::Dataset &dataset)
{
    return dataset.from ? "the table" : "the query";
}

void complain_of_column(model::Report &problems, const model::Dataset &dataset, const std::string &pointer,
                        const pg::DryRun &run)
{
    if (run.problem->sqlstate != sqlstate::undefined_column && run.problem->sqlstate != sqlstate::ambiguous_column)
        return problems.add({Severity::warning, pointer + "/column", "query_fails_now",
                             "reading the marks would fail now: " + run.problem->message, run.problem->hint});
    if (dataset.watermark->type == MarkType::xmin)
        return complain(problems, pointer + "/type", "mark_column_missing",
                        "what \"from\" names has no system column xmin: it is a view",
                        "Name the table that the view reads, or a column with marks.");
    bool const is_missing = run.problem->sqlstate == sqlstate::undefined_column;
    complain(problems, pointer + "/column", "mark_column_missing",
             std::string(read_from(dataset)) + (is_missing ? " has no column " : " has more than one column ") +
                 shown(dataset.watermark->column),
             !is_missing    ? "Give the others another name with AS."
             : dataset.from ? "Name the column of the table that has the marks; upper and lower case are different."
                            : "Let the query give the column too; the dataset need not have it.");
}

// True when the column serves.
bool try_column(model::Report &problems, const model::Dataset &dataset, const std::string &pointer)
{
    const Watermark &mark = *dataset.watermark;
    std::string const column = mark.type == MarkType::xmin ? "xmin" : sqltext::identifier(mark.column);
    pg::DryRun const run = pg::dry_run("SELECT " + column + " FROM " + rows_of(dataset));
    if (run.problem) {
        complain_of_column(problems, dataset, pointer, run);
        return false;
    }
    if (!run.columns || mark.type == MarkType::xmin || ingest::serves(mark.type, run.columns->front().type_oid))
        return true;
    complain(
        problems, pointer + "/column", "mark_column_type",
        "column " + shown(mark.column) + " is of type " + run.columns->front().type + ", not " +
            std::string(word(mark.type)),
        "Name the type that it has in \"type\". Of types other than integer, bigint, date, timestamp and timestamptz there are "
        "no watermarks; a query may cast the column.");
    return false;
}

void try_deleted_when(model::Report &problems, const model::Dataset &dataset, const std::string &pointer)
{
    const std::string &condition = dataset.watermark->deleted_when;
    std::string const before = "SELECT FROM " + rows_of(dataset) + " WHERE ";
    pg::DryRun const run = pg::dry_run(before + shape::condition_sql(condition));
    if (!run.problem)
        return;
    const Error &error = *run.problem;
    if (error.sqlstate == sqlstate::lock_not_available || error.is_refusal)
        return problems.add({Severity::warning, pointer + "/deleted_when", "condition_not_tried",
                             "\"deleted_when\" could not be tried: " + error.message, error.hint});
    int const position = run.position - static_cast<int>(characters(before)) - 1;
    std::string const place = position > 0 && position <= static_cast<int>(characters(condition))
                                  ? " (" + sqltext::in_words(sqltext::place_of(condition, position)) + ")"
                                  : "";
    complain(problems, pointer + "/deleted_when", "condition_invalid",
             "\"deleted_when\" is invalid: " + error.message + place,
             "Write one condition of type boolean over the columns of " + std::string(read_from(dataset)) + ".");
}

// PostgreSQL lets it be read, and its values say nothing.
void check_xmin(model::Report &problems, const model::TableName &table, const std::string &pointer)
{
    pg::Rows const rows =
        pg::query({"is_foreign",
                   "SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                   " WHERE n.nspname::text = $1 AND c.relname::text = $2 AND c.relkind = 'f'",
                   {table.schema, table.name}});
    if (rows.size() > 0)
        complain(problems, pointer + "/type", "mark_column_missing",
                 "the foreign table that \"from\" names does not have the xmin of its server",
                 "Name a column with marks.");
}

std::string marks_of(const std::string &pointer)
{
    return pointer + "/watermark";
}

} // namespace

void check_watermark(model::Report &problems, const model::Dataset &dataset, const std::string &pointer)
{
    const Watermark &mark = *dataset.watermark;
    std::string const here = marks_of(pointer);
    if (std::optional<pg::ConditionFault> const fault =
            mark.deleted_when.empty() ? std::optional<pg::ConditionFault>() : pg::check_condition(mark.deleted_when))
        complain(problems, here + "/deleted_when", "condition_invalid",
                 "\"deleted_when\" is invalid: " + fault->problem,
                 "Write one condition of type boolean over the columns of " + std::string(read_from(dataset)) + ".");
    if (mark.time_zone.empty())
        return;
    // PostgreSQL takes more, such as -05:00, which it reads as POSIX does: five hours east of Greenwich
    pg::Rows const known =
        pg::query({"time_zone",
                   "SELECT 1 FROM pg_catalog.pg_timezone_names WHERE pg_catalog.lower(name) = pg_catalog.lower($1)",
                   {mark.time_zone}});
    if (known.empty())
        complain(
            problems, here + "/time_zone", "unknown_time_zone", "no time zone has the name " + shown(mark.time_zone),
            "Write a name such as \"UTC\" or \"America/New_York\", and not an offset or an abbreviation; pg_timezone_names lists the names.");
}

void try_watermark(model::Report &problems, const model::Dataset &dataset, const std::string &pointer)
{
    std::string const here = marks_of(pointer);
    (void)try_column(problems, dataset, here);
    if (!dataset.watermark->deleted_when.empty() && !pg::check_condition(dataset.watermark->deleted_when))
        try_deleted_when(problems, dataset, here);
}

void check_mark_index(model::Report &problems, const model::Dataset &dataset, const std::string &pointer)
{
    const std::string &column = dataset.watermark->column;
    if (!dataset.from)
        return;
    const model::TableName &table = dataset.from->table;
    if (column.empty())
        return check_xmin(problems, table, marks_of(pointer));
    pg::Rows const rows = pg::query({"unindexed_pages", ingest::unindexed_pages_statement(table, column), {}});
    if (std::int64_t const pages = rows.bigint(0, 0); pages > ingest::few_pages)
        problems.add({Severity::warning, marks_of(pointer) + "/column", "mark_not_indexed",
                      ingest::unindexed_message(table, column, pages), ingest::unindexed_hint(table, column)});
}

void leave_out_used(ingest::Fit &fit, const model::Dataset &dataset)
{
    if (!dataset.watermark)
        return;
    const Watermark &mark = *dataset.watermark;
    auto const is_used = [&](const std::string &name) {
        return name == mark.column || mark.deleted_when.find(name) != std::string::npos;
    };
    fit.unused.erase(std::remove_if(fit.unused.begin(), fit.unused.end(), is_used), fit.unused.end());
}

} // namespace datasurface::definition
