#include "guard/check_table.hpp"

#include "guard/expression.hpp"
#include "guard/refuse.hpp"
#include "guard/written.hpp"
#include "pg/boundary.hpp"

extern "C" {
#include "access/htup_details.h"
#include "access/relation.h"
#include "catalog/pg_index.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_trigger.h"
#include "commands/trigger.h"
#include "nodes/makefuncs.h"
#include "nodes/readfuncs.h"
#include "parser/parsetree.h"
#include "rewrite/prs2lock.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/partcache.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/syscache.h"
}

namespace datasurface::guard {

namespace {

// OIDs of the tables that check_tree() has visited. Foreign keys may cascade in circles.
using Visited = List *;

void check_tree(Oid table, Visited &visited);

Place place_in(Relation relation, const char *part, const char *name = nullptr)
{
    return {relation->rd_rel->relowner, part, name, relation};
}

void check_text(const char *expression, const Place &place)
{
    check_expression(static_cast<Node *>(stringToNode(expression)), place);
}

// True for the trigger of a foreign key that deletes or changes the referencing rows, with the rights of that table's owner.
bool cascades(Oid function)
{
    switch (function) {
    case F_RI_FKEY_CASCADE_DEL:
    case F_RI_FKEY_CASCADE_UPD:
    case F_RI_FKEY_SETNULL_DEL:
    case F_RI_FKEY_SETNULL_UPD:
    case F_RI_FKEY_SETDEFAULT_DEL:
    case F_RI_FKEY_SETDEFAULT_UPD:
        return true;
    default:
        return false;
    }
}

void check_trigger(Relation relation, const Trigger &trigger, Visited &visited)
{
    if (trigger.tgenabled == TRIGGER_DISABLED)
        return;
    if (OidIsValid(trigger.tgconstrrelid) && cascades(trigger.tgfoid))
        return check_tree(trigger.tgconstrrelid, visited);
    Place const place = place_in(relation, "trigger", trigger.tgname);
    refuse_function(trigger.tgfoid, place);
    if (trigger.tgqual != nullptr)
        check_text(trigger.tgqual, place);
}

void check_columns(Relation relation)
{
    check_ranges(relation, relation->rd_rel->relowner);
    const TupleConstr *const constraints = RelationGetDescr(relation)->constr;
    if (constraints == nullptr)
        return;
    for (int i = 0; i < constraints->num_defval; ++i)
        check_text(constraints->defval[i].adbin, place_in(relation, "a default or generated column"));
    for (int i = 0; i < constraints->num_check; ++i)
        check_text(constraints->check[i].ccbin, place_in(relation, "constraint", constraints->check[i].ccname));
}

void check_index_part(HeapTuple tuple, int attribute, const Place &place)
{
    bool null = false;
    Datum const source = SysCacheGetAttr(INDEXRELID, tuple, static_cast<AttrNumber>(attribute), &null);
    if (!null)
        check_text(TextDatumGetCString(source), place);
}

// Reads the expressions from the catalog. The relation cache would evaluate immutable functions when it reads them.
void check_indexes(Relation relation)
{
    ListCell *cell;
    foreach (cell, RelationGetIndexList(relation)) {
        HeapTuple const tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(lfirst_oid(cell)));
        if (!HeapTupleIsValid(tuple))
            continue;
        Place const place = place_in(relation, "index", get_rel_name(lfirst_oid(cell)));
        check_index_part(tuple, Anum_pg_index_indexprs, place);
        check_index_part(tuple, Anum_pg_index_indpred, place);
        ReleaseSysCache(tuple);
    }
}

// Checks the conditions and actions of rules, and the tables that they write to.
void check_rules(Relation relation, Visited &visited)
{
    const RuleLock *const rules = relation->rd_rules;
    for (int i = 0; rules != nullptr && i < rules->numLocks; ++i) {
        Place const place = place_in(relation, "a rule");
        check_expression(rules->rules[i]->qual, place);
        check_expression(reinterpret_cast<Node *>(rules->rules[i]->actions), place);
        ListCell *cell;
        foreach (cell, rules->rules[i]->actions) {
            auto *const action = lfirst_node(Query, cell);
            if (action->resultRelation > 0)
                check_tree(rt_fetch(action->resultRelation, action->rtable)->relid, visited);
        }
    }
}

void check_definition(Relation relation, Visited &visited)
{
    if (relation->rd_rel->relkind == RELKIND_PARTITIONED_TABLE)
        check_expression(reinterpret_cast<Node *>(RelationGetPartitionKey(relation)->partexprs),
                         place_in(relation, "the partition key"));
    check_columns(relation);
    check_indexes(relation);
    check_rules(relation, visited);
}

void check_one(Oid table, Visited &visited)
{
    Relation const relation = relation_open(table, AccessShareLock);
    if (!may_run_as(relation->rd_rel->relowner))
        check_definition(relation, visited);
    const TriggerDesc *const triggers = relation->trigdesc;
    for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i)
        check_trigger(relation, triggers->triggers[i], visited);
    relation_close(relation, AccessShareLock);
}

void check_tree(Oid table, Visited &visited)
{
    ListCell *cell;
    foreach (cell, find_all_inheritors(table, AccessShareLock, nullptr)) {
        if (list_member_oid(visited, lfirst_oid(cell)))
            continue;
        visited = lappend_oid(visited, lfirst_oid(cell));
        check_one(lfirst_oid(cell), visited);
    }
}

} // namespace

void check_table_of(const sqltext::Qualified &table, unsigned int owner)
{
    Relation const relation =
        relation_openrv(makeRangeVar(pg::to_server(table.schema), pg::to_server(table.name), -1), AccessShareLock);
    Visited visited = NIL;
    MemoryContext const scratch =
        AllocSetContextCreate(CurrentMemoryContext, "datasurface guard", ALLOCSET_SMALL_SIZES);
    MemoryContext const old = MemoryContextSwitchTo(scratch);
    if (relation->rd_rel->relowner == owner)
        check_tree(RelationGetRelid(relation), visited);
    MemoryContextSwitchTo(old);
    MemoryContextDelete(scratch);
    relation_close(relation, AccessShareLock);
}

} // namespace datasurface::guard
