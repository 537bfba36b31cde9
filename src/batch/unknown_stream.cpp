#include "batch/unknown_stream.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "base/text.hpp"
#include "catalog/store.hpp"
#include "catalog/stream.hpp"
#include "catalog/unknown_store.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::batch {

namespace {

constexpr std::size_t most_listed = 10; // a store may have thousands

std::vector<std::string> streams_in_model(const catalog::Store &store)
{
    std::vector<std::string> names;
    for (const catalog::Stream &stream : catalog::streams_of_store(store.id))
        if (stream.in_model)
            names.push_back(stream.name);
    return names;
}

std::string streams_hint(std::vector<std::string> names)
{
    if (names.empty())
        return "The store has no datasets. Load a model in which it has some, with ds_load_model.";
    std::size_t const others = names.size() - std::min(names.size(), most_listed);
    names.resize(names.size() - others);
    return "Its streams are: " + sqltext::join(names, ", ") +
           (others == 0 ? "." : ", and " + std::to_string(others) + " others.");
}

[[noreturn]] void refuse_dataset(const std::string &name, const catalog::Store &store)
{
    std::string const dataset = "\"" + name.substr(store.name.size() + 1) + "\"";
    std::vector<std::string> const names = streams_in_model(store);
    std::string const small = in_small_letters(name);
    auto const alike = std::find_if(names.begin(), names.end(),
                                    [&](const std::string &other) { return in_small_letters(other) == small; });
    throw Error(sqlstate::unknown_stream, "there is no stream \"" + name + "\" in the model",
                catalog::find_stream(name)
                    ? "Dataset " + dataset + " of store \"" + store.name + "\" has left the model."
                    : "The model names no dataset " + dataset + " of store \"" + store.name + "\".",
                alike != names.end() ? "Names are case-sensitive: stream \"" + *alike + "\" is in the model."
                                     : streams_hint(names));
}

} // namespace

void refuse_unknown_stream(const std::string &name)
{
    std::size_t const hash = name.find('#');
    std::string const store_name = name.substr(0, hash);
    std::optional<catalog::Store> const store = catalog::find_store_in_model(store_name);
    if (!store) {
        catalog::UnknownStore const unknown =
            catalog::unknown_store(store_name, "SELECT stream FROM datasurface.streams; lists the streams.");
        throw Error(sqlstate::unknown_stream, "there is no stream \"" + name + "\" in the model", unknown.detail,
                    unknown.hint);
    }
    if (hash == std::string::npos)
        throw Error(sqlstate::not_a_stream, "store \"" + name + "\" is not a stream, because its consistency is single",
                    "Each of its datasets is a stream of its own.", streams_hint(streams_in_model(*store)));
    if (store->consistency == model::Consistency::multi)
        throw Error(sqlstate::not_a_stream,
                    "\"" + name + "\" is not a stream, because the consistency of its store is multi",
                    "All datasets of the store commit in one batch.", streams_hint(streams_in_model(*store)));
    refuse_dataset(name, *store);
}

} // namespace datasurface::batch
