#include "definition/load_sources.hpp"

#include <set>
#include <string_view>

#include "catalog/credential.hpp"
#include "catalog/dataset.hpp"
#include "catalog/source.hpp"
#include "catalog/store.hpp"
#include "catalog/watermark.hpp"
#include "definition/streams.hpp"
#include "model/parse.hpp"
#include "model/write.hpp"
#include "pg/digest.hpp"

namespace datasurface::definition {

namespace {

void save_credential(const Candidate &candidate, std::size_t index, const std::string &caller)
{
    const model::Credential &credential = candidate.document.credentials[index];
    const std::string &was = candidate.identity.credential_before(candidate.document, index);
    if (was != credential.name)
        catalog::rename_credential(was, credential.name);
    catalog::save_credential(credential, caller);
}

void save_source(const Candidate &candidate, std::size_t index, const std::string &caller)
{
    const model::Source &source = candidate.document.sources[index];
    const std::string &was = candidate.identity.source_before(candidate.document, index);
    if (was != source.name)
        catalog::rename_source(was, source.name);
    catalog::save_connections(catalog::save_source(source, caller), source.connections);
}

// Their definitions are the same, and give other rows now.
void outdate_datasets(const catalog::Store &store, const model::Source &source)
{
    lock_streams(store);
    for (const catalog::Dataset &dataset : catalog::datasets_of_store(store.id)) {
        model::Dataset const definition = model::dataset_from_json(dataset.definition);
        catalog::set_definition_digest(dataset.id, pg::sha256(model::behaviour_json(definition, &source)));
        if (definition.watermark)
            catalog::keep_mark(dataset.id, pg::sha256(model::rows_json(definition, store.owner, &source)));
    }
    adapt_held_batches(store.id);
}

} // namespace

void save_sources(const Candidate &candidate, const std::string &caller)
{
    const model::Model &document = candidate.document;
    for (std::size_t i = 0; i < document.credentials.size(); ++i)
        if (candidate.changed_credentials[i])
            save_credential(candidate, i, caller);
    std::set<std::string_view> named;
    for (std::size_t s = 0; s < document.stores.size(); ++s)
        named.insert(candidate.identity.store_before(document, s));
    for (std::size_t i = 0; i < document.sources.size(); ++i) {
        if (!candidate.changed_sources[i])
            continue;
        bool const is_moved = candidate.is_moved(i);
        save_source(candidate, i, caller);
        if (!is_moved)
            continue;
        for (const catalog::Store &store : catalog::stores_of_source(document.sources[i].name))
            if (!named.contains(store.name))
                outdate_datasets(store, document.sources[i]);
    }
}

} // namespace datasurface::definition
