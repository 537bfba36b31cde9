#include "pg/source_plans_raising.hpp"

#include <cstdint>

#define XXH_INLINE_ALL
#include <xxhash.h>

extern "C" {
#include "access/relation.h"
#include "access/xact.h"
#include "executor/spi_priv.h"
#include "storage/bufmgr.h"
#include "utils/plancache.h"
#include "utils/rel.h"
#include "utils/resowner.h"
}

namespace datasurface::pg {

namespace {

constexpr std::size_t most_bytes = std::size_t{32} * 1024 * 1024; // some 900 queries of ten columns
constexpr std::uint64_t slot_count = 8192;
constexpr std::uint64_t tried = 8; // slots in which a query may lie

struct Kept {
    SPIPlanPtr plan; // nullptr: the slot is free
    std::uint64_t key;
    Size bytes;
    std::int64_t blocks; // of the tables that it reads, when it was made
    TimestampTz used;    // start of the transaction that used it last
    bool is_forgotten;
};

Kept slots[slot_count];
Size all_bytes = 0;

CachedPlanSource &source_of(SPIPlanPtr plan)
{
    return *static_cast<CachedPlanSource *>(linitial(plan->plancache_list));
}

// A plan may be executing, further out, in any call of this transaction.
bool is_in_use(const Kept &kept)
{
    return kept.used == GetCurrentTransactionStartTimestamp();
}

void drop(Kept &kept)
{
    SPIPlanPtr const plan = kept.plan;
    all_bytes -= kept.bytes;
    kept = {};
    SPI_freeplan(plan);
}

std::uint64_t key_of(const Source &source)
{
    std::uint64_t const types = XXH3_64bits(source.types.data(), source.types.size());
    return XXH3_64bits_withSeed(source.query.data(), source.query.size(), types);
}

Kept *find(const Source &source)
{
    std::uint64_t const key = key_of(source);
    for (std::uint64_t i = 0; i < tried; ++i) {
        Kept &kept = slots[(key + i) % slot_count];
        if (kept.plan != nullptr && kept.key == key &&
            strcmp(source_of(kept.plan).query_string, to_server(source.query)) == 0)
            return &kept;
    }
    return nullptr;
}

std::uint64_t draw()
{
    static std::uint64_t random = 88172645463325252;
    random ^= random << 13;
    random ^= random >> 7;
    random ^= random << 17;
    return random;
}

// Sessions visit streams round robin, where the least recently used one is the next to come. So any one is dropped.
Kept *free_slot(std::uint64_t key)
{
    for (std::uint64_t i = 0; i < tried; ++i)
        if (slots[(key + i) % slot_count].plan == nullptr)
            return &slots[(key + i) % slot_count];
    Kept &kept = slots[(key + draw() % tried) % slot_count];
    if (is_in_use(kept))
        return nullptr;
    drop(kept);
    return &kept;
}

// Gives up at what is in use: a batch of many datasets keeps as many as there is room for.
bool make_room(Size bytes)
{
    std::uint64_t slot = draw();
    for (std::uint64_t i = 0; i < slot_count && all_bytes + bytes > most_bytes; ++i, ++slot) {
        Kept &kept = slots[slot % slot_count];
        if (kept.plan == nullptr || is_in_use(kept))
            continue;
        drop(kept);
        slot = draw();
    }
    return all_bytes + bytes <= most_bytes;
}

Size bytes_of(SPIPlanPtr plan)
{
    const CachedPlanSource &source = source_of(plan);
    Size bytes = MemoryContextMemAllocated(plan->plancxt, true) + MemoryContextMemAllocated(source.context, true);
    if (source.gplan != nullptr)
        bytes += MemoryContextMemAllocated(source.gplan->context, true);
    return bytes;
}

CachedPlan *generic_plan(SPIPlanPtr plan)
{
    return SPI_plan_get_cached_plan(plan); // nullptr: more than one statement
}

void release(SPIPlanPtr plan, CachedPlan *planned)
{
    ReleaseCachedPlan(planned, plan->saved ? CurrentResourceOwner : nullptr);
}

std::int64_t blocks_of(Oid relation)
{
    Relation const opened = try_relation_open(relation, AccessShareLock);
    if (opened == nullptr)
        return 0;
    std::int64_t const blocks =
        RELKIND_HAS_STORAGE(opened->rd_rel->relkind) ? RelationGetNumberOfBlocks(opened) : BlockNumber{0};
    relation_close(opened, NoLock);
    return blocks;
}

std::int64_t blocks_of(const CachedPlan &planned)
{
    std::int64_t blocks = 0;
    ListCell *cell;
    foreach (cell, linitial_node(PlannedStmt, planned.stmt_list)->relationOids)
        blocks += blocks_of(lfirst_oid(cell));
    return blocks;
}

// Rows may be added to a table that nobody analyses. The planner looks at the size each time, a kept plan does not.
bool fits_sizes(const Kept &kept)
{
    constexpr std::int64_t few = 16;
    CachedPlan *const planned = generic_plan(kept.plan);
    std::int64_t const blocks = blocks_of(*planned);
    release(kept.plan, planned);
    return blocks <= 2 * kept.blocks + few && kept.blocks <= 2 * blocks + few;
}

// What was planned anew may be larger.
void note_use(Kept &kept)
{
    kept.used = GetCurrentTransactionStartTimestamp();
    Size const bytes = bytes_of(kept.plan);
    all_bytes += bytes - kept.bytes;
    kept.bytes = bytes;
}

// To be kept before it is planned: PostgreSQL throws the plan of a query away when that is saved.
void keep(std::uint64_t key, SPIPlanPtr plan)
{
    if (list_length(plan->plancache_list) != 1 || list_length(source_of(plan).query_list) != 1)
        return;
    Size const bytes = bytes_of(plan);
    Kept *const kept = make_room(2 * bytes) ? free_slot(key) : nullptr;
    if (kept == nullptr || SPI_keepplan(plan) != 0)
        return;
    *kept = {plan, key, bytes, 0, GetCurrentTransactionStartTimestamp(), false};
    all_bytes += bytes;
    CachedPlan *const planned = generic_plan(plan);
    kept->blocks = blocks_of(*planned);
    release(plan, planned);
    note_use(*kept);
}

} // namespace

bool has_source_plan(const Source &source)
{
    Kept *const kept = find(source);
    if (kept == nullptr)
        return false;
    bool const is_current = !kept->is_forgotten && SPI_plan_is_valid(kept->plan);
    if (is_in_use(*kept))
        return is_current;
    if (is_current && fits_sizes(*kept))
        return true;
    drop(*kept);
    return false;
}

SPIPlanPtr source_plan(const Source &source)
{
    if (Kept *const kept = find(source)) {
        note_use(*kept);
        return kept->plan;
    }
    SPIPlanPtr const plan = SPI_prepare(to_server(source.query), 0, nullptr);
    if (plan == nullptr)
        elog(ERROR, "could not prepare the query of a dataset: %s", SPI_result_code_string(SPI_result));
    keep(key_of(source), plan);
    return plan;
}

void lock_by_plan(SPIPlanPtr plan)
{
    if (CachedPlan *const planned = generic_plan(plan))
        release(plan, planned);
}

void forget_source_plan(const Source &source)
{
    if (Kept *const kept = find(source))
        kept->is_forgotten = true;
}

} // namespace datasurface::pg
