#include <algorithm>
#include <set>

#include "model/object.hpp"
#include "model/read.hpp"

namespace datasurface::model {

namespace {

constexpr std::size_t longest_type = 500;        // characters
constexpr std::size_t longest_query = 1'000'000; // characters

std::string read_one_name(const Json &value, const Pointer &at, Report &report)
{
    return read_text(value, at, "empty_name", unbounded, report);
}

// A column of the key is NOT NULL whether or not somebody says so; `said` tells lint's case, nullable on purpose,
// from the default.
struct ReadColumn {
    Column column;
    bool said_nullable;
};

ReadColumn read_column(const Json &value, const Pointer &at, Report &report)
{
    Object object(value, at, "a column", {"name", "type", "nullable", "description"}, report);
    ReadColumn read;
    read.column.name = object.name();
    read.column.type = object.text("type", "empty_type", longest_type);
    read.column.nullable = object.flag("nullable", true);
    read.column.description = object.description(false);
    read.said_nullable = object.has("nullable") && read.column.nullable;
    return read;
}

void read_columns(Object &object, Dataset &dataset)
{
    constexpr EmptyList no_columns{Severity::error, "no_columns", "a dataset needs at least one column"};
    constexpr EmptyList no_key{Severity::error, "no_primary_key", "a dataset needs a primary key"};
    std::vector<ReadColumn> columns = object.list("columns", no_columns, read_column);
    dataset.primary_key = object.list("primary_key", no_key, read_one_name);
    std::set<std::string_view> const key(dataset.primary_key.begin(), dataset.primary_key.end());
    for (ReadColumn &read : columns) {
        if (!read.said_nullable && key.contains(read.column.name))
            read.column.nullable = false;
        dataset.columns.push_back(std::move(read.column));
    }
}

// False when the kind cannot be read.
bool read_ingestion(const Json &value, const Pointer &at, Dataset &dataset, Report &report)
{
    Object object(value, at, "an ingestion", {"kind", "query"}, report);
    if (object.required("kind") == nullptr)
        return false;
    auto const kind = object.one_of_if_known("kind", {Ingestion::push, Ingestion::sql_snapshot});
    if (!kind)
        return false;
    dataset.ingestion = *kind;
    if (*kind == Ingestion::sql_snapshot)
        dataset.query = object.text("query", "empty_query", longest_query);
    else
        object.refuse("query", "unexpected_query", "ingestion \"push\" has no query",
                      "Leave it out, or use \"kind\": \"sql_snapshot\".");
    return true;
}

struct ReadDataset {
    Dataset dataset;
    bool knows_ingestion;
};

ReadDataset read_dataset_and_kind(const Json &value, const Pointer &at, Report &report)
{
    Object object(value, at, "a dataset",
                  {"name", "description", "columns", "primary_key", "ingestion", "milestoning", "duplicate_keys",
                   "fillfactor", "history_key_index"},
                  report);
    ReadDataset read{{}, false};
    Dataset &dataset = read.dataset;
    dataset.name = object.name();
    dataset.description = object.description(true);
    read_columns(object, dataset);
    if (const Json *ingestion = object.required("ingestion"))
        read.knows_ingestion = read_ingestion(*ingestion, object.at("ingestion"), dataset, report);
    dataset.milestoning =
        object.one_of("milestoning", dataset.milestoning, {Milestoning::live, Milestoning::milestoned});
    dataset.duplicate_keys =
        object.one_of("duplicate_keys", dataset.duplicate_keys, {DuplicateKeys::error, DuplicateKeys::last});
    dataset.fillfactor = object.integer("fillfactor", dataset.fillfactor, 10, 100);
    dataset.history_key_index = object.flag("history_key_index", dataset.history_key_index);
    return read;
}

// Datasets whose ingestion cannot be read take that of another one: lint must not find a mix that nobody wrote.
void take_datasets(std::vector<ReadDataset> read, Store &store)
{
    auto const known =
        std::find_if(read.begin(), read.end(), [](const ReadDataset &one) { return one.knows_ingestion; });
    Ingestion const ingestion = known == read.end() ? Ingestion::push : known->dataset.ingestion;
    for (ReadDataset &one : read) {
        if (!one.knows_ingestion)
            one.dataset.ingestion = ingestion;
        store.datasets.push_back(std::move(one.dataset));
    }
}

Consumer read_consumer(const Json &value, const Pointer &at, Report &report)
{
    Object object(value, at, "a consumer", {"workspace", "readers"}, report);
    Consumer consumer;
    consumer.workspace = object.name("workspace");
    consumer.readers = object.list_if_given("readers", may_be_empty, read_one_name);
    return consumer;
}

void read_access_members(Object &object, Access &access)
{
    access.operators = object.list_or_none("operators", may_be_empty, read_one_name);
    access.consumers = object.list_if_given("consumers", may_be_empty, read_consumer);
}

} // namespace

Access read_access(const Json &value, const Pointer &at, Report &report)
{
    Object object(value, at, "an access", {"operators", "consumers"}, report);
    Access access;
    read_access_members(object, access);
    return access;
}

Dataset read_dataset(const Json &value, const Pointer &at, Report &report)
{
    return read_dataset_and_kind(value, at, report).dataset;
}

Store read_store(const Json &value, const Pointer &at, Report &report)
{
    constexpr EmptyList no_datasets{Severity::warning, "no_datasets", "the store has no datasets"};
    Object object(value, at, "a store",
                  {"name", "description", "schema", "owner", "operators", "consumers", "consistency", "datasets"},
                  report);
    Store store;
    store.name = object.name();
    store.description = object.description(true);
    store.schema = object.name_or("schema", store.name);
    store.owner = object.name_or("owner", "");
    read_access_members(object, store);
    // a word that cannot be read must not make lint demand what "multi" asks for
    store.consistency = object.one_of_if_known("consistency", {Consistency::single, Consistency::multi})
                            .value_or(object.has("consistency") ? Consistency::single : store.consistency);
    take_datasets(object.list("datasets", no_datasets, read_dataset_and_kind), store);
    return store;
}

} // namespace datasurface::model
