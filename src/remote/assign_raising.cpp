#include "remote/assign_raising.hpp"

extern "C" {
#include "executor/executor.h"
#include "nodes/makefuncs.h"
#include "optimizer/optimizer.h"
#include "parser/parse_coerce.h"
#include "parser/parse_collate.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
}

namespace datasurface::remote {

struct Assignment {
    ExprState *state;
    ExprContext *context;
};

namespace {

// Stands for the value, as in PL/pgSQL.
CaseTestExpr *make_placeholder(Oid type)
{
    CaseTestExpr *const placeholder = makeNode(CaseTestExpr);
    placeholder->typeId = type;
    placeholder->typeMod = -1;
    placeholder->collation = get_typcollation(type);
    return placeholder;
}

bool changes_nothing(Node *expression)
{
    while (IsA(expression, RelabelType))
        expression = reinterpret_cast<Node *>(reinterpret_cast<RelabelType *>(expression)->arg);
    return IsA(expression, CaseTestExpr);
}

} // namespace

Assignment *make_assignment(Oid from, Oid to, int32 modifier)
{
    Node *const expression = coerce_to_target_type(nullptr, reinterpret_cast<Node *>(make_placeholder(from)), from, to,
                                                   modifier, COERCION_ASSIGNMENT, COERCE_IMPLICIT_CAST, -1);
    if (expression == nullptr)
        ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
                        errmsg("a value of type %s cannot be assigned to a column of type %s", format_type_be(from),
                               format_type_be(to)),
                        errhint("Cast it in a \"query\", or give the column of the dataset another type.")));
    if (changes_nothing(expression))
        return nullptr;
    assign_expr_collations(nullptr, expression);
    auto *const assignment = static_cast<Assignment *>(palloc(sizeof(Assignment)));
    assignment->state = ExecInitExpr(expression_planner(reinterpret_cast<Expr *>(expression)), nullptr);
    assignment->context = CreateStandaloneExprContext();
    return assignment;
}

Datum assign(Assignment &assignment, Datum value, bool &is_null)
{
    ResetExprContext(assignment.context); // the row of the value before has been formed
    assignment.context->caseValue_datum = value;
    assignment.context->caseValue_isNull = is_null;
    return ExecEvalExpr(assignment.state, assignment.context, &is_null);
}

} // namespace datasurface::remote
