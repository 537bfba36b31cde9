// Canonical JSON. nlohmann's objects are sorted maps, so equal values always give equal text.
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "model/json.hpp"
#include "model/parse.hpp"

namespace datasurface::model {

namespace {

enum class Descriptions { keep, drop };

void add_text(Json &object, const char *member, const std::string &text)
{
    if (!text.empty())
        object[member] = text;
}

Json tree(const Column &column, Descriptions descriptions)
{
    Json object = {{"name", column.name}, {"type", column.type}, {"nullable", column.nullable}};
    if (descriptions == Descriptions::keep)
        add_text(object, "description", column.description);
    return object;
}

Json tree(const Dataset &dataset, Descriptions descriptions)
{
    Json object = {{"name", dataset.name},
                   {"primary_key", dataset.primary_key},
                   {"milestoning", word(dataset.milestoning)},
                   {"duplicate_keys", word(dataset.duplicate_keys)},
                   {"fillfactor", dataset.fillfactor},
                   {"history_key_index", dataset.history_key_index}};
    object["columns"] = Json::array();
    for (const Column &column : dataset.columns)
        object["columns"].push_back(tree(column, descriptions));
    object["ingestion"] = {{"kind", word(dataset.ingestion)}};
    if (dataset.ingestion == Ingestion::sql_snapshot)
        object["ingestion"]["query"] = dataset.query;
    if (descriptions == Descriptions::keep)
        add_text(object, "description", dataset.description);
    return object;
}

Json tree(const Consumer &consumer)
{
    Json object = {{"workspace", consumer.workspace}};
    if (consumer.readers)
        object["readers"] = *consumer.readers;
    return object;
}

void add_access(Json &object, const Access &access)
{
    object["operators"] = access.operators;
    if (!access.consumers)
        return;
    object["consumers"] = Json::array();
    for (const Consumer &consumer : *access.consumers)
        object["consumers"].push_back(tree(consumer));
}

Json tree(const Store &store)
{
    Json object = {{"name", store.name}, {"schema", store.schema}, {"consistency", word(store.consistency)}};
    add_text(object, "description", store.description);
    add_text(object, "owner", store.owner);
    add_access(object, store);
    object["datasets"] = Json::array();
    for (const Dataset &dataset : store.datasets)
        object["datasets"].push_back(tree(dataset, Descriptions::keep));
    return object;
}

Json tree(const Group &group)
{
    Json object = {{"name", group.name}};
    add_text(object, "description", group.description);
    object["sinks"] = Json::array();
    for (const Sink &sink : group.sinks)
        object["sinks"].push_back({{"store", sink.store}, {"dataset", sink.dataset}, {"name", sink.name}});
    return object;
}

Json tree(const Workspace &workspace)
{
    Json object = {{"name", workspace.name}, {"schema", workspace.schema}};
    add_text(object, "description", workspace.description);
    add_text(object, "owner", workspace.owner);
    object["groups"] = Json::array();
    for (const Group &group : workspace.groups)
        object["groups"].push_back(tree(group));
    return object;
}

// Values that were not read by parse() may hold what is not UTF-8; the library's exception must not leave the room.
std::string text_of(const Json &object)
{
    try {
        return object.dump();
    } catch (const Json::exception &) {
        throw Error(sqlstate::internal_error, "a part of the model is not UTF-8");
    }
}

} // namespace

std::string to_json(const Store &store)
{
    return text_of(tree(store));
}

std::string to_json(const Dataset &dataset)
{
    return text_of(tree(dataset, Descriptions::keep));
}

std::string to_json(const Workspace &workspace)
{
    return text_of(tree(workspace));
}

std::string access_json(const Access &access)
{
    Json object = Json::object();
    add_access(object, access);
    return text_of(object);
}

std::string behaviour_json(const Dataset &dataset)
{
    return text_of(tree(dataset, Descriptions::drop));
}

} // namespace datasurface::model
