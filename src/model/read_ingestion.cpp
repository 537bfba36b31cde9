#include "model/read_ingestion.hpp"

#include <memory>
#include <utility>

#include "base/text.hpp"
#include "model/check_text.hpp"
#include "model/closing.hpp"
#include "model/lint_names.hpp"
#include "model/read_watermark.hpp"
#include "model/table_name.hpp"

namespace datasurface::model {

namespace {

constexpr std::size_t longest_query = 1'000'000; // characters
constexpr std::size_t longest_filter = 10'000;   // characters
constexpr std::size_t longest_table = 300; // characters: two names of 63 in quotes, each character of them doubled

constexpr BlankText no_query{"empty_query", "the query"};
constexpr BlankText no_table{"empty_name", "the name of the table"};
constexpr BlankText no_filter{"empty_condition", "the condition"};

From &made(std::shared_ptr<From> &from)
{
    if (!from)
        from = std::make_shared<From>();
    return *from;
}

Slot watermark_in(Notes &notes)
{
    notes.watermark = std::make_shared<Watermark>();
    return watermark_slot(*notes.watermark);
}

constexpr Member ingestion_members[] = {
    {"kind", true,
     [](void *dataset) -> Slot {
         return word_into<Ingestion::push, Ingestion::sql_snapshot, Ingestion::sql_watermark>(
             as<Dataset>(dataset).ingestion);
     }},
    {"query", false,
     [](void *dataset) -> Slot {
         return Text{&as<Dataset>(dataset).query, &may_be_blank, unbounded};
     }},
    {"rows", false,
     [](void *dataset) -> Slot {
         return word_into<PushedRows::snapshot, PushedRows::delta>(as<Dataset>(dataset).rows);
     }},
    {"from", false, nullptr,
     [](Notes &notes) -> Slot {
         return Text{&notes.from, &no_table, longest_table};
     }},
    {"filter", false, nullptr,
     [](Notes &notes) -> Slot {
         return Text{&made(notes.of_from).filter, &no_filter, longest_filter};
     }},
    {"match_columns", false, nullptr,
     [](Notes &notes) -> Slot {
         return word_into<MatchColumns::subset, MatchColumns::exact>(made(notes.of_from).match_columns);
     }},
    {"watermark", false, nullptr, watermark_in},
};

void refuse(Closing &closing, std::string_view member, std::string_view code, const std::string &message,
            const std::string &hint)
{
    if (closing.has(member))
        closing.report.error(closing.at(member), code, message, hint);
}

void finish_push(Dataset &dataset, Closing &closing)
{
    dataset.query.clear();
    refuse(closing, "query", "unexpected_query", "ingestion \"push\" has no query",
           "Leave it out, or use \"kind\": \"sql_snapshot\".");
    for (const char *const member : {"from", "filter", "match_columns"})
        refuse(closing, member, "unexpected_from",
               std::string("ingestion \"push\" reads no table, and has no \"") + member + "\"",
               "Leave it out, or use \"kind\": \"sql_snapshot\".");
}

void finish_query(Dataset &dataset, Closing &closing)
{
    for (const char *const member : {"filter", "match_columns"})
        refuse(closing, member, "unexpected_from",
               std::string("\"") + member + "\" is about the table that \"from\" names, and there is none",
               "Say it in the query.");
    if (closing.could_read("query") &&
        !check_text(dataset.query, no_query, longest_query, closing.at("query"), closing.report))
        dataset.query.clear();
}

void finish_from(Dataset &dataset, const std::string &text, std::shared_ptr<From> from, Closing &closing)
{
    if (closing.has("query")) {
        closing.report.error(closing.at("from"), "query_and_from", "there is a query and a table to read from",
                             "Leave one of them out.");
        dataset.query.clear();
        return;
    }
    if (!closing.could_read("from") || text.empty())
        return; // it is reported
    std::optional<TableName> table = table_name(text);
    if (!table) {
        closing.report.error(closing.at("from"), "invalid_table_name",
                             "\"from\" is the name of a table with its schema, such as erp.customers",
                             "A name with a dot in it stands in double quotes; upper and lower case are different.");
        return;
    }
    lint_name(table->schema, closing.at("from"), "a schema", longest_identifier, closing.report);
    lint_name(table->name, closing.at("from"), "a table", longest_identifier, closing.report);
    made(from).table = std::move(*table);
    dataset.from = std::move(from);
}

void finish_watermark(Dataset &dataset, std::shared_ptr<Watermark> watermark, bool sees_deletes, Closing &closing)
{
    if (dataset.ingestion != Ingestion::sql_watermark)
        return refuse(closing, "watermark", "unexpected_watermark",
                      "ingestion " + shown(word(dataset.ingestion)) + " has no \"watermark\"",
                      "Leave it out, or use \"kind\": \"sql_watermark\".");
    if (!closing.has("watermark"))
        closing.report.error(closing.at(), "missing_member",
                             "ingestion \"sql_watermark\" lacks the member \"watermark\"",
                             "Say which column has the marks: {\"column\": \"updated_at\", \"type\": \"timestamptz\", "
                             "\"overlap\": \"10min\"}. Without one, use \"kind\": \"sql_snapshot\".");
    if (!watermark || !closing.could_read("watermark"))
        return;
    if (watermark->type == MarkType::xmin && !closing.has("from"))
        closing.report.error(closing.at(), "xmin_of_query",
                             "a watermark of type \"xmin\" is of a table, and there is no \"from\"",
                             "Name the table in \"from\".");
    if (!sees_deletes)
        closing.report
            .warning(closing.at("watermark"), "deletes_unseen",
                     "rows that are deleted at the source stay here: a window does not tell of them",
                     "Add \"full_every\": \"7d\", say, or \"deleted_when\" if the source marks deleted rows.");
    dataset.watermark = std::move(watermark);
}

// The kind may come after the other members, so they are compared when the object is complete.
void finish_ingestion(void *object, Closing &closing)
{
    Dataset &dataset = as<Dataset>(object);
    Notes &notes = closing.notes;
    std::string const text = std::exchange(notes.from, {});
    std::shared_ptr<From> from = std::exchange(notes.of_from, nullptr);
    std::shared_ptr<Watermark> watermark = std::exchange(notes.watermark, nullptr);
    bool const sees_deletes = std::exchange(notes.sees_deletes, false);
    notes.knows_kind = closing.could_read("kind");
    notes.has_from = closing.has("from");
    if (!notes.knows_kind)
        return;
    finish_watermark(dataset, std::move(watermark), sees_deletes, closing);
    if (dataset.ingestion == Ingestion::push)
        return finish_push(dataset, closing);
    dataset.rows = PushedRows::snapshot;
    refuse(closing, "rows", "unexpected_rows",
           "ingestion " + shown(word(dataset.ingestion)) + " pulls its rows, and has no \"rows\"",
           "Leave it out, or use \"kind\": \"push\".");
    if (closing.has("from"))
        return finish_from(dataset, text, std::move(from), closing);
    if (!closing.has("query"))
        closing.report.error(closing.at(), "missing_member",
                             "ingestion " + shown(word(dataset.ingestion)) + " lacks the member \"query\" or \"from\"",
                             "Give the SELECT whose rows the dataset has, or the table that has them.");
    finish_query(dataset, closing);
}

constexpr Shape ingestion_shape{"an ingestion", ingestion_members, finish_ingestion};

} // namespace

Slot ingestion_slot(Dataset &dataset)
{
    return Object{&dataset, &ingestion_shape};
}

} // namespace datasurface::model
