#include "guard/expression.hpp"

#include "guard/harmless.hpp"
#include "pg/compat.hpp"

extern "C" {
#include "catalog/pg_type.h"
#include "nodes/nodeFuncs.h"
#include "nodes/primnodes.h"
#include "utils/lsyscache.h"
}

namespace datasurface::guard {

namespace {

bool check_function(Oid function, void *context)
{
    refuse_function(function, *static_cast<const Place *>(context));
    return false;
}

void check_made(Oid type, const Place &place)
{
    refuse_type(type_with_code(type, Values::made), place);
}

// Columns whose values a function (such as json_to_record) or XMLTABLE makes by input functions.
void check_columns(const List *types, const Place &place)
{
    ListCell *cell;
    foreach (cell, types)
        check_made(lfirst_oid(cell), place);
}

// Other nodes have no type, or the type of a part. A domain's values that are only read were checked when they were made.
void check_type(Node *node, const Place &place)
{
    switch (nodeTag(node)) {
    case T_Const: // read from a literal
    case T_FuncExpr:
    case T_CoerceViaIO:
    case T_ArrayCoerceExpr:
    case T_CoerceToDomain:
        return check_made(exprType(node), place);
    case T_RangeTblFunction:
        return check_columns(reinterpret_cast<RangeTblFunction *>(node)->funccoltypes, place);
    case T_TableFunc:
        return check_columns(reinterpret_cast<TableFunc *>(node)->coltypes, place);
    case T_Var:
    case T_Param:
    case T_Aggref:
    case T_OpExpr:
    case T_FieldSelect:
    case T_RelabelType:
    case T_RowExpr:
        return refuse_type(type_with_code(exprType(node), Values::read), place);
    default:
        return;
    }
}

bool check_node(Node *node, void *context)
{
    if (node == nullptr)
        return false;
    if (!IsA(node, Query)) {
        (void)check_functions_in_node(node, check_function, context);
        check_type(node, *static_cast<const Place *>(context));
    }
    return pg::walk_query_or_expression(node, check_node, context);
}

bool check_conditions_in(Node *node, void *context)
{
    if (node == nullptr)
        return false;
    if (IsA(node, Query))
        (void)check_node(castNode(Query, node)->jointree->quals, context);
    return pg::walk_query_or_expression(node, check_conditions_in, context);
}

} // namespace

void check_conditions(Node *node, const Place &place)
{
    (void)check_conditions_in(node, const_cast<Place *>(&place));
}

void check_expression(Node *node, const Place &place)
{
    (void)check_node(node, const_cast<Place *>(&place));
}

} // namespace datasurface::guard
