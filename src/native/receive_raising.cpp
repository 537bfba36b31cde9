#include "native/receive_raising.hpp"

#include "heap/image.hpp"
#include "heap/layout.hpp"

extern "C" {
#include "utils/relcache.h"
}

namespace datasurface::native {

struct Receiver {
    heap::Digester *digester;
    MemoryContext scratch; // of the rows of one call
};

// An unchanged row is never written to the staging table, so what somebody has put there would not be asked of it.
const char *unfit_to_receive(const heap::Tables &tables)
{
    Relation const staging = tables.staging.relation;
    const TupleConstr *const constraints = RelationGetDescr(staging)->constr;
    if (constraints != nullptr && constraints->num_check > 0)
        return "the staging table has CHECK constraints";
    List *const indexes = RelationGetIndexList(staging);
    bool const has_indexes = indexes != NIL;
    list_free(indexes);
    if (has_indexes)
        return "the staging table has indexes";
    for (int column = 0; column < tables.columns; ++column) {
        Form_pg_attribute const staged = heap::payload_attribute(tables.staging, column);
        Form_pg_attribute const merged = heap::payload_attribute(tables.merge, column);
        if ((staged->attnotnull && !merged->attnotnull) || staged->attstorage != merged->attstorage)
            return "a column of the staging table has another NOT NULL or STORAGE than in the merge table";
    }
    return nullptr;
}

Receiver *begin_receiving(const heap::Tables &tables, std::uint64_t seed)
{
    MemoryContext const old = MemoryContextSwitchTo(tables.context);
    auto *const receiver = static_cast<Receiver *>(palloc0(sizeof(Receiver)));
    receiver->digester = heap::make_digester(tables, tables.staging, seed);
    receiver->scratch = AllocSetContextCreate(CurrentMemoryContext, "datasurface receive", ALLOCSET_DEFAULT_SIZES);
    MemoryContextSwitchTo(old);
    return receiver;
}

bool digest_rows(Receiver &receiver, const heap::ArrivingRows &rows, diff::Entry *entries)
{
    MemoryContext const old = MemoryContextSwitchTo(receiver.scratch);
    bool no_null = true;
    for (int i = 0; i < rows.count && no_null; ++i) {
        entries[i].place = 0;
        no_null = heap::digest(*receiver.digester, rows.rows[i], entries[i]);
        if (receiver.scratch->mem_allocated > heap::most_scratch) {
            CHECK_FOR_INTERRUPTS();
            MemoryContextReset(receiver.scratch);
        }
    }
    MemoryContextReset(receiver.scratch);
    MemoryContextSwitchTo(old);
    return no_null;
}

} // namespace datasurface::native
