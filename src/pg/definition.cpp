#include "pg/definition.hpp"

#include "pg/boundary.hpp"
#include "pg/definition_raising.hpp"
#include "pg/harmless_only.hpp"
#include "pg/savepoint.hpp"

extern "C" {
#include "utils/acl.h"
#include "utils/memutils.h"
}

namespace datasurface::pg {

namespace {

using Look = const char *(*)(const sqltext::Qualified &, const char *, Oid);

// An object that the statement names may have been dropped. Then the statement cannot be read, and the query has changed.
std::string changes_of(Look compare, const sqltext::Qualified &name, const std::string &statement,
                       const std::string &owner)
{
    std::string changes;
    std::optional<Error> const failure = pg::rolled_back([&] {
        with_harmless_code_only([&] {
            const char *const found = call([&] {
                // what is read and printed lies in the subtransaction's own context, which ends with it
                MemoryContext const outer = MemoryContextSwitchTo(CurTransactionContext);
                const char *const text = compare(name, to_server(statement), get_role_oid(to_server(owner), true));
                const char *const answer = text == nullptr ? "" : to_utf8(text);
                MemoryContextSwitchTo(outer);
                return answer;
            });
            changes = found;
        });
    });
    return failure ? other_query : changes;
}

} // namespace

std::string changes_of_view(const sqltext::Qualified &view, const std::string &statement, const std::string &owner)
{
    return changes_of(look_at_view, view, statement, owner);
}

std::string changes_of_function(const sqltext::Qualified &function, const std::string &statement,
                                const std::string &owner)
{
    return changes_of(look_at_function, function, statement, owner);
}

bool has_condition_of(const sqltext::Qualified &view, const std::string &statement)
{
    return changes_of(look_at_condition, view, statement, {}).empty();
}

ShownView look_into_view(const sqltext::Qualified &view)
{
    ShownView found;
    Shown const shown = call([&] { return look_into(view); });
    for (int i = 0; i < shown.count; ++i)
        found.columns.push_back({shown.names[i], shown.columns[i]});
    found.condition = shown.condition;
    return found;
}

} // namespace datasurface::pg
