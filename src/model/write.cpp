// Canonical JSON: members are sorted by name, so equal values give equal text.
#include "model/write.hpp"

#include "model/resolve.hpp"
#include "model/table_name.hpp"
#include "model/write_source.hpp"
#include "model/writer.hpp"

namespace datasurface::model {

namespace {

// The parts of a dataset that are written: all; all but descriptions; what its tables depend on; which rows its source gives.
enum class Extent { whole, behaviour, tables, rows };

void write_members(Writer &out, const Column &column, Extent extent)
{
    bool const whole = extent == Extent::whole;
    if (whole && column.default_text)
        out.member("default").put(*column.default_text);
    if (whole)
        out.member_unless_empty("description", column.description);
    if (column.from && extent != Extent::tables)
        out.member("from").put(*column.from);
    if (whole && column.id != 0)
        out.member("id").put_whole(column.id);
    out.member("name").put(column.name);
    out.member("nullable").put_flag(column.nullable);
    out.member("type").put(column.type);
}

void write_brake(Writer &out, const Brake &brake)
{
    if (brake.action == Action::off)
        return out.put(word(brake.action));
    out.open('{');
    out.member("action").put(word(brake.action));
    if (brake.factor)
        out.member("factor").put_number(*brake.factor);
    if (brake.percent)
        out.member("percent").put_number(*brake.percent);
    if (brake.rows)
        out.member("rows").put_whole(*brake.rows);
    out.close('}');
}

void write_members(Writer &out, const Check &check)
{
    out.member("condition").put(check.condition);
    out.member("name").put(check.name);
    out.member("severity").put(word(check.severity));
}

void write_members(Writer &out, const Reference &reference)
{
    out.member("columns").put_names(reference.columns);
    out.member("dataset").put(reference.dataset);
    out.member("name").put(reference.name);
    out.member("severity").put(word(reference.severity));
    out.member("to").put_names(reference.to);
}

void write_brakes_and_checks(Writer &out, const Rules &rules)
{
    out.member("brakes").open('{');
    for (const NamedBrake &one : all_brakes)
        write_brake(out.member(one.name), rules.brakes.*one.brake);
    out.close('}');
    if (!rules.checks.empty())
        out.member("checks").put_objects(rules.checks, [&](const auto &one) { write_members(out, one); });
}

void write_references_and_when_held(Writer &out, const Rules &rules)
{
    if (!rules.references.empty())
        out.member("references").put_objects(rules.references, [&](const auto &one) { write_members(out, one); });
    out.member("when_held").put(word(rules.when_held));
}

// What another value of leaves the rows as they are is no part of Extent::rows.
void write_members(Writer &out, const Watermark &mark, Extent extent)
{
    bool const whole = extent != Extent::rows;
    out.member_unless_empty("column", mark.column);
    out.member_unless_empty("deleted_when", mark.deleted_when);
    if (whole) {
        out.member_unless_empty("full_every", mark.full_every);
        if (mark.type != MarkType::xmin)
            out.member("nulls").put(word(mark.nulls));
        out.member_unless_empty("overlap", mark.overlap);
    }
    // what a mark has waited for: an overlap stands for sessions that cannot be seen
    if (!whole && mark.stamped_by == StampedBy::transaction)
        out.member("has_overlap").put_flag(!mark.overlap.empty());
    if (mark.type != MarkType::xmin)
        out.member("stamped_by").put(word(mark.stamped_by));
    out.member_unless_empty("time_zone", mark.time_zone);
    out.member("type").put(word(mark.type));
    if (whole && mark.type != MarkType::xmin)
        out.member("window").put(word(mark.window));
}

// Tables of pulled datasets are alike, but for the mark of deleted rows in the staging table.
void write_ingestion_of_tables(Writer &out, const Dataset &dataset)
{
    out.member("ingestion").open('{');
    out.member("kind").put(word(is_pulled(dataset.ingestion) ? Ingestion::sql_snapshot : Ingestion::push));
    if (stages_deletes(dataset))
        out.member("stages_deletes").put_flag(true);
    out.close('}');
}

void write_ingestion(Writer &out, const Dataset &dataset, Extent extent)
{
    if (extent == Extent::tables)
        return write_ingestion_of_tables(out, dataset);
    bool const whole = is_pulled(dataset.ingestion);
    const From *const from = whole ? dataset.from.get() : nullptr;
    out.member("ingestion").open('{');
    if (from != nullptr) {
        out.member_unless_empty("filter", from->filter);
        out.member("from").put(text_of(from->table));
    }
    out.member("kind").put(word(dataset.ingestion));
    if (from != nullptr)
        out.member("match_columns").put(word(from->match_columns));
    else if (whole)
        out.member("query").put(dataset.query);
    if (dataset.rows !=
        PushedRows::snapshot) // that is not written, so that a model that an earlier version wrote stays as it is
        out.member("rows").put(word(dataset.rows));
    if (dataset.watermark) {
        out.member("watermark").open('{');
        write_members(out, *dataset.watermark, extent);
        out.close('}');
    }
    out.close('}');
}

void write_rows_members(Writer &out, const Dataset &dataset)
{
    out.member("columns").put_objects(dataset.columns, [&](const auto &one) { write_members(out, one, Extent::rows); });
    write_ingestion(out, dataset, Extent::rows);
    out.member("primary_key").put_names(dataset.primary_key);
}

void write_members(Writer &out, const FirstLoad &first_load)
{
    out.member("chunk_rows").put_whole(first_load.chunk_rows);
    out.member("connections").put_whole(first_load.connections);
}

void write_first_load(Writer &out, const Dataset &dataset)
{
    if (!dataset.first_load)
        return;
    out.member("first_load").open('{');
    write_members(out, *dataset.first_load);
    out.close('}');
}

void write_members(Writer &out, const Dataset &dataset, Extent extent)
{
    // what is built in is not written, so that a model that an earlier version wrote stays as it is
    bool const with_rules =
        extent == Extent::whole && dataset.rules && rules_json(*dataset.rules) != rules_json(built_in_rules(dataset));
    if (with_rules)
        write_brakes_and_checks(out, *dataset.rules);
    out.member("columns").put_objects(dataset.columns, [&](const auto &one) { write_members(out, one, extent); });
    if (extent == Extent::whole)
        out.member_unless_empty("description", dataset.description);
    if (extent != Extent::tables)
        out.member("duplicate_keys").put(word(dataset.duplicate_keys));
    out.member("fillfactor").put_whole(dataset.fillfactor);
    if (extent == Extent::whole)
        write_first_load(out, dataset);
    out.member("history_key_index").put_flag(dataset.history_key_index);
    write_ingestion(out, dataset, extent);
    out.member("milestoning").put(word(dataset.milestoning));
    out.member("name").put(dataset.name);
    out.member("primary_key").put_names(dataset.primary_key);
    if (with_rules)
        write_references_and_when_held(out, *dataset.rules);
}

void write_members(Writer &out, const Consumer &consumer)
{
    if (consumer.readers)
        out.member("readers").put_names(*consumer.readers);
    out.member("workspace").put(consumer.workspace);
}

void write_consumers(Writer &out, const Access &access)
{
    if (access.consumers)
        out.member("consumers").put_objects(*access.consumers, [&](const auto &one) { write_members(out, one); });
}

void write_release(Writer &out, const Access &access)
{
    if (access.release)
        out.member("release").put_names(*access.release);
}

void write_members(Writer &out, const Access &access)
{
    write_consumers(out, access);
    out.member("operators").put_names(access.operators);
    write_release(out, access);
}

void write_members(Writer &out, const Store &store)
{
    out.member("consistency").put(word(store.consistency));
    write_consumers(out, store);
    out.member("datasets").put_objects(store.datasets, [&](const auto &one) {
        write_members(out, one, Extent::whole);
    });
    if (store.description)
        out.member_unless_empty("description", *store.description);
    out.member("name").put(store.name);
    out.member("operators").put_names(store.operators);
    out.member_unless_empty("owner", store.owner);
    write_release(out, store);
    out.member("schema").put(store.schema);
    if (store.source)
        out.member("source").put(*store.source);
}

// A column that keeps its name in the view is that name alone.
void write_columns(Writer &out, const std::vector<SinkColumn> &columns)
{
    out.open('[');
    for (const SinkColumn &column : columns) {
        if (column.name() == column.column) {
            out.put(column.column);
            continue;
        }
        out.open('{');
        out.member("as").put(column.name());
        out.member("column").put(column.column);
        out.close('}');
    }
    out.close(']');
}

void write_members(Writer &out, const Sink &sink)
{
    if (!sink.columns().empty())
        write_columns(out.member("columns"), sink.columns());
    out.member("dataset").put(sink.dataset);
    out.member("name").put(sink.name);
    out.member("store").put(sink.store);
    if (!sink.where().empty())
        out.member("where").put(sink.where());
}

void write_members(Writer &out, const Group &group)
{
    out.member_unless_empty("description", group.description);
    out.member("name").put(group.name);
    out.member("sinks").put_objects(group.sinks, [&](const auto &one) { write_members(out, one); });
}

void write_members(Writer &out, const Workspace &workspace)
{
    out.member_unless_empty("description", workspace.description);
    out.member("groups").put_objects(workspace.groups, [&](const auto &one) { write_members(out, one); });
    out.member("name").put(workspace.name);
    out.member_unless_empty("owner", workspace.owner);
    if (!workspace.readers().empty())
        out.member("readers").put_names(workspace.readers());
    out.member("schema").put(workspace.schema);
}

void write_members(Writer &out, const Rules &rules)
{
    write_brakes_and_checks(out, rules);
    write_references_and_when_held(out, rules);
}

template <typename Part, typename... More>
std::string text_with(const Part &part, More... more)
{
    Writer out;
    out.open('{');
    write_members(out, part, more...);
    out.close('}');
    return out.take();
}

} // namespace

std::string to_json(const Store &store)
{
    return text_with(store);
}

std::string to_json(const Dataset &dataset)
{
    return text_with(dataset, Extent::whole);
}

std::string to_json(const Workspace &workspace)
{
    return text_with(workspace);
}

std::string access_json(const Access &access)
{
    return text_with(access);
}

std::string behaviour_json(const Dataset &dataset, const Source *source)
{
    std::string const text = text_with(dataset, Extent::behaviour);
    bool const is_there = source != nullptr && is_pulled(dataset.ingestion);
    return is_there ? text + place_json(*source) : text;
}

std::string rows_json(const Dataset &dataset, const std::string &owner, const Source *source)
{
    Writer out;
    out.open('{');
    write_rows_members(out, dataset);
    out.close('}');
    return out.take() + owner + (source != nullptr ? " " + source->credential + place_json(*source) : "");
}

std::string tables_json(const Dataset &dataset)
{
    return text_with(dataset, Extent::tables);
}

std::string rules_json(const Rules &rules)
{
    return text_with(rules);
}

} // namespace datasurface::model
