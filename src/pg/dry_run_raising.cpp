#include "pg/dry_run_raising.hpp"

#include "pg/boundary.hpp"
#include "pg/compat.hpp"

extern "C" {
#include "executor/executor.h"
#include "mb/pg_wchar.h"
#include "optimizer/optimizer.h"
#include "tcop/dest.h"
#include "tcop/tcopprot.h"
#include "utils/builtins.h"
#include "utils/snapmgr.h"
}

namespace datasurface::pg {

namespace {

// Looks for the table or function that is named at a place of the text.
struct Search {
    int location; // a byte of the text
    int depth;
    bool unqualified;
};

constexpr int deepest = 1000; // what is nested deeper is not searched: the stack has an end

bool find_name(Node *node, void *argument)
{
    auto &search = *static_cast<Search *>(argument);
    if (node == nullptr || search.depth == deepest)
        return false;
    if (IsA(node, RangeVar) && castNode(RangeVar, node)->location == search.location) {
        search.unqualified = castNode(RangeVar, node)->schemaname == nullptr;
        return true;
    }
    if (IsA(node, FuncCall) && castNode(FuncCall, node)->location == search.location) {
        search.unqualified = list_length(castNode(FuncCall, node)->funcname) == 1;
        return true;
    }
    ++search.depth;
    bool const found = walk_raw_expression(node, find_name, argument);
    --search.depth;
    return found;
}

bool find_subquery(Node *node, void *argument)
{
    if (node == nullptr)
        return false;
    return IsA(node, SubLink) || walk_raw_expression(node, find_subquery, argument);
}

// Is it a name, and has it no schema?
bool is_unqualified(const Reading &reading)
{
    int const length = static_cast<int>(strlen(reading.text));
    Search search{pg_mbcharcliplen(reading.text, length, reading.position - 1), 0, false};
    find_name(reading.statement, &search);
    return search.unqualified;
}

// Queries are read with a search_path of pg_catalog only, so nothing that is made in the database mends such a name.
void add_schema_hint(Reading &reading)
{
    int const code = geterrcode();
    bool const function = code == ERRCODE_UNDEFINED_FUNCTION;
    if (!function && code != ERRCODE_UNDEFINED_TABLE)
        return;
    reading.unqualified = is_unqualified(reading);
    if (!reading.unqualified)
        return;
    if (function)
        errhint(
            "Name its schema: without one only PostgreSQL's own functions are found. If it is one of these, cast its "
            "arguments to the types that it takes.");
    else
        errhint("Name its schema: without one only PostgreSQL's own tables are found.");
}

// By the function that raises it: the code is that of a right that is missing, and the message may be translated.
bool is_about_row_security()
{
    if (geterrcode() != ERRCODE_INSUFFICIENT_PRIVILEGE)
        return false;
    MemoryContext const old = MemoryContextSwitchTo(CurTransactionContext);
    const ErrorData *const error = CopyErrorData();
    MemoryContextSwitchTo(old);
    return error->funcname != nullptr && strcmp(error->funcname, "check_enable_rls") == 0;
}

// As SPI shows the place of an error in a statement, so that psql shows the line.
void show_place(void *reading)
{
    auto &read = *static_cast<Reading *>(reading);
    read.position = geterrposition();
    read.row_security = is_about_row_security();
    if (read.position > 0) {
        if (read.columns == nullptr)
            add_schema_hint(read);
        errposition(0);
        internalerrposition(read.position);
        internalerrquery(read.text);
    }
}

void find_columns(Reading &reading)
{
    List *const targets = linitial_node(Query, reading.queries)->targetList;
    reading.columns = static_cast<RawColumn *>(palloc(sizeof(RawColumn) * (list_length(targets) + 1)));
    ListCell *cell;
    foreach (cell, targets) {
        auto *const target = lfirst_node(TargetEntry, cell);
        if (target->resjunk)
            continue;
        auto *const value = reinterpret_cast<Node *>(target->expr);
        reading.columns[reading.count++] = {to_utf8(target->resname),
                                            to_utf8(format_type_with_typemod(exprType(value), exprTypmod(value))),
                                            exprType(value)};
    }
}

// EXPLAIN_ONLY: everything is made ready, and rights are checked; no row is asked for.
void start(PlannedStmt *plan, const char *text)
{
    QueryDesc *const description =
        CreateQueryDesc(plan, text, GetActiveSnapshot(), InvalidSnapshot, None_Receiver, nullptr, nullptr, 0);
    ExecutorStart(description, EXEC_FLAG_EXPLAIN_ONLY);
    ExecutorEnd(description);
    FreeQueryDesc(description);
}

} // namespace

void read_query(Reading &reading)
{
    ErrorContextCallback callback{error_context_stack, show_place, &reading};
    error_context_stack = &callback;
    PushActiveSnapshot(GetTransactionSnapshot());
    auto *const statement = linitial_node(RawStmt, raw_parser(reading.text, RAW_PARSE_DEFAULT));
    reading.statement = statement->stmt;
    // before what it names is looked up, which may fail
    reading.has_subquery = find_subquery(reading.statement, nullptr);
    reading.queries = pg_analyze_and_rewrite_fixedparams(statement, reading.text, nullptr, 0, nullptr);
    reading.is_volatile = contain_volatile_functions(reinterpret_cast<Node *>(linitial_node(Query, reading.queries)));
    find_columns(reading);
    PopActiveSnapshot();
    error_context_stack = callback.previous;
}

void plan_query(Reading &reading)
{
    ErrorContextCallback callback{error_context_stack, show_place, &reading};
    error_context_stack = &callback;
    PushActiveSnapshot(GetTransactionSnapshot());
    ListCell *cell;
    foreach (cell, reading.queries)
        start(pg_plan_query(lfirst_node(Query, cell), reading.text, 0, nullptr), reading.text);
    PopActiveSnapshot();
    error_context_stack = callback.previous;
}

} // namespace datasurface::pg
