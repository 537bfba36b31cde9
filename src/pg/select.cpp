#include "pg/select.hpp"

#include "pg/boundary.hpp"
#include "pg/compat.hpp"
#include "pg/savepoint.hpp"

namespace datasurface::pg {

namespace {

struct Verdict { // plain, palloc'ed
    const char *problem;
    const char *text;
};

// Stops at the first thing that is more than reading, and says what it is.
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

void note_position(void *position)
{
    *static_cast<int *>(position) = geterrposition();
}

} // namespace

SelectCheck check_select(const std::string &text)
{
    Verdict verdict{};
    std::string stripped;
    int position = 0; // of what the parser raises
    std::optional<Error> const failure = savepoint([&] {
        verdict = call([&] {
            ErrorContextCallback callback{error_context_stack, note_position, &position};
            error_context_stack = &callback;
            Verdict const result = judge(to_server(text));
            error_context_stack = callback.previous;
            return Verdict{result.problem, result.text == nullptr ? nullptr : to_utf8(result.text)};
        });
        stripped = verdict.text == nullptr ? "" : verdict.text;
    });
    if (failure)
        return {false, failure->message, position, {}};
    return {true, verdict.problem == nullptr ? "" : verdict.problem, 0, stripped};
}

} // namespace datasurface::pg
