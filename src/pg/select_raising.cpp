#include "pg/select_raising.hpp"

#include "pg/boundary.hpp"
#include "pg/compat.hpp"

namespace datasurface::pg {

namespace {

// Stops at the first node that does more than read, and stores what it is.
bool find_more_than_reading(Node *node, void *context)
{
    if (node == nullptr)
        return false;
    auto *const problem = static_cast<const char **>(context);
    if (IsA(node, InsertStmt) || IsA(node, UpdateStmt) || IsA(node, DeleteStmt) || IsA(node, MergeStmt))
        *problem = "it has a data-modifying WITH";
    if (IsA(node, SelectStmt)) {
        auto *const select = reinterpret_cast<SelectStmt *>(node);
        if (select->intoClause != nullptr)
            *problem = "it has an INTO clause";
        if (select->lockingClause != NIL)
            *problem = "it locks rows (FOR UPDATE or the like)";
    }
    if (*problem != nullptr)
        return true;
    return walk_raw_expression(node, find_more_than_reading, context);
}

} // namespace

Verdict judge(char *text)
{
    List *const statements = raw_parser(text, RAW_PARSE_DEFAULT);
    if (list_length(statements) != 1)
        return {statements == NIL ? "it is empty" : "it is more than one statement", nullptr};
    auto *const statement = linitial_node(RawStmt, statements);
    if (!IsA(statement->stmt, SelectStmt))
        return {"it is not a SELECT", nullptr};
    const char *problem = nullptr;
    if (find_more_than_reading(statement->stmt, &problem))
        return {problem, nullptr};
    char *const start = text + (statement->stmt_location > 0 ? statement->stmt_location : 0);
    return {nullptr, statement->stmt_len > 0 ? pnstrdup(start, statement->stmt_len) : start};
}

} // namespace datasurface::pg
