// Canonical JSON: members are sorted by name, so equal values give equal text.
#include "model/write.hpp"

#include <cstdint>
#include <cstdio>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "base/text.hpp"
#include "model/resolve.hpp"

namespace datasurface::model {

namespace {

// The parts of a dataset that are written: all; all but descriptions; what its tables depend on.
enum class Extent { whole, behaviour, tables };

// Writes one document from its first character to its last. Members are written in the order of the calls, so the calls for
// an object are in alphabetical order.
class Writer {
public:
    std::string take() { return std::move(text); }

    Writer &member(std::string_view name)
    {
        next();
        quote(name);
        text += ':';
        is_first = true; // the next value has no comma before it
        return *this;
    }

    void open(char bracket)
    {
        next();
        text += bracket;
        is_first = true;
    }

    void close(char bracket)
    {
        text += bracket;
        is_first = false;
    }

    void put(std::string_view value)
    {
        next();
        quote(value);
    }

    void put_whole(std::int64_t value)
    {
        next();
        text += std::to_string(value);
    }

    void put_number(double value)
    {
        next();
        text += digits(value);
    }

    void put_flag(bool value)
    {
        next();
        text += value ? "true" : "false";
    }

    void put_names(const std::vector<std::string> &names)
    {
        open('[');
        for (const std::string &name : names)
            put(name);
        close(']');
    }

    void member_unless_empty(std::string_view name, const std::string &value)
    {
        if (!value.empty())
            member(name).put(value);
    }

private:
    void next()
    {
        if (!is_first)
            text += ',';
        is_first = false;
    }

    void quote(std::string_view value)
    {
        text += '"';
        for (char const c : value)
            add_character(c);
        text += '"';
    }

    void add_character(char c)
    {
        constexpr std::string_view short_escapes =
            "\"\"\\\\\bb\ff\nn\rr\tt"; // pairs: the character, the letter of its escape
        for (std::size_t i = 0; i < short_escapes.size(); i += 2) {
            if (c == short_escapes[i]) {
                text += '\\';
                text += short_escapes[i + 1];
                return;
            }
        }
        if (static_cast<unsigned char>(c) >= 0x20) {
            text += c;
            return;
        }
        char escape[7];
        snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
        text += escape;
    }

    std::string text;
    bool is_first = true;
};

// Writes a list of objects.
template <typename Items, typename... More>
void write_list(Writer &out, const Items &items, More... more)
{
    out.open('[');
    for (const auto &item : items) {
        out.open('{');
        write_members(out, item, more...);
        out.close('}');
    }
    out.close(']');
}

void write_members(Writer &out, const Column &column, Extent extent)
{
    if (extent == Extent::whole) {
        if (column.default_text)
            out.member("default").put(*column.default_text);
        out.member_unless_empty("description", column.description);
        if (column.id != 0)
            out.member("id").put_whole(column.id);
    }
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
        write_list(out.member("checks"), rules.checks);
}

void write_references_and_when_held(Writer &out, const Rules &rules)
{
    if (!rules.references.empty())
        write_list(out.member("references"), rules.references);
    out.member("when_held").put(word(rules.when_held));
}

void write_members(Writer &out, const Dataset &dataset, Extent extent)
{
    // what is built in is not written, so that a model that an earlier version wrote stays as it is
    bool const with_rules =
        extent == Extent::whole && dataset.rules && rules_json(*dataset.rules) != rules_json(built_in_rules(dataset));
    if (with_rules)
        write_brakes_and_checks(out, *dataset.rules);
    write_list(out.member("columns"), dataset.columns, extent);
    if (extent == Extent::whole)
        out.member_unless_empty("description", dataset.description);
    if (extent != Extent::tables)
        out.member("duplicate_keys").put(word(dataset.duplicate_keys));
    out.member("fillfactor").put_whole(dataset.fillfactor);
    out.member("history_key_index").put_flag(dataset.history_key_index);
    out.member("ingestion").open('{');
    out.member("kind").put(word(dataset.ingestion));
    if (dataset.ingestion == Ingestion::sql_snapshot && extent != Extent::tables)
        out.member("query").put(dataset.query);
    out.close('}');
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
        write_list(out.member("consumers"), *access.consumers);
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
    write_list(out.member("datasets"), store.datasets, Extent::whole);
    out.member_unless_empty("description", store.description);
    out.member("name").put(store.name);
    out.member("operators").put_names(store.operators);
    out.member_unless_empty("owner", store.owner);
    write_release(out, store);
    out.member("schema").put(store.schema);
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
    write_list(out.member("sinks"), group.sinks);
}

void write_members(Writer &out, const Workspace &workspace)
{
    out.member_unless_empty("description", workspace.description);
    write_list(out.member("groups"), workspace.groups);
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

// Values that parse() has not read may hold bytes that are not UTF-8. JSON cannot hold those.
template <typename Part, typename... More>
std::string text_of(const Part &part, More... more)
{
    Writer out;
    out.open('{');
    write_members(out, part, more...);
    out.close('}');
    std::string text = out.take();
    if (!is_utf8(text))
        throw Error(sqlstate::internal_error, "a part of the model is not UTF-8");
    return text;
}

} // namespace

std::string to_json(const Store &store)
{
    return text_of(store);
}

std::string to_json(const Dataset &dataset)
{
    return text_of(dataset, Extent::whole);
}

std::string to_json(const Workspace &workspace)
{
    return text_of(workspace);
}

std::string access_json(const Access &access)
{
    return text_of(access);
}

std::string behaviour_json(const Dataset &dataset)
{
    return text_of(dataset, Extent::behaviour);
}

std::string tables_json(const Dataset &dataset)
{
    return text_of(dataset, Extent::tables);
}

std::string rules_json(const Rules &rules)
{
    return text_of(rules);
}

} // namespace datasurface::model
