#include "catalog/kept.hpp"

#include <unordered_map>

#include "catalog/shape.hpp"
#include "pg/type_changes.hpp"

namespace datasurface::catalog {

namespace {

// Enough for about 8,000 datasets of ten columns. Of more datasets, a session keeps a part.
constexpr std::size_t most_bytes = std::size_t{32} * 1024 * 1024;

struct Cache {
    std::unordered_map<int, std::shared_ptr<const Kept>> by_dataset;
    std::size_t bytes = 0;
    std::uint64_t random = 88172645463325252;
};

Cache &cache()
{
    static Cache *const made = new Cache; // never freed, because it lives as long as the session
    return *made;
}

std::size_t bytes_of(const std::string &text)
{
    constexpr std::size_t within = 15;
    return text.capacity() > within ? text.capacity() + 1 : 0;
}

std::size_t bytes_of(const sqltext::Qualified &name)
{
    return bytes_of(name.schema) + bytes_of(name.name);
}

std::size_t bytes_of(const shape::Column &column)
{
    std::size_t bytes = sizeof column + bytes_of(column.name) + bytes_of(column.type.name);
    if (column.type.equality)
        bytes += bytes_of(column.type.equality->schema) + bytes_of(column.type.equality->name) +
                 bytes_of(column.type.equality->operand);
    return bytes;
}

std::size_t bytes_of(const std::vector<std::string> &names)
{
    std::size_t bytes = 0;
    for (const std::string &name : names)
        bytes += sizeof name + bytes_of(name);
    return bytes;
}

std::size_t bytes_of(const model::Rules &rules)
{
    std::size_t bytes = sizeof rules;
    for (const model::Check &check : rules.checks)
        bytes += sizeof check + bytes_of(check.name) + bytes_of(check.condition);
    for (const model::Reference &reference : rules.references)
        bytes += sizeof reference + bytes_of(reference.name) + bytes_of(reference.dataset) +
                 bytes_of(reference.columns) + bytes_of(reference.to);
    return bytes;
}

std::size_t bytes_of(const ingest::Pull &pull)
{
    std::size_t bytes =
        bytes_of(pull.select) + bytes_of(pull.around) + bytes_of(pull.table.schema) + bytes_of(pull.table.name);
    if (pull.exact)
        bytes += sizeof *pull.exact + bytes_of(pull.exact->select) + bytes_of(pull.exact->columns);
    return bytes;
}

std::size_t bytes_of(const Kept &kept)
{
    constexpr std::size_t in_cache = 128; // the entry in the map, and the overhead of malloc
    std::size_t bytes = in_cache + sizeof kept + bytes_of(kept.digest) + bytes_of(kept.rules_digest) +
                        bytes_of(kept.pull) + bytes_of(*kept.rules);
    const shape::Names &n = kept.shape.names;
    for (const sqltext::Qualified *const name : {&n.staging, &n.staging_sequence, &n.merge, &n.merge_key, &n.history,
                                                 &n.history_out_index, &n.history_key_index, &n.as_of})
        bytes += bytes_of(*name);
    for (const shape::Column &column : kept.shape.columns)
        bytes += bytes_of(column);
    bytes += bytes_of(kept.shape.primary_key);
    if (kept.watermark)
        bytes += sizeof *kept.watermark + bytes_of(kept.watermark->deleted_when);
    return bytes + kept.types.capacity() * sizeof(std::uint32_t);
}

void drop(Cache &kept, int dataset)
{
    auto const found = kept.by_dataset.find(dataset);
    if (found == kept.by_dataset.end())
        return;
    kept.bytes -= bytes_of(*found->second);
    kept.by_dataset.erase(found);
}

// Drops a random dataset. Sessions visit streams round robin, so the least recently used dataset is the one needed next.
void drop_any(Cache &kept)
{
    kept.random ^= kept.random << 13;
    kept.random ^= kept.random >> 7;
    kept.random ^= kept.random << 17;
    std::size_t bucket = kept.random % kept.by_dataset.bucket_count();
    while (kept.by_dataset.bucket_size(bucket) == 0)
        bucket = (bucket + 1) % kept.by_dataset.bucket_count();
    drop(kept, kept.by_dataset.begin(bucket)->first);
}

void keep(int dataset, const std::shared_ptr<const Kept> &made)
{
    Cache &kept = cache();
    std::size_t const bytes = bytes_of(*made);
    drop(kept, dataset);
    if (bytes > most_bytes)
        return;
    while (kept.bytes + bytes > most_bytes)
        drop_any(kept);
    kept.by_dataset.emplace(dataset, made);
    kept.bytes += bytes;
}

bool is_of(const Kept &kept, const Store &store, const Dataset &row)
{
    return kept.digest == row.definition_digest && kept.rules_digest == row.rules_digest &&
           kept.shape.dataset == row.name && kept.shape.store == store.name && kept.shape.owner == store.owner &&
           kept.shape.names.merge.schema == store.schema;
}

void drop_descriptions(shape::Shape &shape)
{
    shape.description = {};
    for (shape::Column &column : shape.columns)
        column.description = {}, column.default_value.reset();
}

void note_types(Kept &kept, const model::Dataset &definition, pg::TypeCache &types)
{
    for (const model::Column &column : definition.columns) {
        const pg::TypeLookup &type = types.find(column.type);
        kept.types.insert(kept.types.end(), type.hashes.begin(), type.hashes.end());
        kept.may_be_kept = kept.may_be_kept && !type.depends_on_tables;
    }
    kept.changes = pg::changes_of_types(kept.types);
    kept.may_be_kept = kept.may_be_kept && types.is_consistent();
}

} // namespace

std::shared_ptr<const Kept> find_kept(const Store &store, const Dataset &row)
{
    auto const found = cache().by_dataset.find(row.id);
    if (found == cache().by_dataset.end())
        return nullptr;
    if (is_of(*found->second, store, row) && is_current(*found->second))
        return found->second;
    drop(cache(), row.id);
    return nullptr;
}

std::shared_ptr<const Kept> make_kept(const Store &store, const Dataset &row, const model::Dataset &definition,
                                      pg::TypeCache &types)
{
    auto made = std::make_shared<Kept>();
    made->digest = row.definition_digest;
    made->rules_digest = row.rules_digest;
    made->rules = definition.rules;
    made->ingestion = definition.ingestion;
    if (model::is_pulled(definition.ingestion))
        made->pull = ingest::plan_pull(definition);
    made->watermark = definition.watermark;
    made->shape = make_shape(store, definition, types);
    drop_descriptions(made->shape);
    note_types(*made, definition, types);
    if (made->may_be_kept)
        keep(row.id, made);
    return made;
}

bool is_current(const Kept &kept)
{
    return kept.may_be_kept && kept.changes == pg::changes_of_types(kept.types);
}

} // namespace datasurface::catalog
