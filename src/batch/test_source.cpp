#include "batch/test_source.hpp"

#include <algorithm>
#include <cstdio>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "batch/source.hpp"
#include "batch/test_watermark.hpp"
#include "batch/work.hpp"
#include "catalog/dataset.hpp"
#include "catalog/kept.hpp"
#include "catalog/source.hpp"
#include "catalog/store.hpp"
#include "model/parse.hpp"
#include "pg/savepoint.hpp"
#include "pg/session.hpp"
#include "rights/sources.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::batch {

namespace {

using Checks = std::vector<SourceCheck>;

std::string in_words(const Error &error)
{
    return error.message + (error.detail.empty() ? "" : " (" + error.detail + ")");
}

std::string milliseconds(double seconds)
{
    char text[40];
    (void)std::snprintf(text, sizeof text, "%.1f ms", seconds * 1000);
    return text;
}

// Runs body, which returns what it has found. False: its error was noted.
template <class Body>
bool note(Checks &checks, const std::string &check, Body body)
{
    std::string found;
    std::optional<Error> const error =
        pg::savepoint([&] { found = body(); }, pg::OnError::return_busy_locks_and_refusals);
    checks.push_back({check, !error, error ? in_words(*error) : found, error ? error->hint : ""});
    return !error;
}

void test_dataset(Checks &checks, const catalog::Store &store, const catalog::Dataset &row,
                  ingest::RemoteSnapshot &snapshot, pg::TypeCache &types)
{
    model::Dataset const dataset = model::dataset_from_json(row.definition);
    std::string const name = store.name + "." + row.name;
    std::shared_ptr<const catalog::Kept> kept;
    bool const can_be_pulled = note(checks, "dataset " + name, [&] {
        kept = catalog::make_kept(store, row, dataset, types);
        snapshot.test(kept->shape, kept->pull);
        return std::string("its rows can be pulled");
    });
    if (!can_be_pulled || !dataset.watermark)
        return;
    SourceCheck found;
    bool const was_asked = note(checks, "watermark of " + name, [&] {
        found = test_watermark("watermark of " + name, dataset, kept->shape, snapshot);
        return std::string();
    });
    if (was_asked)
        checks.back() = std::move(found);
}

void test_store(Checks &checks, const catalog::Store &store)
{
    std::unique_ptr<ingest::RemoteSnapshot> snapshot;
    bool const connected = note(checks, "connection of store " + store.name, [&] {
        Stopwatch const watch;
        snapshot = open_source(store, true);
        return "a snapshot after " + milliseconds(watch.seconds());
    });
    if (!connected)
        return;
    (void)note(checks, "server of store " + store.name, [&] {
        Stopwatch const watch;
        std::string const server = snapshot->server();
        return server + ", answers in " + milliseconds(watch.seconds());
    });
    pg::TypeCache types;
    for (const catalog::Dataset &row : catalog::datasets_of_store(store.id))
        test_dataset(checks, store, row, *snapshot, types);
    bool const has_ended = note(checks, "end of the snapshot of store " + store.name, [&] {
        snapshot->end();
        return std::string();
    });
    if (has_ended)
        checks.pop_back(); // goes without saying
}

std::string known_sources()
{
    constexpr std::size_t most = 10;
    std::vector<std::string> names;
    for (const auto &[name, in_model] : catalog::source_names())
        if (in_model)
            names.push_back("\"" + name + "\"");
    if (names.empty())
        return "No source is loaded.";
    std::string const rest = names.size() > most ? " and " + std::to_string(names.size() - most) + " more" : "";
    names.resize(std::min(names.size(), most));
    return "Sources of the model: " + sqltext::join(names, ", ") + rest + ".";
}

[[noreturn]] void refuse_unknown(const std::string &name)
{
    std::optional<catalog::Store> const store = catalog::find_store(name);
    throw Error(sqlstate::undefined_object, "the model has no source \"" + name + "\"", "",
                store && !store->source.empty()
                    ? "It is the name of a store, which is pulled from source \"" + store->source + "\"."
                    : known_sources());
}

} // namespace

std::vector<SourceCheck> test_source(const std::string &name)
{
    std::optional<catalog::Source> const source = catalog::find_source(name);
    if (!source || !source->in_model)
        refuse_unknown(name);
    rights::require_to_test(pg::calling_role(), source->definition);
    Checks checks;
    for (const catalog::Store &store : catalog::stores_of_source(name))
        test_store(checks, store);
    if (checks.empty())
        checks.push_back({"stores", false, "no store of the model is pulled from it",
                          "Name it as the source of a store, and load the model."});
    return checks;
}

} // namespace datasurface::batch
