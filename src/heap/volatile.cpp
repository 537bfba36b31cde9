#include "heap/volatile.hpp"

#include "pg/compat.hpp"

extern "C" {
#include "access/transam.h"
#include "access/tupdesc.h"
#include "optimizer/optimizer.h"
}

namespace datasurface::heap {

namespace {

// Finds what contain_volatile_functions() takes for immutable: an aggregate, whatever it calls, and the CHECK of a domain.
// PostgreSQL's own aggregates call no volatile function.
bool may_hide_volatile(Node *node, void *context)
{
    if (node == nullptr)
        return false;
    if (IsA(node, CoerceToDomain))
        return true;
    if (IsA(node, Aggref) && reinterpret_cast<Aggref *>(node)->aggfnoid >= FirstNormalObjectId)
        return true;
    if (IsA(node, WindowFunc) && reinterpret_cast<WindowFunc *>(node)->winfnoid >= FirstNormalObjectId)
        return true;
    return pg::walk_query_or_expression(node, may_hide_volatile, context);
}

} // namespace

bool may_be_volatile(Node *queries)
{
    return contain_volatile_functions_not_nextval(queries) || may_hide_volatile(queries, nullptr);
}

bool has_volatile_check(Relation relation)
{
    const TupleConstr *const constraints = RelationGetDescr(relation)->constr;
    for (int i = 0; constraints != nullptr && i < constraints->num_check; ++i) {
        auto *const check = static_cast<Node *>(stringToNode(constraints->check[i].ccbin));
        if (contain_volatile_functions(check) || may_hide_volatile(check, nullptr))
            return true;
    }
    return false;
}

} // namespace datasurface::heap
