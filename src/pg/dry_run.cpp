#include "pg/dry_run.hpp"

#include "pg/boundary.hpp"
#include "pg/compat.hpp"
#include "pg/savepoint.hpp"

extern "C" {
#include "executor/executor.h"
#include "mb/pg_wchar.h"
#include "parser/parse_coerce.h"
#include "tcop/dest.h"
#include "tcop/tcopprot.h"
#include "utils/builtins.h"
#include "utils/snapmgr.h"
}

namespace datasurface::pg {

namespace {

// PostgreSQL's regime, up to the functions that give vectors.

struct RawColumn {
    const char *name;
    const char *type;
    Oid type_oid;
};

// A query as it is read. Whatever is wrong with it has a place in its text, which is the text of the model.
struct Reading {
    char *text;
    Node *statement; // as it is written
    List *queries;
    RawColumn *columns;
    int count;
    int position;      // of the last error or message, 0: none
    bool row_security; // a policy would hide rows
    bool unqualified;  // what is missing is named without a schema
};

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

void read(Reading &reading)
{
    ErrorContextCallback callback{error_context_stack, show_place, &reading};
    error_context_stack = &callback;
    PushActiveSnapshot(GetTransactionSnapshot());
    auto *const statement = linitial_node(RawStmt, raw_parser(reading.text, RAW_PARSE_DEFAULT));
    reading.statement = statement->stmt;
    reading.queries = pg_analyze_and_rewrite_fixedparams(statement, reading.text, nullptr, 0, nullptr);
    find_columns(reading);
    PopActiveSnapshot();
    error_context_stack = callback.previous;
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

void plan(Reading &reading)
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

std::vector<QueryColumn> copy_columns(const Reading &reading)
{
    std::vector<QueryColumn> columns;
    for (int i = 0; i < reading.count; ++i)
        columns.push_back({reading.columns[i].name, reading.columns[i].type, reading.columns[i].type_oid});
    return columns;
}

} // namespace

std::vector<QueryColumn> columns_of(const std::string &query)
{
    Reading reading{};
    call([&] {
        reading.text = to_server(query);
        read(reading);
    });
    return copy_columns(reading);
}

DryRun dry_run(const std::string &query)
{
    DryRun result;
    Reading reading{};
    result.problem = rolled_back(
        [&] {
            call([&] {
                // thrown away with the subtransaction: a model may have thousands of queries
                MemoryContextSwitchTo(
                    AllocSetContextCreate(CurTransactionContext, "datasurface dry run", ALLOCSET_DEFAULT_SIZES));
                reading.text = to_server(query);
                read(reading);
            });
            result.columns = copy_columns(reading);
            call([&] { plan(reading); });
        },
        Also::busy_locks_and_refusals);
    result.position = reading.position;
    result.row_security = reading.row_security;
    result.unqualified = reading.unqualified;
    return result;
}

bool can_be_stored(unsigned int from, const std::string &type)
{
    return call([&] {
        Oid to = InvalidOid;
        int32 modifier = -1;
        Oid const given = from;
        parse_type_string(to_server(type), &to, &modifier);
        return can_coerce_type(1, &given, &to, COERCION_ASSIGNMENT);
    });
}

} // namespace datasurface::pg
